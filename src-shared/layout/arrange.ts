/** Positions that let the data flow from top to bottom without nodes on top of one another. */
import { graphlib, layout } from '@dagrejs/dagre';
import { z } from 'zod';
import { topologyOf } from '../compile/topology';
import type { GraphDocument, Position } from '../document/types';
import { fold } from './fold';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The box that is drawn for every node; LayerNode.svelte draws it. */
export const nodeSize: Size = { width: 208, height: 64 };

/** What dagre, which has no types for it, writes into its nodes. */
const placed = z.object({ x: z.number(), y: z.number() });

/** New positions of all nodes, in whole pixels; a tall arrangement becomes columns. */
export function arrange(document: GraphDocument, sizeOf: (node: string) => Size): Record<string, Position> {
  const isMany = Object.keys(document.nodes).length > MANY_NODES;
  const positions = isMany ? inRows(document, sizeOf) : layered(document, sizeOf);
  const boxes = new Map(Object.entries(positions).map(([id, place]) => [id, { ...place, ...sizeOf(id) }]));
  if (boxes.size === 0) return positions;
  const wires = Object.values(document.wires).map(({ from, to }) => [from[0], to[0]] as const);
  return Object.fromEntries([...fold(boxes, wires)].map(([id, { x, y }]) => [id, { x, y }]));
}

function layered(document: GraphDocument, sizeOf: (node: string) => Size): Record<string, Position> {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', ranksep: 46, nodesep: 44 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of Object.keys(document.nodes)) {
    const { width, height } = sizeOf(id);
    graph.setNode(id, { width, height });
  }
  for (const { from, to } of Object.values(document.wires)) graph.setEdge(from[0], to[0]);
  layout(graph);
  return Object.fromEntries(
    Object.keys(document.nodes).map((id) => {
      const { x, y } = placed.parse(graph.node(id));
      const { width, height } = sizeOf(id);
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
}

/** Above this the layout of crossings takes minutes. */
const MANY_NODES = 1500;

/** Each node below all that feed it, side by side with those as deep. */
function inRows(document: GraphDocument, sizeOf: (node: string) => Size): Record<string, Position> {
  const { order, unordered, incoming } = topologyOf(document);
  const rows = new Map<string, number>();
  const counts = new Map<number, number>();
  const positions: Record<string, Position> = {};
  for (const id of [...order, ...unordered]) {
    const above = (incoming.get(id) ?? []).map(({ from }) => rows.get(from[0]) ?? 0);
    const row = above.reduce((deepest, each) => Math.max(deepest, each + 1), 0);
    const column = counts.get(row) ?? 0;
    rows.set(id, row);
    counts.set(row, column + 1);
    const { width, height } = sizeOf(id);
    positions[id] = { x: column * (width + 44), y: row * (height + 46) };
  }
  return positions;
}
