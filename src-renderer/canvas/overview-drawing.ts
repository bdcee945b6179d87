/** Draws the nodes of a large network that are no elements, and their wires, into a canvas. */
import { categoryColour } from '../components/categories';
import { type Box, overlaps } from '@shared/layout/box';
import { drawnSize, type FlowEdge, type FlowNode } from './flow-items';
import type { LayerView } from './layer-view';
import { drawNode } from './painted-node';
import { boxOf } from './shown-nodes';
import { wirePath } from './wire-path';

export interface Scene {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** The wire of which an end is being dragged: it is not where it was. */
  readonly lifted: string | undefined;
}

type Category = LayerView['category'];

/** The theme's colours, as a canvas takes them; looked up once. */
export class Palette {
  readonly #style: CSSStyleDeclaration;
  readonly #known = new Map<string, string>();

  constructor(element: Element) {
    this.#style = getComputedStyle(element);
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

  /** Lets go of wires that are no more, once there are many of them. */
  keepFor(edges: readonly FlowEdge[]): void {
    if (this.#known.size <= 2 * edges.length) return;
    const present = new Set(edges.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!present.has(id)) this.#known.delete(id);
  }

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

/** What is painted in one place: nodes that are no elements, and wires of which an end is none. */
export interface Painted {
  readonly nodes: readonly FlowNode[];
  readonly wires: readonly PaintedWire[];
}

/** A wire with the path that it was painted along, the same object as long as its ends stay. */
export interface PaintedWire {
  readonly edge: FlowEdge;
  readonly path: Path2D;
  /** In the document's coordinates, with room for the curve. */
  readonly box: Box;
}

/** All that is to be painted of a scene, whose nodes come by their ids too. */
export function paintedOf(
  { nodes, edges }: Scene,
  byId: ReadonlyMap<string, FlowNode>,
  paths: WirePaths,
): Painted {
  paths.keepFor(edges);
  const wires = edges.flatMap((edge): readonly PaintedWire[] => {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target || (source.hidden !== true && target.hidden !== true)) return [];
    return [{ edge, path: paths.of(edge, source, target), box: around(boxOf(source), boxOf(target)) }];
  });
  return { nodes: nodes.filter((node) => node.hidden === true), wires };
}

/** The part of it that lies in a box, in the document's coordinates. */
export function paintedIn({ nodes, wires }: Painted, box: Box): Painted {
  return {
    nodes: nodes.filter((node) => overlaps(boxOf(node), box)),
    wires: wires.filter((wire) => overlaps(wire.box, box)),
  };
}

export interface Drawing {
  /** In the document's coordinates. */
  readonly context: CanvasRenderingContext2D;
  readonly zoom: number;
  readonly palette: Palette;
}

/** Draws wires, then nodes over them. */
export function drawPainted({ nodes, wires }: Painted, drawing: Drawing): void {
  drawWires(wires, drawing);
  for (const node of nodes) drawNode(node, drawing);
}

function drawWires(wires: readonly PaintedWire[], { context, palette, zoom }: Drawing): void {
  const groups = { '--wire': new Path2D(), '--bad': new Path2D(), '--accent': new Path2D() };
  for (const { edge, path } of wires) {
    const colour = edge.selected ? '--accent' : edge.data?.view.hasProblem ? '--bad' : '--wire';
    groups[colour].addPath(path);
  }
  context.lineWidth = Math.max(2, 1 / zoom);
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
