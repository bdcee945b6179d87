/**
 * The painting of a large network in tiles that move with the view: only those whose content has changed are painted
 * again. Handing on a canvas of the window's size takes 8 ms of a frame, even where one wire is all that it shows.
 */
import type { Viewport } from '@xyflow/svelte';
import type { Box } from '@shared/layout/box';
import type { FlowNode } from './flow-items';
import {
  drawPainted,
  type Painted,
  paintedIn,
  paintedOf,
  type Palette,
  type Scene,
  WirePaths,
} from './overview-drawing';

/** Of a tile, in pixels of the screen where those are as large as the window's. */
const side = 256;
/** Room for lines at a tile's edge, in pixels of the window. */
const lineRoom = 3;

/** What part of the document is seen, and how. */
export interface Outlook {
  readonly viewport: Viewport;
  /** Of the canvas, in pixels of the window. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen for one of the window. */
  readonly density: number;
}

/** Column and row of a tile; the document's origin is the corner of [0, 0]. */
export type Place = readonly [column: number, row: number];

/** A whole number of the screen's pixels, so that tiles meet without a seam; in pixels of the window. */
export function tileSide(density: number): number {
  return tilePixels(density) / density;
}

function tilePixels(density: number): number {
  return side * Math.max(1, Math.round(density));
}

/** The tiles that the canvas shows, and those up to `beyond` tiles around. */
export function placesInView({ viewport, width, height, density }: Outlook, beyond = 0): readonly Place[] {
  const step = tileSide(density);
  const range = (offset: number, size: number) => {
    const first = Math.floor(-offset / step) - beyond;
    const last = Math.ceil((size - offset) / step) + beyond;
    return Array.from({ length: last - first }, (_, i) => first + i);
  };
  const rows = range(viewport.y, height);
  return range(viewport.x, width).flatMap((column) => rows.map((row): Place => [column, row]));
}

/** What a tile covers, in the document's coordinates. */
export function boxOfTile([column, row]: Place, { viewport: { zoom }, density }: Outlook): Box {
  const size = tileSide(density) / zoom;
  return { x: column * size, y: row * size, width: size, height: size };
}

interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly painted: Painted;
  /** What was wanted last, which may be less. */
  wanted: Painted;
}

