/** The user's own blocks: which nodes use which, and why none may contain itself. */
import type { JsonObject } from '../util/json';
import { own } from './record';
import type { BlockDefinition, GraphDocument } from './types';

/** The type of a node that stands for one of the user's blocks. */
export const BLOCK_TYPE = 'Block';

/** Parameters of such a node that are not the block's own. */
export const BLOCK_PARAMS = ['block', 'repeat'] as const;

type Blocks = GraphDocument['blocks'];

interface Typed {
  readonly type: string;
  readonly params: JsonObject;
}

/** Id of the block that the node or part names; undefined for nodes of other types. */
export function blockNamedBy({ type, params }: Typed): string | undefined {
  const block = type === BLOCK_TYPE ? own(params, 'block') : undefined;
  return typeof block === 'string' ? block : undefined;
}

/** The definitions that the nodes need, those of blocks inside blocks included. */
export function blocksUsedBy(blocks: Blocks, nodes: Iterable<Typed>): Blocks {
  const found = new Map<string, BlockDefinition>();
  const open = [...nodes];
  for (const node of open) {
    const id = blockNamedBy(node);
    const definition = id === undefined ? undefined : own(blocks, id);
    if (definition === undefined || found.has(definition.id)) continue;
    found.set(definition.id, definition);
    open.push(...definition.graph.nodes);
  }
  return Object.fromEntries(found);
}

/** The blocks with those that they contain before them; `recursive` ones contain themselves, or one that does. */
export function innerFirst(blocks: Blocks): {
  readonly order: readonly BlockDefinition[];
  readonly recursive: readonly BlockDefinition[];
} {
  const outer = new Map<string, BlockDefinition[]>();
  const waitingFor = new Map<BlockDefinition, number>();
  for (const definition of Object.values(blocks)) {
    const inner = new Set(definition.graph.nodes.map((part) => blockNamedBy(part) ?? ''));
    const known = [...inner].filter((id) => Object.hasOwn(blocks, id));
    for (const id of known) outer.set(id, [...(outer.get(id) ?? []), definition]);
    waitingFor.set(definition, known.length);
  }
  const order = [...waitingFor].filter(([, count]) => count === 0).map(([definition]) => definition);
  for (const { id } of order) {
    for (const definition of outer.get(id) ?? []) {
      const left = (waitingFor.get(definition) ?? 0) - 1;
      waitingFor.set(definition, left);
      if (left === 0) order.push(definition);
    }
  }
  return { order, recursive: Object.values(blocks).filter((each) => waitingFor.get(each) !== 0) };
}
