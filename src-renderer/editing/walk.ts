/** Walking over the network with the arrow keys: down and up along wires, sideways among neighbours. */
import type { GraphDocument, Position } from '@shared/document/types';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The node reached from `node` in that direction, or undefined at an end. */
export function walk(document: GraphDocument, node: string, direction: Direction): string | undefined {
  const wires = Object.values(document.wires);
  if (direction === 'down') {
    const next = wires.filter((wire) => wire.from[0] === node).map((wire) => wire.to[0]);
    return nearest(document, node, next) ?? nearestBy(document, node, (x, y) => y > 0 && y >= Math.abs(x));
  }
  if (direction === 'up') {
    const previous = wires.filter((wire) => wire.to[0] === node).map((wire) => wire.from[0]);
    return (
      nearest(document, node, previous) ?? nearestBy(document, node, (x, y) => y < 0 && -y >= Math.abs(x))
    );
  }
  const sign = direction === 'right' ? 1 : -1;
  return nearestBy(document, node, (x) => x * sign > 20);
}

function nearestBy(
  document: GraphDocument,
  node: string,
  isThere: (dx: number, dy: number) => boolean,
): string | undefined {
  const here = document.nodes[node]?.position;
  if (here === undefined) return undefined;
  const candidates = Object.values(document.nodes)
    .filter(({ id, position }) => id !== node && isThere(position.x - here.x, position.y - here.y))
    .map(({ id }) => id);
  return nearest(document, node, candidates);
}

function nearest(document: GraphDocument, node: string, candidates: readonly string[]): string | undefined {
  const here = document.nodes[node]?.position;
  if (here === undefined) return undefined;
  const distance = (id: string) => distanceBetween(here, document.nodes[id]?.position ?? here);
  return [...candidates].sort((a, b) => distance(a) - distance(b))[0];
}

function distanceBetween(a: Position, b: Position): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
