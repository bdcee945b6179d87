/** Mistakes of the network as a whole: its ends, cycles, and nodes that lead nowhere. */
import type { GraphDocument } from '../document/types';
import { type Problem, problem, warning } from '../problems/problem';
import type { NodeAnalysis } from './analysis';
import { nodesOfType, type Topology } from './topology';

export function networkProblems(
  document: GraphDocument,
  topology: Topology,
  nodes: Readonly<Record<string, NodeAnalysis>>,
  reachesOutput: ReadonlySet<string>,
): readonly Problem[] {
  return [
    ...endProblems(document, 'Input', 'graph/no-input-node', 'graph/many-input-nodes'),
    ...endProblems(document, 'Output', 'graph/no-output-node', 'graph/many-output-nodes'),
    ...cycleProblems(document, topology),
    ...nameProblems(document),
    ...unusedProblems(document, topology, reachesOutput),
    ...weightProblems(nodes, reachesOutput),
  ];
}

function endProblems(
  document: GraphDocument,
  type: 'Input' | 'Output',
  none: 'graph/no-input-node' | 'graph/no-output-node',
  many: 'graph/many-input-nodes' | 'graph/many-output-nodes',
): readonly Problem[] {
  const found = nodesOfType(document, type);
  if (found.length === 0) return [problem(none)];
  if (found.length === 1) return [];
  return found.map(({ id, name }) => problem(many, { name, count: found.length }, { node: id }));
}

/** The nodes on cycles: of what has no order, those that can reach themselves. */
function cycleProblems(document: GraphDocument, { unordered, outgoing }: Topology): readonly Problem[] {
  const suspects = new Set(unordered);
  const onCycle = unordered.filter((id) => reachesItself(id, suspects, outgoing));
  const names = onCycle.map((id) => document.nodes[id]?.name ?? id).join(', ');
  return onCycle.map((id) => problem('graph/cycle', { names }, { node: id }));
}

function reachesItself(start: string, within: ReadonlySet<string>, outgoing: Topology['outgoing']): boolean {
  const seen = new Set<string>();
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { to } of outgoing.get(id) ?? []) {
      if (to[0] === start) return true;
      if (!within.has(to[0]) || seen.has(to[0])) continue;
      seen.add(to[0]);
      waiting.push(to[0]);
    }
  }
  return false;
}

/** Files may bring equal names; commands refuse them. */
function nameProblems(document: GraphDocument): readonly Problem[] {
  const byName = new Map<string, string[]>();
  for (const { id, name } of Object.values(document.nodes))
    byName.set(name, [...(byName.get(name) ?? []), id]);
  return [...byName].flatMap(([name, ids]) =>
    ids.length === 1 ? [] : ids.sort().map((node) => problem('graph/duplicate-name', { name }, { node })),
  );
}

/** Only where there is an Output to reach; before that everything would be unused. */
function unusedProblems(
  document: GraphDocument,
  { order }: Topology,
  reachesOutput: ReadonlySet<string>,
): readonly Problem[] {
  if (reachesOutput.size === 0) return [];
  return order.flatMap((id) => {
    const node = document.nodes[id];
    return !node || reachesOutput.has(id)
      ? []
      : [warning('graph/unused-node', { name: node.name }, { node: id })];
  });
}

/** Only once everything on the way has a shape: a half-wired network is told what to wire first. */
function weightProblems(
  nodes: Readonly<Record<string, NodeAnalysis>>,
  reachesOutput: ReadonlySet<string>,
): readonly Problem[] {
  const onTheWay = [...reachesOutput].map((id) => nodes[id]);
  const isKnown = onTheWay.length > 1 && onTheWay.every((node) => node?.outputShape !== undefined);
  return isKnown && onTheWay.every((node) => node?.trainableParams === 0)
    ? [problem('graph/no-weights')]
    : [];
}
