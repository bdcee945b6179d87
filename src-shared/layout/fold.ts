/** Folds a very tall arrangement into columns side by side, cut where the fewest wires go through. */
import type { Position } from '../document/types';
import { type Box, boundsOf, right } from './box';

/** Wires as pairs of ids. */
type Wires = readonly (readonly [from: string, to: string])[];

/** Lower arrangements stay as they are: they fit on the canvas with a little scrolling. */
const tallFrom = 3000;
/** Width to height of a canvas. */
const aspect = 1.75;
const columnGap = 120;
/** A cut may lie so far above or below its place, in parts of a column. */
const leeway = 0.2;

/** Positions of boxes that flow from top to bottom; those after a cut begin at the top of another column. */
export function fold(boxes: ReadonlyMap<string, Box>, wires: Wires): ReadonlyMap<string, Position> {
  const bounds = boundsOf([...boxes.values()]);
  const count = Math.round(Math.sqrt((bounds.height * aspect) / (bounds.width + columnGap)));
  if (bounds.height < tallFrom || count < 2) return boxes;
  const cuts = cutsOf(boxes, wires, bounds, count);
  const columns = columnsOf(boxes, cuts);
  const placed = new Map<string, Position>();
  let left = bounds.x;
  for (const column of columns) {
    const box = boundsOf(column.map(([, each]) => each));
    for (const [id, { x, y }] of column)
      placed.set(id, { x: Math.round(x - box.x + left), y: Math.round(y - box.y + bounds.y) });
    left = right({ ...box, x: left }) + columnGap;
  }
  return placed;
}

/** Heights at which to cut, from top to bottom: each between two rows, near its part of the whole. */
function cutsOf(
  boxes: ReadonlyMap<string, Box>,
  wires: Wires,
  bounds: Box,
  count: number,
): readonly number[] {
  const tops = [...new Set([...boxes.values()].map(({ y }) => y))].sort((a, b) => a - b);
  const part = bounds.height / count;
  const crossing = (cut: number) =>
    wires.filter(([from, to]) => topOf(boxes, from) < cut && topOf(boxes, to) >= cut).length;
  return Array.from({ length: count - 1 }, (_, i) => {
    const ideal = bounds.y + part * (i + 1);
    const near = tops.filter((top) => Math.abs(top - ideal) < part * leeway);
    return near.reduce(
      (best, top) => {
        const cost = crossing(top) + Math.abs(top - ideal) / part;
        return cost < best.cost ? { top, cost } : best;
      },
      { top: ideal, cost: Number.POSITIVE_INFINITY },
    ).top;
  });
}

function topOf(boxes: ReadonlyMap<string, Box>, id: string): number {
  return boxes.get(id)?.y ?? 0;
}

/** A box belongs where its top is. */
function columnsOf(boxes: ReadonlyMap<string, Box>, cuts: readonly number[]) {
  const columns: [string, Box][][] = Array.from({ length: cuts.length + 1 }, () => []);
  for (const [id, box] of boxes) columns[cuts.filter((cut) => box.y >= cut).length]?.push([id, box]);
  return columns.filter((column) => column.length > 0);
}
