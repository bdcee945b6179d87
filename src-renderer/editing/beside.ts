/** Where something small may float on the canvas without covering nodes. */
import type { Position } from '@shared/document/types';
import { type Box, bottom, right } from '@shared/layout/box';

export interface Floating {
  readonly width: number;
  readonly height: number;
  /** Free space that is kept around it. */
  readonly margin: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Upper left corner of what belongs to `box`: beside it where there is room, else in a corner of the pane, else where it
 * covers least of the others. All boxes are in the pane's pixels.
 */
export function placeBeside(box: Box, floating: Floating, pane: Size, others: readonly Box[]): Position {
  const { width, height, margin } = floating;
  const sideways = clamp(box.y + box.height / 2 - height / 2, margin, pane.height - height - margin);
  const upright = clamp(box.x + box.width / 2 - width / 2, margin, pane.width - width - margin);
  const [last, lowest] = [pane.width - width - margin, pane.height - height - margin];
  const candidates: readonly Position[] = [
    { x: right(box) + margin, y: sideways },
    { x: box.x - width - margin, y: sideways },
    { x: upright, y: bottom(box) + margin },
    { x: upright, y: box.y - height - margin },
    { x: last, y: margin },
    { x: margin, y: margin },
    { x: margin, y: lowest },
    { x: last, y: lowest },
  ];
  const view = { x: 0, y: 0, ...pane };
  const costs = candidates.map((position) => {
    const placed = { ...position, width, height };
    const outside = width * height - sharedArea(placed, view);
    const covered = [box, ...others].reduce((sum, other) => sum + sharedArea(placed, other), 0);
    // What cannot be seen is worse than what is covered.
    return covered + 1000 * outside;
  });
  return candidates[costs.indexOf(Math.min(...costs))] ?? { x: margin, y: margin };
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(right(a), right(b)) - Math.max(a.x, b.x);
  const height = Math.min(bottom(a), bottom(b)) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** The lower bound wins where the bounds cross. */
function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
