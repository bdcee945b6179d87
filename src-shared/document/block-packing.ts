/** Makes a block of the user's own from nodes that stand in the document. */
import { problem, type Problem } from '../problems/problem';
import { invariant } from '../util/assert';
import { failure, success, type Result } from '../util/result';
import { idBase } from './block-import';
import { BLOCK_PARAMS, BLOCK_TYPE, blocksUsedBy } from './blocks';
import type { BlockCommand } from './commands';
import type { Draft } from './draft';
import { checkName, freeName } from './names';
import { pathBetween } from './paths';
import { INPUT_PORT, OUTPUT_PORT } from './ports';
import { compareKeys, sortedRecord } from './record';
import {
  wireKey,
  type BlockGraph,
  type DocumentNode,
  type Endpoint,
  type ExposedParam,
  type Position,
  type Wire,
} from './types';

type PackCommand = Extract<BlockCommand, { kind: 'packNodes' }>;

/** The ends of a network stay outside of blocks. */
const END_TYPES = ['Input', 'Output'];

interface PackPlan {
  readonly graph: BlockGraph;
  /** Where the block will stand. */
  readonly position: Position;
  /** The wires that the block will have, between its ports (node '') and other nodes. */
  readonly entering: readonly (readonly [port: string, source: Endpoint])[];
  readonly leaving: readonly Wire[];
}

/** Replaces the nodes by one that stands for a new block, or for an old one that is changed to this. */
export function packNodes(draft: Draft, command: PackCommand): Result<void, Problem> {
  const plan = packPlan(draft, command);
  if (!plan.ok) return plan;
  const { graph, position, entering, leaving } = plan.value;
  const { replaces, exposed = [], repeat = 1 } = command;
  const refusal = exposedRefusal(exposed) ?? recursionRefusal(draft, command);
  if (refusal !== undefined) return failure(refusal);
  const checked = checkName(command.name, new Set());
  if (!checked.ok) return checked;
  const others = Object.values(draft.blocks).filter(({ id }) => id !== replaces);
  const name = freeName(command.name, new Set(others.map((each) => each.name)));
  const old = replaces === undefined ? undefined : draft.block(replaces);
  const block = { ...old, id: old?.id ?? draft.newId(idBase(name)), name, graph, exposed };
  if (old !== undefined) forgetGroupsOf(draft, old.id);
  draft.setBlock(block);
  const ids = new Set(graph.nodes.map(({ id }) => id));
  for (const { from, to } of draft.wires()) if (ids.has(from[0]) || ids.has(to[0])) draft.removeWire(to);
  for (const id of ids) draft.removeNode(id);
  const params = { block: block.id, repeat };
  const { id } = draft.addNode({ type: BLOCK_TYPE, name, position, params });
  for (const [port, from] of entering) draft.setWire({ from, to: [id, port] });
  for (const wire of leaving) draft.setWire({ ...wire, from: [id, OUTPUT_PORT] });
  return success(undefined);
}

/** What the block would be, or why the nodes make none. */
export function packPlan(
  draft: Draft,
  { nodes, openInputs = [] }: Pick<PackCommand, 'nodes' | 'openInputs'>,
): Result<PackPlan, Problem> {
  const chosen = nodes.map((id) => draft.node(id)).sort((a, b) => compareKeys(a.id, b.id));
  invariant(chosen.length > 0, 'no nodes to pack');
  const end = chosen.find(({ type }) => END_TYPES.includes(type));
  if (end !== undefined) return failure(problem('block/end-inside', { name: end.name }, { node: end.id }));
  const ids = new Set(chosen.map(({ id }) => id));
  const wires = draft.wires();
  const output = outputOf(draft, chosen, ids);
  if (!output.ok) return output;
  const leaving = wires.filter(({ from, to }) => ids.has(from[0]) && !ids.has(to[0]));
  const inputs = inputsOf(draft, ids, openInputs);
  if (inputs.length === 0) return failure(problem('block/no-input'));
  const between = nodeBetween(wires, ids, leaving, inputs);
  if (between !== undefined) {
    const { name } = draft.node(between);
    return failure(problem('block/not-closed', { name }, { node: between }));
  }
  const position = cornerOf(chosen.map((node) => node.position));
  const ports = inputs.map((input, index) => ({ ...input, port: portName(index, inputs.length) }));
  const graph: BlockGraph = {
    nodes: chosen.map((node) => ({
      ...node,
      position: { x: node.position.x - position.x, y: node.position.y - position.y },
    })),
    wires: wires.filter(({ from, to }) => ids.has(from[0]) && ids.has(to[0])),
    inputs: sortedRecord(ports.map(({ port, ends }) => [port, ends] as const)),
    output: output.value,
  };
  const entering = ports.flatMap(({ port, source }) => (source ? [[port, source] as const] : []));
  return success({ graph, position, entering, leaving });
}

