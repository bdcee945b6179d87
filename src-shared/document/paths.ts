/** Ways along the wires of a document. */
import type { Wire } from './types';

/** Nodes along the wires from one to the other, both included; undefined where no wires lead there. */
export function pathBetween(
  wires: readonly Wire[],
  start: string,
  end: string,
): readonly string[] | undefined {
  const next = targetsBySource(wires);
  const cameFrom = new Map<string, string>();
  const open = [start];
  for (const id of open) {
    if (id === end) {
      const path = [id];
      for (let step = id; step !== start; path.push(step)) step = cameFrom.get(step) ?? start;
      return path.reverse();
    }
    for (const target of next.get(id) ?? []) {
      if (target === start || cameFrom.has(target)) continue;
      cameFrom.set(target, id);
      open.push(target);
    }
  }
  return undefined;
}

function targetsBySource(wires: readonly Wire[]): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of wires) {
    const known = targets.get(from[0]);
    if (known === undefined) targets.set(from[0], [to[0]]);
    else known.push(to[0]);
  }
  return targets;
}
