/** Opens a block into its parts, and closes it again as long as they are what came out of it. */
import { problem, type Problem } from '../problems/problem';
import { invariant, required } from '../util/assert';
import { failure, success, type Result } from '../util/result';
import { lowest, packPlan } from './block-packing';
import type { Draft } from './draft';
import { freeName, nameInside } from './names';
import { pathBetween } from './paths';
import { OUTPUT_PORT, portNumber } from './ports';
import { own, sameJson, sortedRecord } from './record';
import {
  wireKey,
  type BlockGraph,
  type BlockGroup,
  type DocumentNode,
  type Endpoint,
  type Position,
  type Wire,
} from './types';

type Outcome = Result<void, Problem>;

/** Replaces the node by what it consists of; refused where a wire of it would get lost. */
export function expandBlock(draft: Draft, id: string, graph: BlockGraph): Outcome {
  const node = draft.node(id);
  const touching = draft.wires().filter(({ from, to }) => from[0] === id || to[0] === id);
  const refusal = wiringRefusal(node, graph, touching);
  if (refusal !== undefined) return failure(refusal);
  for (const { to } of touching) draft.removeWire(to);
  draft.removeNode(id);
  const members = addMembers(draft, node, graph);
  const within = ([part, port]: Endpoint): Endpoint => [
    required(members.get(part), `the part ${part}`).id,
    port,
  ];
  const wires = graph.wires.map((wire) => ({ ...wire, from: within(wire.from), to: within(wire.to) }));
  const inputs = sortedRecord(
    Object.entries(graph.inputs).map(([port, endpoints]) => [port, endpoints.map(within)] as const),
  );
  const [output] = within([graph.output, OUTPUT_PORT]);
  for (const wire of wires) draft.setWire(wire);
  for (const wire of touching) {
    const ends = wire.to[0] === id ? (own(inputs, wire.to[1]) ?? []) : [wire.to];
    const from: Endpoint = wire.from[0] === id ? [output, OUTPUT_PORT] : wire.from;
    for (const to of ends) draft.setWire({ ...wire, from, to });
  }
  draft.setGroup({ id: draft.newId('Group'), node, members: sortedRecord(members), wires, inputs, output });
  return success(undefined);
}

/** The parts as nodes of the document, by their ids in the block. */
function addMembers(draft: Draft, node: DocumentNode, graph: BlockGraph): ReadonlyMap<string, DocumentNode> {
  const members = new Map<string, DocumentNode>();
  for (const { id, name = nameInside(node.name, id), position, ...rest } of graph.nodes) {
    invariant(!members.has(id), `the part ${id} comes twice`);
    const { x, y } = node.position;
    const moved = { x: x + position.x, y: y + position.y };
    members.set(id, draft.addNode({ ...rest, name, position: moved }));
  }
  return members;
}

/** A wire that would lead nowhere, or whose absence would renumber the inputs of a part. */
function wiringRefusal(
  { id, name }: DocumentNode,
  graph: BlockGraph,
  wires: readonly Wire[],
): Problem | undefined {
  const wired = new Set(wires.filter(({ to }) => to[0] === id).map(({ to }) => to[1]));
  for (const port of wired) {
    if ((own(graph.inputs, port) ?? []).length === 0)
      return problem('graph/unknown-port', { port, name }, { node: id, port });
  }
  for (const [port, endpoints] of Object.entries(graph.inputs)) {
    if (!wired.has(port) && endpoints.some((end) => portNumber(end[1]) !== undefined))
      return problem('graph/input-missing', { port, name }, { node: id, port });
  }
  return undefined;
}

/** Puts the node back in the place of its parts, expanded blocks among these closed first. */
export function collapseGroup(draft: Draft, group: BlockGroup): Outcome {
  const ids = new Set(Object.values(group.members).map((member) => member.id));
  for (const inner of draft.groups()) {
    if (!ids.has(inner.node.id) || draft.find(inner.node.id) !== undefined) continue;
    const outcome = collapseGroup(draft, inner);
    if (!outcome.ok) return outcome;
  }
  const wires = draft.wires().filter(({ from, to }) => ids.has(from[0]) || ids.has(to[0]));
  const edited = editedMember(draft, group, ids, wires);
  if (edited !== undefined) return failure(editedProblem(draft, group, edited));
  const position = movedPosition(draft, group);
  for (const { to } of wires) draft.removeWire(to);
  for (const id of ids) draft.removeNode(id);
  const name = freeName(group.node.name, draft.namesBut(group.node.id));
  draft.setNode({ ...group.node, name, position });
  for (const wire of outerWires(group, ids, wires)) draft.setWire(wire);
  draft.removeGroup(group.id);
  return withoutCycle(draft, group.node.id);
}

