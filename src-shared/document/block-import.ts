/** Takes blocks of another document into one: what is there already is used, what only bears its id gets another. */
import { problem, type Problem } from '../problems/problem';
import type { JsonObject } from '../util/json';
import { failure, success, type Result } from '../util/result';
import { blockNamedBy, innerFirst } from './blocks';
import type { Draft } from './draft';
import { freeName } from './names';
import { own } from './record';
import { blockText } from './serialise';
import type { BlockDefinition, GraphDocument } from './types';

type NewIds = ReadonlyMap<string, string>;

/** From the ids that the blocks came with to those that they have in the draft. */
export function importBlocks(draft: Draft, blocks: GraphDocument['blocks']): Result<NewIds, Problem> {
  const { order, recursive } = innerFirst(blocks);
  const [first] = recursive;
  if (first !== undefined) return failure(problem('block/recursive', { name: first.name }));
  const ids = new Map<string, string>();
  for (const block of order) {
    const nodes = block.graph.nodes.map((part) => withBlocks(part, ids));
    ids.set(block.id, importBlock(draft, { ...block, graph: { ...block.graph, nodes } }));
  }
  return success(ids);
}

/** The node or part naming its block by the new id; what names none stays the same object. */
export function withBlocks<T extends { readonly type: string; readonly params: JsonObject }>(
  node: T,
  ids: NewIds,
): T {
  const before = blockNamedBy(node);
  const block = before === undefined ? undefined : ids.get(before);
  return block === undefined || block === before ? node : { ...node, params: { ...node.params, block } };
}

function importBlock(draft: Draft, block: BlockDefinition): string {
  const known = own(draft.blocks, block.id);
  const same =
    known && blockText(known) === blockText(block)
      ? known
      : Object.values(draft.blocks).find((each) => contentOf(each) === contentOf(block));
  if (same !== undefined) return same.id;
  const names = new Set(Object.values(draft.blocks).map(({ name }) => name));
  const id = known === undefined ? block.id : draft.newId(idBase(block.name));
  draft.setBlock({ ...block, id, name: freeName(block.name, names) });
  return id;
}

/** What ids of blocks are made of: the name, where it has Latin letters. */
export function idBase(name: string): string {
  return /[a-z]/i.test(name) ? name : 'Block';
}

/** Equal for copies of a block that a name or an id in use made differ. */
function contentOf(block: BlockDefinition): string {
  return blockText({ ...block, id: '', name: block.name.replace(/ \d+$/, '') });
}
