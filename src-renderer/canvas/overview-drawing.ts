/** Draws the nodes of a large network that are not drawn as such, and their wires, on a canvas element. */
import type { Viewport } from '@xyflow/svelte';
import { categoryColour } from '../components/categories';
import { type Box, overlaps } from '@shared/layout/box';
import { drawnSize, type FlowEdge, type FlowNode } from './flow-items';
import type { LayerView } from './layer-view';
import { boxOf } from './shown-nodes';
import { wirePath } from './wire-path';

export interface Scene {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** Names are drawn from this zoom on, in pixels of the screen. */
const nameZoom = 0.2;
const nameHeight = 9;

type Category = LayerView['category'];

/** The theme's colours, as a canvas takes them; looked up once. */
export class Palette {
  readonly #style: CSSStyleDeclaration;
  readonly #known = new Map<string, string>();
  readonly font: string;

  constructor(element: Element) {
    this.#style = getComputedStyle(element);
    this.font = `${nameHeight}px ${this.of('--sans')}`;
  }

  of(variable: string): string {
    const known = this.#known.get(variable);
    if (known !== undefined) return known;
    const value = this.#style.getPropertyValue(variable).trim();
    this.#known.set(variable, value);
    return value;
  }

  category(category: Category): string {
    return this.of(categoryColour(category).slice('var('.length, -1));
  }
}

/** Wires as paths in the document's coordinates, made again only where an end has moved. */
export class WirePaths {
  #known = new Map<string, { readonly key: string; readonly path: Path2D }>();

  of(edge: FlowEdge, source: FlowNode, target: FlowNode): Path2D {
    const from = source.handles?.find(({ id }) => id === edge.sourceHandle);
    const to = target.handles?.find(({ id }) => id === edge.targetHandle);
    const { size } = { size: from?.width ?? 0 };
    const ends = {
      sourceX: source.position.x + (from?.x ?? 0) + size / 2,
      sourceY: source.position.y + (from?.y ?? drawnSize.height) + size,
      targetX: target.position.x + (to?.x ?? 0) + size / 2,
      targetY: target.position.y + (to?.y ?? 0),
    };
    const key = Object.values(ends).join();
    const known = this.#known.get(edge.id);
    if (known?.key === key) return known.path;
    const path = new Path2D(wirePath(ends).path);
    this.#known.set(edge.id, { key, path });
    return path;
  }
}

export interface Drawing {
  readonly context: CanvasRenderingContext2D;
  readonly viewport: Viewport;
  /** What is in view, in the document's coordinates. */
  readonly view: Box;
  readonly palette: Palette;
  readonly paths: WirePaths;
}

/** Clears the canvas and draws what is hidden of the scene. */
export function drawOverview({ nodes, edges }: Scene, drawing: Drawing): void {
  const { context, viewport } = drawing;
  const scale = devicePixelRatio;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(
    viewport.zoom * scale,
    0,
    0,
    viewport.zoom * scale,
    viewport.x * scale,
    viewport.y * scale,
  );
  drawWires(nodes, edges, drawing);
  for (const node of nodes) {
    if (node.hidden === true && overlaps(boxOf(node), drawing.view)) drawNode(node, drawing);
  }
}

function drawWires(nodes: readonly FlowNode[], edges: readonly FlowEdge[], drawing: Drawing): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const { context, palette, viewport, view, paths } = drawing;
  const groups = { '--wire': new Path2D(), '--bad': new Path2D(), '--accent': new Path2D() };
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target || (source.hidden !== true && target.hidden !== true)) continue;
    if (!overlaps(around(boxOf(source), boxOf(target)), view)) continue;
    const colour = edge.selected ? '--accent' : edge.data?.view.hasProblem ? '--bad' : '--wire';
    groups[colour].addPath(paths.of(edge, source, target));
  }
  context.lineWidth = Math.max(2, 1 / viewport.zoom);
  for (const [colour, path] of Object.entries(groups)) {
    context.strokeStyle = palette.of(colour);
    context.stroke(path);
  }
}

/** Room for curves that leave the box around their ends. */
function around(a: Box, b: Box): Box {
  const margin = 60;
  const x = Math.min(a.x, b.x) - margin;
  const y = Math.min(a.y, b.y) - margin;
  const right = Math.max(a.x + a.width, b.x + b.width) + margin;
  const bottom = Math.max(a.y + a.height, b.y + b.height) + margin;
  return { x, y, width: right - x, height: bottom - y };
}

function drawNode(node: FlowNode, { context, palette, viewport }: Drawing): void {
  const { view } = node.data;
  const { x, y, width, height } = boxOf(node);
  const pixel = 1 / viewport.zoom;
  context.fillStyle = palette.of('--raised');
  context.fillRect(x, y, width, height);
  const colour = palette.category(view.category);
  context.fillStyle = colour;
  context.fillRect(x, y, Math.max(8, 3 * pixel), height);
  if (viewport.zoom >= nameZoom)
    drawName(view.shortName, { x, y, width, height }, context, palette, viewport.zoom);
  else {
    context.globalAlpha = 0.35;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }
  const mark = node.selected ? '--accent' : view.severity === 'error' ? '--bad' : view.severity && '--warn';
  context.strokeStyle = mark ? palette.of(mark) : palette.of('--line-strong');
  context.lineWidth = (mark === undefined ? 0.6 : mark === '--warn' ? 1 : 2) * pixel;
  context.strokeRect(x, y, width, height);
}

function drawName(
  name: string,
  box: Box,
  context: CanvasRenderingContext2D,
  palette: Palette,
  zoom: number,
): void {
  const room = Math.floor((box.width * zoom - 12) / (nameHeight * 0.56));
  context.save();
  context.translate(box.x + 8 / zoom, box.y + box.height / 2);
  context.scale(1 / zoom, 1 / zoom);
  context.fillStyle = palette.of('--text');
  context.font = palette.font;
  context.textBaseline = 'middle';
  context.fillText(name.length > room ? `${name.slice(0, Math.max(1, room - 1))}…` : name, 0, 0);
  context.restore();
}
