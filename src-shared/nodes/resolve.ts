/** From a node to its type: those of the registry, and the user's blocks of the document. */
import { blockNamedBy, BLOCK_TYPE, innerFirst } from '../document/blocks';
import { own } from '../document/record';
import type { BlockDefinition, GraphDocument } from '../document/types';
import type { JsonObject } from '../util/json';
import type { NodeDefinition } from './define';
import { nodeTypes } from './index';
import { brokenBlock, type Resolve, userBlock } from './user-blocks';

export type { Resolve };

type Blocks = GraphDocument['blocks'];

/** Blocks inside blocks inside blocks; whoever draws does not come near it. */
const MAX_DEPTH = 32;

/** The types of the registry alone. */
export const builtIns: Resolve = ({ type }) => nodeTypes.get(type);

const resolvers = new WeakMap<Blocks, Resolve>();

/** Finds types in the registry and among these blocks; the same for the same record. */
export function resolverOf(blocks: Blocks): Resolve {
  const known = resolvers.get(blocks);
  if (known !== undefined) return known;
  const made = makeResolver(blocks);
  resolvers.set(blocks, made);
  return made;
}

/** The type of a node of the document; undefined for a type or a block that there is not. */
export function definitionOf(
  { blocks }: Pick<GraphDocument, 'blocks'>,
  node: { readonly type: string; readonly params: JsonObject },
): NodeDefinition | undefined {
  return resolverOf(blocks)(node);
}

/** What the palette offers beside the registry: the user's blocks, by name, with the parameters of a new node. */
export function userBlockTypes(
  document: Pick<GraphDocument, 'blocks'>,
): readonly { readonly definition: NodeDefinition; readonly params: JsonObject }[] {
  return Object.values(document.blocks)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ id }) => {
      const params = { block: id };
      const definition = definitionOf(document, { type: BLOCK_TYPE, params });
      return definition === undefined ? [] : [{ definition, params }];
    });
}

function makeResolver(blocks: Blocks): Resolve {
  const definitions = new Map<string, NodeDefinition>();
  let depths: ReadonlyMap<string, number> | undefined;
  const resolve: Resolve = (node) => {
    if (node.type !== BLOCK_TYPE) return builtIns(node);
    const id = blockNamedBy(node);
    const block = id === undefined ? undefined : own(blocks, id);
    if (block === undefined) return undefined;
    depths ??= depthsOf(blocks);
    const known = definitions.get(block.id);
    const definition = known ?? define(block, depths.get(block.id), resolve);
    definitions.set(block.id, definition);
    return definition;
  };
  return resolve;
}

function define(block: BlockDefinition, depth: number | undefined, resolve: Resolve): NodeDefinition {
  const { name } = block;
  if (depth === undefined) return brokenBlock(block, { code: 'block/recursive', args: { name } });
  if (depth > MAX_DEPTH)
    return brokenBlock(block, { code: 'block/too-deep', args: { name, max: MAX_DEPTH } });
  return userBlock(block, resolve);
}

/** How many blocks stand inside one another, each itself included; none for those that contain themselves. */
function depthsOf(blocks: Blocks): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { id, graph } of innerFirst(blocks).order) {
    const inner = graph.nodes.map((part) => depths.get(blockNamedBy(part) ?? '') ?? 0);
    depths.set(id, 1 + inner.reduce((deepest, depth) => Math.max(deepest, depth), 0));
  }
  return depths;
}
