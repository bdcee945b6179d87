/** The curve of a wire and the place of its label, drawn as a wire of its own or in the overview. */
import { getBezierPath, getSmoothStepPath, Position } from '@xyflow/svelte';

export interface WireEnds {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
}

export interface WirePath {
  /** As in the `d` of an SVG path. */
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number };
}

export function wirePath(ends: WireEnds): WirePath {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const sides = { ...ends, sourcePosition: Position.Bottom, targetPosition: Position.Top };
  // Up to the top of another column: around the nodes instead of across them.
  if (targetY < sourceY + 24) {
    // Just before the column that it leads to: columns in between may be higher than its own.
    const centerX = Math.max((sourceX + targetX) / 2, targetX - 128);
    const [path] = getSmoothStepPath({ ...sides, borderRadius: 14, centerX });
    // At its beginning, for it goes around nodes.
    return { path, label: { x: sourceX + 9, y: sourceY + 15 } };
  }
  const [path, x, y] = getBezierPath(sides);
  // Beside a wire that goes down, above one that goes across.
  const isFlat = Math.abs(targetX - sourceX) > Math.abs(targetY - sourceY);
  return { path, label: { x: x + 8, y: y + (isFlat ? -6 : 4) } };
}
