/** What the pointer does on the overview of a large network: selecting, dragging and marking nodes that are only painted. */
import type { Position } from '@shared/document/types';
import { type Box, overlaps } from '@shared/layout/box';
import type { AppState } from '../state/app.svelte';
import type { CanvasGestures } from './canvas-gestures.svelte';
import type { FlowNode } from './flow-items';
import type { FlowProjection } from './projection.svelte';
import { boxOf } from './shown-nodes';

interface Parts {
  readonly app: AppState;
  readonly projection: FlowProjection;
  readonly gestures: CanvasGestures;
  /** From the window's coordinates to the document's. */
  readonly at: (x: number, y: number) => Position;
}

interface Press {
  readonly start: Position;
  /** The node under the pointer; without one, an area is marked. */
  readonly node: string | undefined;
  readonly adds: boolean;
  hasMoved: boolean;
}

/** Pointer movements below this are clicks, in pixels of the screen. */
const clickDistance = 3;

export class OverviewGestures {
  readonly #parts: Parts;
  #press: Press | undefined;
  #origin: Position = { x: 0, y: 0 };
  /** The area that is being marked, in the document's coordinates. */
  area = $state.raw<Box | undefined>(undefined);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The painted node under the pointer, the selected ones first. */
  nodeAt(x: number, y: number): FlowNode | undefined {
    const point = { ...this.#parts.at(x, y), width: 0.01, height: 0.01 };
    const hits = this.#parts.projection.nodes.filter(
      (node) => node.hidden === true && overlaps(boxOf(node), point),
    );
    return hits.find(({ selected }) => selected) ?? hits.at(-1);
  }

  /** True where the press is ours and not one on the pane. */
  press(event: PointerEvent): boolean {
    if (event.button !== 0) return false;
    const node = this.nodeAt(event.clientX, event.clientY)?.id;
    if (node === undefined && !event.shiftKey) return false;
    const adds = event.ctrlKey || event.metaKey || event.shiftKey;
    this.#origin = { x: event.clientX, y: event.clientY };
    this.#press = { start: this.#parts.at(event.clientX, event.clientY), node, adds, hasMoved: false };
    return true;
  }

  move({ clientX, clientY }: PointerEvent): void {
    const press = this.#press;
    if (press === undefined) return;
    const distance = Math.hypot(clientX - this.#origin.x, clientY - this.#origin.y);
    if (!press.hasMoved && distance < clickDistance) return;
    const point = this.#parts.at(clientX, clientY);
    if (press.node === undefined) this.area = between(press.start, point);
    else {
      if (!press.hasMoved) this.#startDrag(press.node);
      const { nodes } = this.#parts.app.selection;
      this.#parts.projection.preview(nodes, { x: point.x - press.start.x, y: point.y - press.start.y });
    }
    press.hasMoved = true;
  }

  release(): void {
    const press = this.#press;
    this.#press = undefined;
    if (press === undefined) return;
    const { selection } = this.#parts.app;
    if (press.node === undefined) {
      const { area } = this;
      this.area = undefined;
      const inside = this.#parts.projection.nodes.filter((node) => area && overlaps(boxOf(node), area));
      selection.select(inside.map(({ id }) => id));
    } else if (press.hasMoved) {
      const { nodes } = this.#parts.projection;
      this.#parts.gestures.endDrag(nodes.filter(({ id }) => selection.nodes.has(id)));
    } else this.#click(press.node, press.adds);
  }

  #startDrag(node: string): void {
    const { app, gestures } = this.#parts;
    if (!app.selection.nodes.has(node)) app.selection.select([node]);
    gestures.startDrag();
  }

  #click(node: string, adds: boolean): void {
    const { selection } = this.#parts.app;
    const { nodes } = selection;
    if (!adds) selection.select([node]);
    else selection.select(nodes.has(node) ? [...nodes].filter((id) => id !== node) : [...nodes, node]);
  }
}

function between(a: Position, b: Position): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}
