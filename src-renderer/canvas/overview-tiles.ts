/**
 * The painting of a large network in tiles that move with the view: only those whose content has changed are painted
 * again. Handing on a canvas of the window's size takes 8 ms of a frame, even where one wire is all that it shows.
 */
import type { Viewport } from '@xyflow/svelte';
import type { Box } from '@shared/layout/box';
import type { FlowEdge, FlowNode } from './flow-items';
import {
  drawPainted,
  type Painted,
  type PaintedWire,
  paintedIn,
  paintedOf,
  type Palette,
  type Scene,
  WirePaths,
} from './overview-drawing';
import { boxOf } from './shown-nodes';

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
  /** There is none where there is nothing to be painted. */
  readonly canvas: HTMLCanvasElement | undefined;
  readonly painted: Painted;
  /** It shows what it should of this one. */
  checkedFor: SceneIndex;
}

/** Canvases that are kept for later; those of a large screen are about as many. */
const mostSpare = 64;

/** Paints into canvas elements that it keeps in `parent`. */
export class OverviewTiles {
  readonly #parent: HTMLElement;
  readonly #paths = new WirePaths();
  readonly #tiles = new Map<string, Tile>();
  readonly #spare: HTMLCanvasElement[] = [];
  #scene: SceneIndex = indexOf({ nodes: [], edges: [], lifted: undefined }, this.#paths);
  #look: readonly unknown[] = [];
  #drawAgain: () => void = () => undefined;

  constructor(parent: HTMLElement) {
    this.#parent = parent;
  }

