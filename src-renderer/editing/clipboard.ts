/** Nodes and the wires among them as text, so that they can be pasted into any window or file. */
import { blocksUsedBy } from '@shared/document/blocks';
import { parseBlocks, serialiseBlocks } from '@shared/document/library';
import type { DocumentNode, GraphDocument, Wire } from '@shared/document/types';
import { z } from 'zod';

const FORMAT = 'layerloom-selection';

const id = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);
const endpoint = z.tuple([id, z.string()]);
const values = z.record(z.string(), z.json());

const selectionSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  nodes: z
    .array(
      z.object({
        id,
        type: z.string().min(1),
        name: z.string(),
        position: z.object({ x: z.number(), y: z.number() }),
        params: values,
      }),
    )
    .min(1)
    .max(2000),
  wires: z.array(z.object({ from: endpoint, to: endpoint })),
  /** The text of a block library, where the nodes need blocks of the user's own. */
  blocks: z.string().optional(),
});

export interface CopiedNodes {
  readonly nodes: readonly DocumentNode[];
  readonly wires: readonly Wire[];
  /** The user's blocks that the nodes stand for, those inside them included. */
  readonly blocks: GraphDocument['blocks'];
}

/** The named nodes and the wires that begin and end among them. */
export function copyNodes(document: GraphDocument, nodes: Iterable<string>): CopiedNodes {
  const chosen = new Set(nodes);
  const copied = Object.values(document.nodes).filter((node) => chosen.has(node.id));
  return {
    nodes: copied,
    blocks: blocksUsedBy(document.blocks, copied),
    wires: Object.values(document.wires).filter(({ from, to }) => chosen.has(from[0]) && chosen.has(to[0])),
  };
}

export function writeCopied({ nodes, wires, blocks }: CopiedNodes): string {
  return JSON.stringify({
    format: FORMAT,
    version: 1,
    nodes: nodes.map(({ id, type, name, position, params }) => ({ id, type, name, position, params })),
    wires: wires.map(({ from, to }) => ({ from, to })),
    ...(Object.keys(blocks).length > 0 && { blocks: serialiseBlocks(blocks) }),
  });
}

/** What the text holds, or undefined where it is something else. */
export function readCopied(text: string): CopiedNodes | undefined {
  const json = parseJson(text);
  const result = selectionSchema.safeParse(json);
  if (!result.success) return undefined;
  const { nodes, wires, blocks: library } = result.data;
  const blocks = library === undefined ? undefined : parseBlocks(library);
  return { nodes, wires, blocks: blocks?.ok === true ? blocks.value.blocks : {} };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
