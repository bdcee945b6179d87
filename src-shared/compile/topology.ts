/** The document as a graph: what feeds what, and in which order to go through it. */
import type { DocumentNode, GraphDocument, Wire } from '../document/types';

export interface Topology {
  /** Nodes in an order in which every input comes first, ties by id; nodes on a cycle, or behind one, are left out. */
  readonly order: readonly string[];
  /** Nodes on a cycle or behind one. */
  readonly unordered: readonly string[];
  /** Wires into each node, in port order. */
  readonly incoming: ReadonlyMap<string, readonly Wire[]>;
  readonly outgoing: ReadonlyMap<string, readonly Wire[]>;
}

/** `in2` before `in10`: by length, then by text. */
function byPort(a: Wire, b: Wire): number {
  return a.to[1].length - b.to[1].length || (a.to[1] < b.to[1] ? -1 : 1);
}

/** Works on the parts of a block as well. */
export function topologyOf(document: {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly wires: Readonly<Record<string, Wire>>;
}): Topology {
  const ids = sorted(Object.keys(document.nodes));
  const incoming = new Map<string, Wire[]>(ids.map((id) => [id, []]));
  const outgoing = new Map<string, Wire[]>(ids.map((id) => [id, []]));
  for (const key of sorted(Object.keys(document.wires))) {
    const wire = document.wires[key];
    if (!wire || !incoming.has(wire.to[0]) || !outgoing.has(wire.from[0])) continue;
    incoming.get(wire.to[0])?.push(wire);
    outgoing.get(wire.from[0])?.push(wire);
  }
  for (const wires of incoming.values()) if (wires.length > 1) wires.sort(byPort);
  const order = kahn(ids, incoming, outgoing);
  const ordered = new Set(order);
  return { order, unordered: ids.filter((id) => !ordered.has(id)), incoming, outgoing };
}

/** Documents keep their records in order: then there is nothing to sort. */
function sorted(keys: string[]): readonly string[] {
  const isSorted = keys.every((key, i) => i === 0 || (keys[i - 1] ?? '') <= key);
  return isSorted ? keys : keys.sort();
}

/** Kahn's algorithm, iterative: deep graphs do not overflow the stack. */
function kahn(
  ids: readonly string[],
  incoming: ReadonlyMap<string, readonly Wire[]>,
  outgoing: ReadonlyMap<string, readonly Wire[]>,
): readonly string[] {
  const waiting = new Map(ids.map((id) => [id, incoming.get(id)?.length ?? 0]));
  const order = ids.filter((id) => waiting.get(id) === 0);
  for (let i = 0; i < order.length; i++) {
    for (const wire of outgoing.get(order[i] ?? '') ?? []) {
      const left = (waiting.get(wire.to[0]) ?? 0) - 1;
      waiting.set(wire.to[0], left);
      if (left === 0) order.push(wire.to[0]);
    }
  }
  return order;
}

/** Everything that the given node's value depends on, itself included. */
export function ancestorsOf({ incoming }: Topology, node: string): ReadonlySet<string> {
  const found = new Set([node]);
  for (const id of found) {
    for (const wire of incoming.get(id) ?? []) found.add(wire.from[0]);
  }
  return found;
}

export function nodesOfType(document: GraphDocument, type: string): readonly DocumentNode[] {
  return Object.values(document.nodes)
    .filter((node) => node.type === type)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
