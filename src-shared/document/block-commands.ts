/** Carries out the commands that deal with blocks. */
import { problem, type Problem } from '../problems/problem';
import { assertNever } from '../util/assert';
import { failure, success, type Result } from '../util/result';
import { collapseGroup, expandBlock } from './block-expansion';
import { importBlocks } from './block-import';
import { packNodes } from './block-packing';
import { blockNamedBy } from './blocks';
import type { BlockCommand } from './commands';
import type { Draft } from './draft';
import { checkName, freeName } from './names';

/** Done, or why not: what a user can get wrong is a problem, what does not exist an internal error. */
export function runBlockCommand(draft: Draft, command: BlockCommand): Result<void, Problem> {
  switch (command.kind) {
    case 'expandBlock':
      return expandBlock(draft, command.node, command.graph);
    case 'collapseGroup':
      return collapseGroup(draft, draft.group(command.group));
    case 'forgetGroup':
      draft.removeGroup(draft.group(command.group).id);
      return success(undefined);
    case 'packNodes':
      return packNodes(draft, command);
    case 'addBlocks': {
      const imported = importBlocks(draft, command.blocks);
      return imported.ok ? success(undefined) : imported;
    }
    case 'renameBlock':
      return renameBlock(draft, command.block, command.name);
    case 'removeBlocks':
      return removeBlocks(draft, new Set(command.blocks));
    default:
      return assertNever(command);
  }
}

/** A name that another block has is numbered: in the palette each is to be told from the others. */
function renameBlock(draft: Draft, id: string, name: string): Result<void, Problem> {
  const block = draft.block(id);
  const checked = checkName(name, new Set());
  if (!checked.ok) return checked;
  const others = Object.values(draft.blocks).filter((each) => each.id !== id);
  draft.setBlock({ ...block, name: freeName(name, new Set(others.map((each) => each.name))) });
  return success(undefined);
}

function removeBlocks(draft: Draft, ids: ReadonlySet<string>): Result<void, Problem> {
  const left = Object.values(draft.blocks).filter((block) => !ids.has(block.id));
  const users = [
    ...draft.nodes(),
    ...left.flatMap(({ graph }) => graph.nodes),
    ...draft.groups().flatMap(({ node, members }) => [node, ...Object.values(members)]),
  ];
  for (const id of ids) {
    const { name } = draft.block(id);
    const count = users.filter((node) => blockNamedBy(node) === id).length;
    if (count > 0) return failure(problem('block/in-use', { name, count }));
  }
  for (const id of ids) draft.removeBlock(id);
  return success(undefined);
}