/** Paints into canvas elements that it keeps in `parent`. */
export class OverviewTiles {
  readonly #parent: HTMLElement;
  readonly #paths = new WirePaths();
  readonly #tiles = new Map<string, Tile>();
  readonly #spare: HTMLCanvasElement[] = [];
  #scene: Scene = { nodes: [], edges: [] };
  #all: Painted = { nodes: [], wires: [] };
  #look: readonly unknown[] = [];

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  /** Brings what is to be seen up to date. */
  draw(scene: Scene, outlook: Outlook, palette: Palette): void {
    const { viewport, density } = outlook;
    this.#take(scene);
    this.#forgetUnless([viewport.zoom, density, palette]);
    const whole = (offset: number) => Math.round(offset * density) / density;
    this.#parent.style.transform = `translate(${whole(viewport.x)}px, ${whole(viewport.y)}px)`;
    const near = new Set(placesInView(outlook, 1).map(String));
    for (const key of this.#tiles.keys()) if (!near.has(key)) this.#release(key);
    const inView = paintedIn(this.#all, viewOf(outlook));
    for (const place of placesInView(outlook)) {
      const painted = paintedIn(inView, grown(boxOfTile(place, outlook), lineRoom / viewport.zoom));
      this.#paint(place, painted, outlook, palette);
    }
  }

  /** What is to be painted follows from nodes and wires alone, whatever the view. */
  #take(scene: Scene): void {
    if (scene.nodes === this.#scene.nodes && scene.edges === this.#scene.edges) return;
    this.#scene = scene;
    this.#all = paintedOf(scene, this.#paths);
  }

  #paint(place: Place, painted: Painted, outlook: Outlook, palette: Palette): void {
    const key = String(place);
    const known = this.#tiles.get(key);
    if (known !== undefined && this.#stillServes(known, painted)) return;
    if (painted.nodes.length === 0 && painted.wires.length === 0) {
      this.#release(key);
      return;
    }
    const canvas = known?.canvas ?? this.#place(place, outlook.density);
    this.#tiles.set(key, { canvas, painted, wanted: painted });
    const context = canvas.getContext('2d');
    if (context === null) return;
    const { zoom } = outlook.viewport;
    const { width, height } = canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const scale = zoom * outlook.density;
    context.setTransform(scale, 0, 0, scale, -place[0] * width, -place[1] * height);
    drawPainted(painted, { context, zoom, palette });
  }

  /** Whether a tile has all that it should show, and nothing else but what elements cover in the same place. */
  #stillServes(tile: Tile, wanted: Painted): boolean {
    if (isSame(tile.wanted, wanted)) return true;
    const { painted: shown } = tile;
    const nodes = new Map(shown.nodes.map((node) => [node.id, node]));
    const wires = new Map(shown.wires.map((wire) => [wire.edge.id, wire]));
    const isThere =
      wanted.nodes.every((node) => looksSame(nodes.get(node.id), node)) &&
      wanted.wires.every(({ edge, path }) => {
        const wire = wires.get(edge.id);
        return wire?.edge === edge && wire.path === path;
      });
    const isSufficient = isThere && this.#areCovered(shown, wanted);
    if (isSufficient) tile.wanted = wanted;
    return isSufficient;
  }

  #areCovered(shown: Painted, wanted: Painted): boolean {
    const byId = new Map(this.#scene.nodes.map((node) => [node.id, node]));
    const edges = new Set(this.#scene.edges);
    const [nodes, wires] = [
      new Set(wanted.nodes.map(({ id }) => id)),
      new Set(wanted.wires.map(({ path }) => path)),
    ];
    return (
      shown.nodes.every((node) => nodes.has(node.id) || looksSame(byId.get(node.id), node)) &&
      shown.wires.every(({ edge, path }) => {
        const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
        if (wires.has(path)) return true;
        return edges.has(edge) && source && target && this.#paths.of(edge, source, target) === path;
      })
    );
  }

  /** A canvas for a tile, where there was none. */
  #place([column, row]: Place, density: number): HTMLCanvasElement {
    const canvas = this.#spare.pop() ?? this.#parent.ownerDocument.createElement('canvas');
    const [pixels, size] = [tilePixels(density), tileSide(density)];
    if (canvas.width !== pixels) [canvas.width, canvas.height] = [pixels, pixels];
    const [left, top] = [column * size, row * size];
    canvas.style.cssText = `position: absolute; left: ${left}px; top: ${top}px; width: ${size}px; height: ${size}px`;
    this.#parent.append(canvas);
    return canvas;
  }

  #release(key: string): void {
    const tile = this.#tiles.get(key);
    if (tile === undefined) return;
    this.#tiles.delete(key);
    tile.canvas.remove();
    this.#spare.push(tile.canvas);
  }

  /** Everything is painted anew when it is seen in another way than before. */
  #forgetUnless(look: readonly unknown[]): void {
    if (look.every((each, i) => each === this.#look[i])) return;
    this.#look = look;
    for (const key of [...this.#tiles.keys()]) this.#release(key);
  }
}

function viewOf({ viewport: { x, y, zoom }, width, height, density }: Outlook): Box {
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  return grown(view, tileSide(density) / zoom);
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function isSame(a: Painted, b: Painted): boolean {
  return (
    a.nodes.length === b.nodes.length &&
    a.wires.length === b.wires.length &&
    a.nodes.every((node, i) => node === b.nodes[i]) &&
    a.wires.every((wire, i) => wire === b.wires[i])
  );
}

/** Hidden or not, it would be painted alike. */
function looksSame(a: FlowNode | undefined, b: FlowNode): boolean {
  return (
    a?.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.data.view === b.data.view &&
    (a.selected ?? false) === (b.selected ?? false)
  );
}