/** The member that is no longer as it came out of the block, by name; undefined where all are. */
function editedMember(
  draft: Draft,
  group: BlockGroup,
  ids: ReadonlySet<string>,
  wires: readonly Wire[],
): string | undefined {
  for (const member of Object.values(group.members)) {
    const now = draft.find(member.id);
    if (now === undefined || !isSameLayer(now, member)) return (now ?? member).name;
  }
  const inner = new Map(group.wires.map((wire) => [wireKey(wire.to), wire]));
  const outer = new Set(Object.values(group.inputs).flatMap((ends) => ends.map(wireKey)));
  const isKept = ({ from, to }: Wire): boolean => {
    const before = inner.get(wireKey(to));
    if (before !== undefined) return before.from[0] === from[0] && before.from[1] === from[1];
    return ids.has(to[0]) ? !ids.has(from[0]) && outer.has(wireKey(to)) : from[0] === group.output;
  };
  const changed = wires.find((wire) => !isKept(wire));
  if (changed !== undefined) return draft.node(ids.has(changed.to[0]) ? changed.to[0] : changed.from[0]).name;
  const there = new Set(wires.map(({ to }) => wireKey(to)));
  const lost = group.wires.find(({ to }) => !there.has(wireKey(to)));
  if (lost !== undefined) return draft.node(lost.to[0]).name;
  return unevenInput(draft, group, wires);
}

function isSameLayer(a: DocumentNode, b: DocumentNode): boolean {
  return (
    a.type === b.type &&
    a.name === b.name &&
    sameJson(a.params, b.params) &&
    sameJson(a.extra ?? null, b.extra ?? null)
  );
}

/** A member whose port should be fed by what feeds another port, but is not. */
function unevenInput(draft: Draft, group: BlockGroup, wires: readonly Wire[]): string | undefined {
  const sources = new Map(wires.map(({ from, to }) => [wireKey(to), wireKey(from)]));
  for (const ends of Object.values(group.inputs)) {
    const [first, ...others] = ends;
    const odd = others.find((end) => first && sources.get(wireKey(end)) !== sources.get(wireKey(first)));
    if (odd !== undefined) return draft.node(odd[0]).name;
  }
  return undefined;
}

/** The wires of the members to and from other nodes, as wires of the block. */
function outerWires(group: BlockGroup, ids: ReadonlySet<string>, wires: readonly Wire[]): readonly Wire[] {
  const entering = Object.entries(group.inputs).flatMap(([port, [first]]): readonly Wire[] => {
    const wire = first && wires.find(({ to }) => wireKey(to) === wireKey(first));
    return wire === undefined ? [] : [{ ...wire, to: [group.node.id, port] }];
  });
  const leaving = wires.filter(({ to }) => !ids.has(to[0]));
  return [...entering, ...leaving.map((wire): Wire => ({ ...wire, from: [group.node.id, OUTPUT_PORT] }))];
}

/** Where the block stood, moved as far as the upper left corner of its parts was. */
function movedPosition(draft: Draft, { node, members }: BlockGroup): Position {
  const before = Object.values(members);
  const after = before.map(({ id }) => draft.node(id));
  const moved = (axis: 'x' | 'y') => lowest(after, axis) - lowest(before, axis);
  return { x: node.position.x + moved('x'), y: node.position.y + moved('y') };
}

/** Wires from the output of a part through other nodes back into a part are none in the block. */
function withoutCycle(draft: Draft, id: string): Outcome {
  const wires = draft.wires();
  for (const { from, to } of wires) {
    const path = from[0] === id ? pathBetween(wires, to[0], id) : undefined;
    if (path === undefined) continue;
    const names = path.map((each) => draft.node(each).name).join(', ');
    return failure(problem('graph/cycle', { names }));
  }
  return success(undefined);
}

/** Offers to make a block of its own of what the parts have become. */
function editedProblem(draft: Draft, { node, members }: BlockGroup, part: string): Problem {
  const nodes = Object.values(members).flatMap(({ id }) => draft.find(id)?.id ?? []);
  const args = { name: node.name, part };
  if (nodes.length === 0 || !packPlan(draft, { nodes }).ok) return problem('block/edited', args);
  const pack = { kind: 'packNodes', nodes, name: node.name } as const;
  return problem('block/edited', args, {
    fixes: [{ code: 'fix/pack-parts', args: { name: node.name }, commands: [pack] }],
  });
}