  /** Brings what is to be seen up to date. */
  draw(scene: Scene, outlook: Outlook, palette: Palette): void {
    const { viewport, density } = outlook;
    this.#drawAgain = () => this.draw(scene, outlook, palette);
    if (!isSameScene(scene, this.#scene.scene)) this.#scene = indexOf(scene, this.#paths);
    this.#forgetUnless([viewport.zoom, density, palette]);
    const whole = (offset: number) => Math.round(offset * density) / density;
    this.#parent.style.transform = `translate(${whole(viewport.x)}px, ${whole(viewport.y)}px)`;
    const near = new Set(placesInView(outlook, 1).map(String));
    for (const key of this.#tiles.keys()) if (!near.has(key)) this.#release(key);
    const isUnchecked = (place: Place) => this.#tiles.get(String(place))?.checkedFor !== this.#scene;
    const unchecked = placesInView(outlook).filter(isUnchecked);
    if (unchecked.length === 0) return;
    const inView = paintedIn(this.#scene.painted, viewOf(outlook));
    for (const place of unchecked) this.#check(place, inView, outlook, palette);
  }

  /** Paints a tile where what it shows will not do. */
  #check(place: Place, inView: Painted, outlook: Outlook, palette: Palette): void {
    const key = String(place);
    const room = lineRoom / outlook.viewport.zoom;
    const wanted = paintedIn(inView, grown(boxOfTile(place, outlook), room));
    const known = this.#tiles.get(key);
    if (known !== undefined && stillServes(known.painted, wanted, this.#scene, this.#paths)) {
      known.checkedFor = this.#scene;
    } else if (wanted.nodes.length === 0 && wanted.wires.length === 0) {
      this.#release(key);
      this.#tiles.set(key, { canvas: undefined, painted: wanted, checkedFor: this.#scene });
    } else {
      const canvas = known?.canvas ?? this.#place(place, outlook.density);
      this.#tiles.set(key, { canvas, painted: wanted, checkedFor: this.#scene });
      paint(canvas, place, wanted, outlook, palette);
    }
  }

  /** A canvas for a tile, where there was none. */
  #place([column, row]: Place, density: number): HTMLCanvasElement {
    const canvas = this.#spare.pop() ?? this.#newCanvas();
    const [pixels, size] = [tilePixels(density), tileSide(density)];
    if (canvas.width !== pixels) [canvas.width, canvas.height] = [pixels, pixels];
    const [left, top] = [column * size, row * size];
    canvas.style.cssText = `position: absolute; left: ${left}px; top: ${top}px; width: ${size}px; height: ${size}px`;
    this.#parent.append(canvas);
    return canvas;
  }

  #newCanvas(): HTMLCanvasElement {
    const canvas = this.#parent.ownerDocument.createElement('canvas');
    // A graphics driver that was started anew brings canvases back empty.
    canvas.addEventListener('contextrestored', () => {
      this.#forgetUnless([]);
      this.#drawAgain();
    });
    return canvas;
  }

  #release(key: string): void {
    const tile = this.#tiles.get(key);
    if (tile === undefined) return;
    this.#tiles.delete(key);
    tile.canvas?.remove();
    if (tile.canvas && this.#spare.length < mostSpare) this.#spare.push(tile.canvas);
  }

  /** Everything is painted anew when it is seen in another way than before. */
  #forgetUnless(look: readonly unknown[]): void {
    if (look.length > 0 && look.every((each, i) => each === this.#look[i])) return;
    this.#look = look;
    for (const key of [...this.#tiles.keys()]) this.#release(key);
  }
}

/** A scene with what is looked up in it, put together once for all of its tiles. */
interface SceneIndex {
  readonly scene: Scene;
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly edges: ReadonlySet<FlowEdge>;
  readonly painted: Painted;
}

function indexOf(scene: Scene, paths: WirePaths): SceneIndex {
  const nodes = new Map(scene.nodes.map((node) => [node.id, node]));
  return { scene, nodes, edges: new Set(scene.edges), painted: paintedOf(scene, nodes, paths) };
}

function isSameScene(a: Scene, b: Scene): boolean {
  return a.nodes === b.nodes && a.edges === b.edges && a.lifted === b.lifted;
}

function paint(
  canvas: HTMLCanvasElement,
  [column, row]: Place,
  painted: Painted,
  { viewport: { zoom }, density }: Outlook,
  palette: Palette,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(zoom * density, 0, 0, zoom * density, -column * width, -row * height);
  drawPainted(painted, { context, zoom, palette });
}

/** Whether a tile shows all that it should, and nothing else but what elements cover in the same place. */
function stillServes(shown: Painted, wanted: Painted, scene: SceneIndex, paths: WirePaths): boolean {
  const nodes = new Map(shown.nodes.map((node) => [node.id, node]));
  const wires = new Map(shown.wires.map(({ edge, path }) => [edge, path]));
  const isThere =
    wanted.nodes.every((node) => looksSame(nodes.get(node.id), node)) &&
    wanted.wires.every(({ edge, path }) => wires.get(edge) === path);
  if (!isThere) return false;
  const wantedNodes = new Set(wanted.nodes.map(({ id }) => id));
  const wantedEdges = new Set(wanted.wires.map(({ edge }) => edge));
  return (
    shown.nodes.every((node) => wantedNodes.has(node.id) || looksSame(scene.nodes.get(node.id), node)) &&
    shown.wires.every((wire) => wantedEdges.has(wire.edge) || isCovered(wire, scene, paths))
  );
}

/** By its element, which runs along the same path. */
function isCovered(
  { edge, path }: PaintedWire,
  { scene, nodes, edges }: SceneIndex,
  paths: WirePaths,
): boolean {
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
  const isElement = edges.has(edge) && edge.id !== scene.lifted;
  return isElement && source !== undefined && target !== undefined && paths.of(edge, source, target) === path;
}

/** What is in view, and as much around as tiles at its edge cover. */
function viewOf({ viewport: { x, y, zoom }, width, height, density }: Outlook): Box {
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  return grown(view, (tileSide(density) + lineRoom) / zoom);
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

/** Hidden or not, it would be painted alike. */
function looksSame(a: FlowNode | undefined, b: FlowNode): boolean {
  if (a === undefined) return false;
  const [box, other] = [boxOf(a), boxOf(b)];
  return (
    box.x === other.x &&
    box.y === other.y &&
    box.width === other.width &&
    box.height === other.height &&
    a.data.view === b.data.view &&
    (a.selected ?? false) === (b.selected ?? false)
  );
}
