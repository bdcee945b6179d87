/** The way of a wire in a picture: down in a curve, or around the nodes where it leads back up. */
import type { Position } from '../../document/types';
import { number } from './svg-text';

const RADIUS = 14;
/** How far a wire goes straight before it turns. */
const STRAIGHT = 20;

export interface WirePath {
  readonly path: string;
  /** Baseline of the shape that flows. */
  readonly label: Position;
  /** All points that it may reach. */
  readonly corners: readonly Position[];
}

/** From the bottom of one node to the top of another. */
export function wirePath(from: Position, to: Position): WirePath {
  return to.y < from.y + STRAIGHT + 4 ? aroundPath(from, to) : downPath(from, to);
}

function downPath(from: Position, to: Position): WirePath {
  const bend = (to.y - from.y) / 2;
  const start = `M${point(from)}`;
  const curve = `C${point({ x: from.x, y: from.y + bend })} ${point({ x: to.x, y: to.y - bend })} ${point(to)}`;
  const isFlat = Math.abs(to.x - from.x) > Math.abs(to.y - from.y);
  const label = { x: (from.x + to.x) / 2 + 8, y: (from.y + to.y) / 2 + (isFlat ? -6 : 4) };
  return { path: from.x === to.x ? `${start}V${number(to.y)}` : start + curve, label, corners: [from, to] };
}

function aroundPath(from: Position, to: Position): WirePath {
  // Just before the column that it leads to: columns in between may be higher than its own.
  const middle = Math.max((from.x + to.x) / 2, to.x - 128);
  const corners = [
    from,
    { x: from.x, y: from.y + STRAIGHT },
    { x: middle, y: from.y + STRAIGHT },
    { x: middle, y: to.y - STRAIGHT },
    { x: to.x, y: to.y - STRAIGHT },
    to,
  ];
  return { path: rounded(corners), label: { x: from.x + 9, y: from.y + 15 }, corners };
}

/** Straight lines whose corners are rounded as far as there is room. */
function rounded(corners: readonly Position[]): string {
  const parts = corners.map((corner, index) => {
    const [before, after] = [corners[index - 1], corners[index + 1]];
    if (before === undefined) return `M${point(corner)}`;
    if (after === undefined) return `L${point(corner)}`;
    const radius = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
    if (radius === 0) return `L${point(corner)}`;
    return `L${point(towards(corner, before, radius))}Q${point(corner)} ${point(towards(corner, after, radius))}`;
  });
  return parts.join('');
}

function distance(a: Position, b: Position): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Position, to: Position, length: number): Position {
  const share = length / distance(from, to);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function point({ x, y }: Position): string {
  return `${number(x)},${number(y)}`;
}
