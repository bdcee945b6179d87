/** Positions that let the data flow from top to bottom without nodes on top of one another. */
import type { GraphDocument, Position } from '@shared/document/types';
import { graphlib, layout } from '@dagrejs/dagre';
import { z } from 'zod';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What dagre, which has no types for it, writes into its nodes. */
const placed = z.object({ x: z.number(), y: z.number() });

/** New positions of all nodes, in whole pixels. */
export function arrange(document: GraphDocument, sizeOf: (node: string) => Size): Record<string, Position> {
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

const gap = 46;

/** A free place for a new node: below `after` if given, else at `wanted`, moved down past what is there. */
export function placeFor(
  document: GraphDocument,
  sizeOf: (node: string) => Size,
  size: Size,
  { after, wanted }: { readonly after?: string | undefined; readonly wanted: Position },
): Position {
  const anchor = after === undefined ? undefined : document.nodes[after];
  let place =
    anchor === undefined
      ? { x: wanted.x - size.width / 2, y: wanted.y - size.height / 2 }
      : { x: anchor.position.x, y: anchor.position.y + sizeOf(anchor.id).height + gap };
  for (let obstacle = hit(document, sizeOf, size, place); obstacle !== undefined;) {
    place =
      anchor === undefined
        ? { x: place.x, y: obstacle.bottom + gap }
        : { x: obstacle.right + gap, y: place.y };
    obstacle = hit(document, sizeOf, size, place);
  }
  return { x: Math.round(place.x), y: Math.round(place.y) };
}

function hit(
  document: GraphDocument,
  sizeOf: (node: string) => Size,
  size: Size,
  place: Position,
): { right: number; bottom: number } | undefined {
  for (const node of Object.values(document.nodes)) {
    const { width, height } = sizeOf(node.id);
    const { x, y } = node.position;
    const apart =
      x >= place.x + size.width ||
      place.x >= x + width ||
      y >= place.y + size.height ||
      place.y >= y + height;
    if (!apart) return { right: x + width, bottom: y + height };
  }
  return undefined;
}
