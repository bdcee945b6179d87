/** Which nodes of a large network are drawn as nodes: those in view and around it, a few more with every frame. */
import { type Box, overlaps } from '@shared/layout/box';
import { drawnSize, type FlowEdge, type FlowNode } from './flow-items';

/** Nodes cannot be read below this zoom, and are many: they are painted; up from the other one they are made again. */
export const [farBelow, nearFrom] = [0.34, 0.4];
/** Nodes are made and taken away in steps of so many, so that no frame takes long. */
const step = 3;
/** While a person moves the view, nodes that come into it are painted; they are made once it has rested for so long, in ms. */
export const restTime = 70;
/** In parts of the view: so far around it nodes are made, and so far they stay. */
const [makeAround, keepAround] = [0.1, 0.35];

export interface Shown {
  readonly nodes: ReadonlySet<string>;
  /** More are to come. */
  readonly isUnfinished: boolean;
}

/** The nodes that are shown while the view moves: those that are already, and what the keyboard is at. */
export function shownMeanwhile(
  before: ReadonlySet<string>,
  pinned: ReadonlySet<string>,
): ReadonlySet<string> {
  return [...pinned].every((id) => before.has(id)) ? before : new Set([...before, ...pinned]);
}

/** The next step towards showing what is in `view`, which is undefined where nothing is to be shown but `pinned`. */
export function nextShown(
  { nodes, edges }: { readonly nodes: readonly FlowNode[]; readonly edges: readonly FlowEdge[] },
  before: ReadonlySet<string>,
  view: Box | undefined,
  pinned: ReadonlySet<string>,
): Shown {
  const wanted = wantedNodes(nodes, edges, view, pinned);
  const kept = view === undefined ? pinned : within(nodes, grown(view, keepAround));
  const missing = [...wanted].filter((id) => !before.has(id));
  const spare = [...before].filter((id) => !wanted.has(id) && !kept.has(id));
  if (missing.length === 0 && spare.length === 0) return { nodes: before, isUnfinished: false };
  const next = new Set(before);
  for (const id of spare.slice(0, step)) next.delete(id);
  for (const id of missing.slice(0, step)) next.add(id);
  return { nodes: next, isUnfinished: missing.length > step || spare.length > step };
}

/** In the order in which they are to appear: in view, then what their wires lead to, then around. */
function wantedNodes(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
  view: Box | undefined,
  pinned: ReadonlySet<string>,
): ReadonlySet<string> {
  const present = new Set(nodes.flatMap(({ id }) => (pinned.has(id) ? [id] : [])));
  if (view === undefined) return present;
  const inView = within(nodes, view);
  const neighbours = edges.flatMap(({ source, target }) =>
    inView.has(source) || inView.has(target) ? [source, target] : [],
  );
  return new Set([...present, ...inView, ...neighbours, ...within(nodes, grown(view, makeAround))]);
}

function within(nodes: readonly FlowNode[], box: Box): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => (overlaps(boxOf(node), box) ? [node.id] : [])));
}

export function boxOf({ position, measured }: FlowNode): Box {
  const { width = drawnSize.width, height = drawnSize.height } = measured ?? {};
  return { ...position, width, height };
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return {
    x: x - width * by,
    y: y - height * by,
    width: width * (1 + 2 * by),
    height: height * (1 + 2 * by),
  };
}
