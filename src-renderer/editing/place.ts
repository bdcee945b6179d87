/** A free place for a new node. */
import type { GraphDocument, Position } from '@shared/document/types';
import type { Size } from '@shared/layout/arrange';

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
