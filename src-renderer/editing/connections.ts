/** Which wires may be drawn: pure questions about a document. */
import { OUTPUT_PORT, portNumber } from '@shared/document/ports';
import type { DocumentNode, Endpoint, GraphDocument } from '@shared/document/types';
import { wireKey } from '@shared/document/types';
import type { NodeDefinition } from '@shared/nodes/define';
import { inputPortNames } from '@shared/nodes';
import { definitionOf } from '@shared/nodes/resolve';

/** The type of the document's node with that id. */
export function typeOf(document: GraphDocument, id: string): NodeDefinition | undefined {
  const node: DocumentNode | undefined = document.nodes[id];
  return node && definitionOf(document, node);
}

/** How many input ports of the node carry a wire. */
export function wiredPorts(document: GraphDocument, node: string): string[] {
  return Object.values(document.wires)
    .filter((wire) => wire.to[0] === node)
    .map((wire) => wire.to[1]);
}

/** Names of the input ports to show: those of the type, and any others that wires of the file name. */
export function shownPorts(
  definition: NodeDefinition | undefined,
  wired: readonly string[],
): readonly string[] {
  const names = definition === undefined ? [] : inputPortNames(definition, wiredSpan(wired));
  return [...names, ...wired.filter((port) => !names.includes(port))];
}

/** Ports up to the highest wired one: a gap keeps its place. */
function wiredSpan(wired: readonly string[]): number {
  return Math.max(wired.length, ...wired.map((port) => (portNumber(port) ?? -1) + 1));
}

/** The first input port of the node without a wire. */
export function freeInput(document: GraphDocument, node: string): Endpoint | undefined {
  const definition = typeOf(document, node);
  if (definition === undefined) return undefined;
  const wired = wiredPorts(document, node);
  const port = inputPortNames(definition, wiredSpan(wired)).find((name) => !wired.includes(name));
  return port === undefined ? undefined : [node, port];
}

/** True where data can already go from one node to the other. */
export function reaches(document: GraphDocument, from: string, to: string): boolean {
  const next = successors(document);
  const seen = new Set([from]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true;
    for (const successor of next.get(node) ?? []) {
      if (!seen.has(successor)) {
        seen.add(successor);
        open.push(successor);
      }
    }
  }
  return false;
}

function successors(document: GraphDocument): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const { from, to } of Object.values(document.wires)) {
    const known = next.get(from[0]);
    if (known === undefined) next.set(from[0], [to[0]]);
    else known.push(to[0]);
  }
  return next;
}

/** Between existing ports, not onto itself and not in a circle. A taken input is allowed: its wire is replaced. */
export function canConnect(document: GraphDocument, from: Endpoint, to: Endpoint): boolean {
  const source = typeOf(document, from[0]);
  const target = typeOf(document, to[0]);
  if (source === undefined || target === undefined) return false;
  if (!source.hasOutput || from[1] !== OUTPUT_PORT) return false;
  if (!shownPorts(target, wiredPorts(document, to[0])).includes(to[1])) return false;
  const existing = document.wires[wireKey(to)];
  if (existing?.from[0] === from[0]) return false;
  return from[0] !== to[0] && !reaches(document, to[0], from[0]);
}

/** Every port that the output of `from` could feed: free ones first, then from top to bottom. */
export function connectionTargets(document: GraphDocument, from: string): Endpoint[] {
  const free = (to: Endpoint) => document.wires[wireKey(to)] === undefined;
  return Object.values(document.nodes)
    .flatMap((node) =>
      shownPorts(definitionOf(document, node), wiredPorts(document, node.id)).map((port): Endpoint => [
        node.id,
        port,
      ]),
    )
    .filter((to) => canConnect(document, [from, OUTPUT_PORT], to))
    .sort((a, b) => Number(free(b)) - Number(free(a)) || byPosition(document, a[0], b[0]));
}

function byPosition(document: GraphDocument, a: string, b: string): number {
  const first = document.nodes[a]?.position ?? { x: 0, y: 0 };
  const second = document.nodes[b]?.position ?? { x: 0, y: 0 };
  return first.y - second.y || first.x - second.x;
}

/** Whether a node of this type can stand in the middle of a wire. */
export function fitsOnWire(definition: NodeDefinition): boolean {
  return definition.hasOutput && definition.inputs.kind !== 'none';
}
