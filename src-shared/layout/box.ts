/** Rectangles on the canvas. */
import type { Position } from '../document/types';

export interface Box extends Position {
  readonly width: number;
  readonly height: number;
}

export function right({ x, width }: Box): number {
  return x + width;
}

export function bottom({ y, height }: Box): number {
  return y + height;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);
}

export function movedBy(box: Box, by: Position): Box {
  return { ...box, x: box.x + by.x, y: box.y + by.y };
}

/** The smallest box around all; there must be one. */
export function boundsOf(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return { x, y, width: Math.max(...boxes.map(right)) - x, height: Math.max(...boxes.map(bottom)) - y };
}
