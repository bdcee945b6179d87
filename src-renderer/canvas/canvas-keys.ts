/** Keys that mean something on the canvas only: walking, moving, selecting, and connecting. */
import { type Direction, walk } from '../editing/walk';
import type { Gesture } from '../state/documents.svelte';
import type { AppState } from '../state/app.svelte';
import type { CanvasGestures } from './canvas-gestures.svelte';

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const steps: Readonly<Record<Direction, readonly [number, number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
};

const moveStep = 10;
const longMoveStep = 50;

export class CanvasKeys {
  readonly #app: AppState;
  readonly #gestures: CanvasGestures;
  /** Moves by repeated keys are one step of the history until Alt is released. */
  #moving: Gesture | undefined;

  constructor(app: AppState, gestures: CanvasGestures) {
    this.#app = app;
    this.#gestures = gestures;
  }

  /** True when the key was meant for the canvas. */
  press(event: KeyboardEvent): boolean {
    if (this.#app.connecting.isActive) return this.#connect(event.key);
    if (event.key === 'Escape') return this.#escape();
    const direction = directions[event.key];
    if (direction !== undefined && !event.ctrlKey && !event.metaKey) return this.#arrow(event, direction);
    if (event.key === 'Enter' && this.#openBlock(event)) return true;
    if (event.key === 'Enter' || event.key === ' ') return this.#toggle(event);
    if (event.key === 'Tab') return this.#tab(event);
    return false;
  }

  release(event: KeyboardEvent): void {
    if (event.key === 'Alt') this.#moving = undefined;
  }

  #connect(key: string): boolean {
    const { connecting } = this.#app;
    if (key === 'ArrowDown' || key === 'ArrowRight') connecting.step(1);
    else if (key === 'ArrowUp' || key === 'ArrowLeft') connecting.step(-1);
    else if (key === 'Enter' || key === ' ') connecting.finish();
    else if (key === 'Escape' || key === 'Tab') connecting.cancel();
    else return false;
    return key !== 'Tab';
  }

  #escape(): boolean {
    if (this.#gestures.abandonDrag()) return true;
    this.#app.selection.clear();
    return true;
  }

  #arrow(event: KeyboardEvent, direction: Direction): boolean {
    if (event.altKey) return this.#move(direction, event.shiftKey);
    const { selection, documents, editor } = this.#app;
    const start = selection.current ?? documents.analysis.order[0];
    if (start === undefined) return false;
    const next = selection.current === undefined ? start : walk(documents.document, start, direction);
    if (next === undefined) return true;
    selection.select(event.shiftKey ? [...selection.nodes, next] : [next]);
    selection.current = next;
    editor.view.reveal(next);
    return true;
  }

  #move(direction: Direction, isLong: boolean): boolean {
    this.#moving ??= this.#app.documents.startGesture();
    const size = isLong ? longMoveStep : moveStep;
    const [x, y] = steps[direction];
    this.#app.editor.moveSelectionBy(x * size, y * size);
    this.#moving.squash();
    return true;
  }

  /** Enter opens a block that has the focus; with Control or Shift it selects, like Space. */
  #openBlock(event: KeyboardEvent): boolean {
    const { blocks } = this.#app;
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    const id = target?.classList.contains('svelte-flow__node') ? target.dataset['id'] : undefined;
    if (id === undefined || event.ctrlKey || event.metaKey || event.shiftKey || !blocks.isBlock(id))
      return false;
    blocks.open(id);
    return true;
  }

  /** Enter and Space select what has the focus; with Control or Shift, they add to the selection. */
  #toggle(event: KeyboardEvent): boolean {
    const element =
      event.target instanceof Element ? event.target.closest<HTMLElement | SVGElement>('[data-id]') : null;
    const id = element?.dataset['id'];
    if (id === undefined) return false;
    const { selection, documents } = this.#app;
    const isWire = Object.hasOwn(documents.document.wires, id);
    const adds = event.ctrlKey || event.metaKey || event.shiftKey;
    const flip = (set: ReadonlySet<string>) =>
      set.has(id) ? [...set].filter((other) => other !== id) : [...set, id];
    if (isWire) selection.select(adds ? selection.nodes : [], adds ? flip(selection.wires) : [id]);
    else selection.select(adds ? flip(selection.nodes) : [id], adds ? selection.wires : []);
    return true;
  }

  /** Tab searches for a node after a click; for those who came by keyboard it goes on to the next part of the window. */
  #tab(event: KeyboardEvent): boolean {
    const element = document.activeElement;
    if (event.shiftKey || element?.matches(':focus-visible')) return false;
    this.#app.interface.open({ kind: 'nodes', target: this.#app.editor.addTarget });
    return true;
  }
}
