/** What the rest of the window may ask of the canvas; the canvas fills it in when it is there. */
import type { Position } from '@shared/document/types';
import { nodeSize as defaultNodeSize } from '../editing/room';

export interface CanvasView {
  zoomIn(): void;
  zoomOut(): void;
  /** Shows the whole network. */
  fit(): void;
  /** Shows the whole network, or its beginning where it would become too small to read. */
  start(): void;
  /** Brings the node into view and moves the keyboard there. */
  reveal(node: string): void;
  focus(node: string): void;
  /** The middle of what is visible, in the document's coordinates. */
  centre(): Position;
  sizeOf(node: string): { readonly width: number; readonly height: number };
}

export { defaultNodeSize };

/** Stands in until the canvas is mounted. */
export const absentView: CanvasView = {
  zoomIn() {},
  zoomOut() {},
  fit() {},
  start() {},
  reveal() {},
  focus() {},
  centre: () => ({ x: 0, y: 0 }),
  sizeOf: () => defaultNodeSize,
};
