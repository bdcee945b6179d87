/** Frames around blocks that stand open: which nodes belong to which, and how large each frame is. */
import type { BlockGroup, GraphDocument } from '@shared/document/types';
import { type Box, boundsOf } from '@shared/layout/box';

/** Around the parts, with the frame's title above them; a block inside a block has a frame of its own. */
export const framePadding = { side: 22, top: 58, bottom: 22 } as const;

/** Something that keeps its inner layout when it is moved: a node, or an open block with all that is in its frame. */
export interface Unit {
  readonly nodes: readonly string[];
  readonly box: Box;
  /** The group, if it is one. */
  readonly group?: string;
}

type BoxOf = (node: string) => Box | undefined;

/** The open block among whose parts the node is, or was before it was opened itself. */
export function groupAround(document: GraphDocument, node: string): BlockGroup | undefined {
  return Object.values(document.groups).find(({ members }) =>
    Object.values(members).some(({ id }) => id === node),
  );
}

/** The parts of an open block that are still there, blocks among them that stand open as one unit each. */
export function partsOf(document: GraphDocument, group: BlockGroup, boxOf: BoxOf): readonly Unit[] {
  return Object.values(group.members).flatMap(({ id }) => unitOf(document, id, boxOf) ?? []);
}

/** What stands on the canvas side by side with the parts of no open block, or with those of `group`. */
export function unitsAt(
  document: GraphDocument,
  group: BlockGroup | undefined,
  boxOf: BoxOf,
): readonly Unit[] {
  if (group !== undefined) return partsOf(document, group, boxOf);
  const inside = new Set(
    Object.values(document.groups).flatMap(({ members }) => Object.values(members).map(({ id }) => id)),
  );
  const opened = Object.values(document.groups).map(({ node }) => node.id);
  return [...Object.keys(document.nodes), ...opened]
    .filter((id) => !inside.has(id))
    .flatMap((id) => unitOf(document, id, boxOf) ?? []);
}

/** The frame of an open block; undefined once all its parts are gone. */
export function frameOf(document: GraphDocument, group: BlockGroup, boxOf: BoxOf): Box | undefined {
  const parts = partsOf(document, group, boxOf);
  return parts.length === 0 ? undefined : framed(parts.map(({ box }) => box));
}

export function framed(boxes: readonly Box[]): Box {
  const { side, top, bottom } = framePadding;
  const { x, y, width, height } = boundsOf(boxes);
  return { x: x - side, y: y - top, width: width + 2 * side, height: height + top + bottom };
}

/** The node, or the open block in whose place it would stand. */
function unitOf(document: GraphDocument, id: string, boxOf: BoxOf): Unit | undefined {
  if (Object.hasOwn(document.nodes, id)) {
    const box = boxOf(id);
    return box && { nodes: [id], box };
  }
  const group = Object.values(document.groups).find(({ node }) => node.id === id);
  if (group === undefined) return undefined;
  const parts = partsOf(document, group, boxOf);
  if (parts.length === 0) return undefined;
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    box: framed(parts.map(({ box }) => box)),
    group: group.id,
  };
}