/** The place nearest to the upper left: what stood there goes, so that nothing else is covered. */
export function cornerOf(places: readonly Position[]): Position {
  return places.reduce((best, place) => (place.x + place.y < best.x + best.y ? place : best));
}

/** The smallest coordinate. */
export function lowest(placed: readonly { readonly position: Position }[], axis: 'x' | 'y'): number {
  return placed.reduce((least, { position }) => Math.min(least, position[axis]), Infinity);
}

/** Ports of a block keep their places, wired or not, so that they do not bear the numbers of variadic ones. */
function portName(index: number, count: number): string {
  return count === 1 ? INPUT_PORT : `input${index + 1}`;
}

/** The one node whose output leaves; where none does, the one that feeds no other. */
function outputOf(
  draft: Draft,
  chosen: readonly DocumentNode[],
  ids: ReadonlySet<string>,
): Result<string, Problem> {
  const wires = draft.wires();
  const leaves = new Set(
    wires.filter(({ from, to }) => ids.has(from[0]) && !ids.has(to[0])).map((w) => w.from[0]),
  );
  const feeding = new Set(wires.map(({ from }) => from[0]));
  const found =
    leaves.size > 0 ? [...leaves].sort() : chosen.map(({ id }) => id).filter((id) => !feeding.has(id));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return success(only);
  const names = found.map((id) => draft.node(id).name).join(', ');
  return failure(problem('block/many-outputs', { count: found.length, names }));
}

interface PackInput {
  readonly source?: Endpoint;
  readonly ends: readonly Endpoint[];
}

/** What feeds the nodes from outside, from left to right, then the ports that are still open. */
function inputsOf(
  draft: Draft,
  ids: ReadonlySet<string>,
  openInputs: readonly Endpoint[],
): readonly PackInput[] {
  const bySource = new Map<string, { source: Endpoint; ends: Endpoint[] }>();
  const entering = draft.wires().filter(({ from, to }) => !ids.has(from[0]) && ids.has(to[0]));
  for (const { from, to } of entering) {
    const known = bySource.get(wireKey(from));
    if (known === undefined) bySource.set(wireKey(from), { source: from, ends: [to] });
    else known.ends.push(to);
  }
  const place = ({ source }: { source: Endpoint }) => draft.node(source[0]).position;
  const sources = [...bySource.values()].sort(
    (a, b) =>
      place(a).x - place(b).x || place(a).y - place(b).y || compareKeys(wireKey(a.source), wireKey(b.source)),
  );
  const wired = new Set(draft.wires().map(({ to }) => wireKey(to)));
  const open = openInputs.filter((end) => ids.has(end[0]) && !wired.has(wireKey(end)));
  return [...sources, ...open.map((end) => ({ ends: [end] }))];
}

/** A node outside on the way from the output to an input: the block would feed itself. */
function nodeBetween(
  wires: readonly Wire[],
  ids: ReadonlySet<string>,
  leaving: readonly Wire[],
  inputs: readonly PackInput[],
): string | undefined {
  const outside = wires.filter(({ to }) => !ids.has(to[0]));
  for (const { to } of leaving) {
    if (inputs.some(({ source }) => source && pathBetween(outside, to[0], source[0]))) return to[0];
  }
  return undefined;
}

function exposedRefusal(exposed: readonly ExposedParam[]): Problem | undefined {
  const bad = exposed.find(({ name }) => name.trim() === '' || BLOCK_PARAMS.some((taken) => taken === name));
  return bad && problem('block/bad-parameter-name', { name: bad.name });
}

function recursionRefusal(draft: Draft, { nodes, replaces, name }: PackCommand): Problem | undefined {
  if (replaces === undefined) return undefined;
  const used = blocksUsedBy(
    draft.blocks,
    nodes.map((id) => draft.node(id)),
  );
  return Object.hasOwn(used, replaces) ? problem('block/recursive', { name }) : undefined;
}

/** What was expanded from the block before it changed cannot become it again. */
function forgetGroupsOf(draft: Draft, block: string): void {
  for (const { id, node } of draft.groups()) {
    if (Object.hasOwn(blocksUsedBy(draft.blocks, [node]), block)) draft.removeGroup(id);
  }
}
