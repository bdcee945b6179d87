/**
 * Making room where a block opens, and taking it back where one closes or is packed. What lies to the right moves sideways, what
 * lies below moves down; open blocks move as a whole. Sizes are those that every node is drawn with, not measured
 * ones, so that closing takes back exactly what opening gave.
 */
import type { BlockGraph, BlockGroup, GraphDocument, Position } from '@shared/document/types';
import { nodeSize } from '@shared/layout/arrange';
import { required } from '@shared/util/assert';
import { cornerOf } from '@shared/document/block-packing';
import { type Box, bottom, boundsOf, movedBy, overlaps, right } from '@shared/layout/box';
import { frameOf, framed, groupAround, type Unit, unitsAt } from './frames';

type Positions = Readonly<Record<string, Position>>;

export { nodeSize };

export interface Room {
  /** The graph with its parts so placed that the frame begins where the block did. */
  readonly graph: BlockGraph;
  /** Where other nodes have to go. */
  readonly positions: Positions;
}

/** For a block that is to be opened into the graph. */
export function roomFor(document: GraphDocument, node: string, graph: BlockGraph): Room {
  const block = required(boxIn(document)(node), `node ${node}`);
  const frame = framed(graph.nodes.map(({ position }) => ({ ...position, ...nodeSize })));
  const [dx, dy] = [-frame.x, -frame.y];
  const placed = graph.nodes.map((part) => {
    const { x, y } = part.position;
    return { ...part, position: { x: x + dx, y: y + dy } };
  });
  const opened = { ...block, width: frame.width, height: frame.height };
  const around = groupAround(document, node);
  return {
    graph: { ...graph, nodes: placed },
    positions: resized(document, { from: block, to: opened, around }, ({ nodes }) => nodes[0] === node),
  };
}

/** For a block that is to be closed: where other nodes go back to. */
export function roomWithout(document: GraphDocument, group: BlockGroup): Positions {
  const frame = frameOf(document, group, boxIn(document));
  if (frame === undefined) return {};
  const closed = { ...frame, ...nodeSize };
  const around = groupAround(document, group.node.id);
  return resized(document, { from: frame, to: closed, around }, (unit) => unit.group === group.id);
}

/** For nodes that are to be packed into one: where others go, so that no gap is left. */
export function roomAfterPacking(document: GraphDocument, nodes: readonly string[]): Positions {
  const packed = new Set(nodes);
  const boxes = nodes.flatMap((id) => boxIn(document)(id) ?? []);
  const groups = new Set(nodes.map((id) => groupAround(document, id)));
  const [around] = groups;
  // Parts of different open blocks stand in frames of their own.
  if (boxes.length < 2 || groups.size > 1) return {};
  const bounds = boundsOf(boxes);
  const { x, y } = cornerOf(boxes);
  const to = { x, y, ...nodeSize };
  return resized(document, { from: bounds, to, around }, (unit) => unit.nodes.every((id) => packed.has(id)));
}

/** Where the document has the node, and as large as nodes are. */
function boxIn(document: GraphDocument): (node: string) => Box | undefined {
  return (id) => {
    const node = document.nodes[id];
    return node && { ...node.position, ...nodeSize };
  };
}

interface Resizing {
  readonly from: Box;
  readonly to: Box;
  /** The open block around what changes its size: it grows and shrinks with it. */
  readonly around: BlockGroup | undefined;
}

function resized(
  document: GraphDocument,
  { from, to, around }: Resizing,
  isSelf: (unit: Unit) => boolean,
): Positions {
  const others = unitsAt(document, around, boxIn(document)).filter((unit) => !isSelf(unit));
  const shifts = shiftsFor(others, from, to);
  if (shifts === undefined) return {};
  const moved = others.map((unit, i) => movedBy(unit.box, shifts[i] ?? still));
  const positions = Object.fromEntries(
    others.flatMap(({ nodes }, i) => nodes.map((id) => [id, placeOf(document, id, shifts[i] ?? still)])),
  );
  const before = around && frameOf(document, around, boxIn(document));
  if (around === undefined || before === undefined) return positions;
  const outer = {
    from: before,
    to: framed([...moved, to]),
    around: groupAround(document, around.node.id),
  };
  return { ...positions, ...resized(document, outer, ({ group }) => group === around.id) };
}

const still: Position = { x: 0, y: 0 };

function placeOf(document: GraphDocument, id: string, by: Position): Position {
  const { x, y } = required(document.nodes[id], `node ${id}`).position;
  return { x: x + by.x, y: y + by.y };
}

/** How far each unit moves when a box changes its size; undefined where they would come to lie on one another. */
function shiftsFor(units: readonly Unit[], from: Box, to: Box): readonly Position[] | undefined {
  const [dx, dy] = [right(to) - right(from), bottom(to) - bottom(from)];
  const sides = units.map(({ box }) => sideOf(box, from));
  const shifts = (sideways: number, isWide: boolean) =>
    sides.map((side): Position => ({
      x: side === 'right' ? sideways : 0,
      y: side === 'below' || (isWide && side === 'below left') ? dy : 0,
    }));
  const usual = shifts(dx, true);
  // Something below that reaches over to the right: what lies there goes past it.
  const reach = units.filter((_, i) => sides[i] !== 'right').map(({ box }) => right(box) - right(from));
  const found = [shifts(dx, false), usual, ...(dx > 0 ? [shifts(Math.max(dx, ...reach), true)] : [])].find(
    (each) => !collide(units, each, to),
  );
  // What overlaps although there is more room did so before; with less room, all stay where they are.
  return found ?? (dx >= 0 && dy >= 0 ? usual : undefined);
}

/** What stands to the left and above stays; to the left and below, it moves only where it has to. */
function sideOf(box: Box, from: Box): 'right' | 'below' | 'below left' | 'elsewhere' {
  if (box.x >= right(from)) return 'right';
  if (box.y < bottom(from)) return 'elsewhere';
  return right(box) <= from.x ? 'below left' : 'below';
}

/** Whether a unit comes to lie on the box or on a unit that moves otherwise. */
function collide(units: readonly Unit[], shifts: readonly Position[], box: Box): boolean {
  const moved = units.map((unit, i) => movedBy(unit.box, shifts[i] ?? still));
  return moved.some((a, i) => {
    if (overlaps(a, box)) return true;
    return moved.some((b, j) => {
      const [first = still, second = still] = [shifts[i], shifts[j]];
      const isRigid = first.x === second.x && first.y === second.y;
      return j > i && !isRigid && overlaps(a, b);
    });
  });
}
