/** Commands become diffs: what a command changes in a document, or why it is refused. */
import { problem, type Problem } from '../problems/problem';
import { invariant } from '../util/assert';
import { failure, success, type Result } from '../util/result';
import { runBlockCommand } from './block-commands';
import { importBlocks, withBlocks } from './block-import';
import type { Command } from './commands';
import type { DocumentDiff } from './diff';
import { Draft } from './draft';
import { checkName } from './names';
import { pathBetween } from './paths';
import { INPUT_PORT, OUTPUT_PORT } from './ports';
import type { Endpoint, GraphDocument, Position, Wire } from './types';

export { applyDiff, invertDiff } from './diff';

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Outcome = Result<void, Problem>;

const done: Outcome = success(undefined);

/**
 * The diff that the command makes; empty where nothing changes. What a user can get wrong (a name, a cycle) is a
 * problem; a node or wire that does not exist is an internal error.
 */
export function applyCommand(document: GraphDocument, command: Command): Result<DocumentDiff, Problem> {
  const draft = new Draft(document);
  const outcome = run(draft, command);
  return outcome.ok ? success(draft.toDiff()) : outcome;
}

function run(draft: Draft, command: Command): Outcome {
  switch (command.kind) {
    case 'addNode':
      return addNode(draft, command);
    case 'removeNodes':
      return removeNodes(draft, command);
    case 'moveNodes':
      return moveNodes(draft, command);
    case 'renameNode':
      return renameNode(draft, command);
    case 'setParam':
      return setParam(draft, command);
    case 'connect':
      return connect(draft, command);
    case 'disconnect':
      return disconnect(draft, command);
    case 'insertOnWire':
      return insertOnWire(draft, command);
    case 'paste':
      return paste(draft, command);
    case 'setTraining':
      draft.training = { ...draft.training, [command.setting]: command.value };
      return done;
    case 'batch':
      return batch(draft, command);
    default:
      return runBlockCommand(draft, command);
  }
}

function addNode(draft: Draft, { type, position, params = {}, name }: CommandOf<'addNode'>): Outcome {
  draft.addNode({ type, position: finite(position), params, ...(name !== undefined && { name }) });
  return done;
}

function removeNodes(draft: Draft, { nodes, heal = false }: CommandOf<'removeNodes'>): Outcome {
  const removed = new Set(nodes.map((id) => draft.node(id).id));
  const before = draft.wires();
  for (const wire of before.filter(({ from, to }) => removed.has(from[0]) && !removed.has(to[0]))) {
    const source = heal ? sourceBefore(wire, removed, before) : undefined;
    if (source === undefined) draft.removeWire(wire.to);
    else draft.setWire({ ...wire, from: source });
  }
  for (const { to } of before.filter((wire) => removed.has(wire.to[0]))) draft.removeWire(to);
  for (const id of removed) draft.removeNode(id);
  return done;
}

/** Follows a wire back through removed nodes with one wire each, to an output that stays; not to the wire's own node. */
function sourceBefore(
  wire: Wire,
  removed: ReadonlySet<string>,
  wires: readonly Wire[],
): Endpoint | undefined {
  const seen = new Set<string>();
  let { from } = wire;
  while (removed.has(from[0])) {
    const inputs = wires.filter(({ to }) => to[0] === from[0]);
    const [only] = inputs;
    if (only === undefined || inputs.length > 1 || seen.has(from[0])) return undefined;
    seen.add(from[0]);
    from = only.from;
  }
  return from[0] === wire.to[0] ? undefined : from;
}

function moveNodes(draft: Draft, { positions }: CommandOf<'moveNodes'>): Outcome {
  for (const [id, position] of Object.entries(positions)) {
    draft.setNode({ ...draft.node(id), position: finite(position) });
  }
  return done;
}

function renameNode(draft: Draft, { node, name }: CommandOf<'renameNode'>): Outcome {
  const before = draft.node(node);
  const checked = checkName(name, draft.namesBut(node), node);
  if (!checked.ok) return checked;
  draft.setNode({ ...before, name: checked.value });
  return done;
}

function setParam(draft: Draft, { node, param, value }: CommandOf<'setParam'>): Outcome {
  const before = draft.node(node);
  draft.setNode({ ...before, params: { ...before.params, [param]: value } });
  return done;
}

function connect(draft: Draft, { from, to }: CommandOf<'connect'>): Outcome {
  draft.node(from[0]);
  draft.node(to[0]);
  const path = pathBetween(draft.wires(), to[0], from[0]);
  if (path !== undefined) {
    const names = path.map((id) => draft.node(id).name).join(', ');
    return failure(problem('graph/cycle', { names }, { node: to[0], port: to[1] }));
  }
  draft.setWire({ from, to });
  return done;
}

function disconnect(draft: Draft, { to }: CommandOf<'disconnect'>): Outcome {
  draft.removeWire(draft.wire(to).to);
  return done;
}

function insertOnWire(draft: Draft, command: CommandOf<'insertOnWire'>): Outcome {
  const { to, type, position, params = {}, input = INPUT_PORT, name } = command;
  const wire = draft.wire(to);
  const node = { type, position: finite(position), params, ...(name !== undefined && { name }) };
  const { id } = draft.addNode(node);
  draft.setWire({ from: wire.from, to: [id, input] });
  draft.setWire({ ...wire, from: [id, OUTPUT_PORT] });
  return done;
}

function paste(draft: Draft, { nodes, wires, offset, blocks = {} }: CommandOf<'paste'>): Outcome {
  const imported = importBlocks(draft, blocks);
  if (!imported.ok) return imported;
  const copies = new Map<string, string>();
  for (const { id, name, position, ...rest } of nodes.map((node) => withBlocks(node, imported.value))) {
    invariant(!copies.has(id), `${id} is pasted twice`);
    const moved = finite({ x: position.x + offset.x, y: position.y + offset.y });
    // A node that is named by its id gets a copy that is named by its own.
    const copy = draft.addNode({ ...rest, position: moved, ...(name !== id && { name }) });
    copies.set(id, copy.id);
  }
  for (const { from, to, ...rest } of wires) {
    const source = copies.get(from[0]);
    const target = copies.get(to[0]);
    if (source === undefined || target === undefined) continue;
    draft.setWire({ ...rest, from: [source, from[1]], to: [target, to[1]] });
  }
  return done;
}

function batch(draft: Draft, { commands }: CommandOf<'batch'>): Outcome {
  for (const command of commands) {
    const outcome = run(draft, command);
    if (!outcome.ok) return outcome;
  }
  return done;
}

/** JSON has no NaN and no infinity: a node there could not be saved. */
function finite(position: Position): Position {
  invariant(Number.isFinite(position.x) && Number.isFinite(position.y), 'a position is not finite');
  return position;
}
