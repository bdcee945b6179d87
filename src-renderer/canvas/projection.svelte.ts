/** The document as Svelte Flow wants it: one object per node and wire, replaced only where something changed. */
import type { Analysis, NodeAnalysis } from '@shared/compile/analysis';
import type { DocumentNode, GraphDocument, Position } from '@shared/document/types';
import { definitionOf } from '@shared/nodes/resolve';
import { canvasTexts } from '@shared/texts/canvas';
import { formatText } from '@shared/texts/format';
import type { Locale } from '@shared/texts/text';
import type { SelectionState } from '../state/selection.svelte';
import {
  descriptionIds,
  drawnSize,
  type FlowEdge,
  type FlowNode,
  flowEdge,
  handlesOf,
  tabIndexOf,
  withTabIndex,
} from './flow-items';
import { type LayerView, layerView, wireView } from './layer-view';

/** From so many nodes on, those that are not in view are not drawn. */
const largeFrom = 150;

interface KnownView {
  readonly inputs: readonly unknown[];
  readonly analysis: NodeAnalysis | undefined;
  readonly facts: string;
  readonly view: LayerView;
}

export class FlowProjection {
  readonly #selection: SelectionState;
  #nodes = $state.raw<FlowNode[]>([]);
  /** What `nodes` was before some of them were hidden or shown. */
  #placed = $state.raw<readonly FlowNode[]>([]);
  #edges = $state.raw<FlowEdge[]>([]);
  readonly #views = new Map<string, KnownView>();
  #positions: Readonly<Record<string, Position>> = {};
  #isLarge = $state(false);
  #tabStop = $state.raw<string>();
  /** In a large network, the nodes that are drawn as such; `Overview.svelte` stands in for the others. */
  #shown: ReadonlySet<string> = new Set();
  /** A drag was given up by Escape: until the pointer is released, nodes stay where the document has them. */
  isDragAbandoned = false;

  constructor(selection: SelectionState) {
    this.#selection = selection;
  }

  get nodes(): FlowNode[] {
    return this.#nodes;
  }

  /** Svelte Flow writes measured sizes, selection and, while dragging, positions. */
  set nodes(nodes: FlowNode[]) {
    this.#place(this.isDragAbandoned ? nodes.map((node) => this.#atHome(node)) : nodes);
    this.#readSelection();
  }

  /** The nodes for whoever does not care which are hidden: replaced only where something else has changed. */
  get placed(): readonly FlowNode[] {
    return this.#placed;
  }

  get edges(): FlowEdge[] {
    return this.#edges;
  }

  set edges(edges: FlowEdge[]) {
    this.#edges = edges;
    this.#readSelection();
  }

  /** Too many nodes to draw them all. */
  get isLarge(): boolean {
    return this.#isLarge;
  }

  /** The node at which Tab stops, which must be there. */
  get tabStop(): string | undefined {
    return this.#tabStop;
  }

  /** Far enough to see all of it. */
  get minZoom(): number {
    return this.#isLarge ? 0.02 : 0.1;
  }

  /** Draws these nodes, where the network is large, and the wires among them. */
  show(nodes: ReadonlySet<string>): void {
    this.#shown = nodes;
    const next = this.#nodes.map((node) => this.#hiddenOrNot(node));
    if (!sameItems(next, this.#nodes)) this.#nodes = next;
  }

  /** Shows them moved from where the document has them: while they are dragged in the overview. */
  preview(nodes: ReadonlySet<string>, by: Position): void {
    if (this.isDragAbandoned) return;
    const moved = this.#nodes.map((node) => {
      const home = nodes.has(node.id) ? this.#positions[node.id] : undefined;
      return home === undefined ? node : { ...node, position: { x: home.x + by.x, y: home.y + by.y } };
    });
    this.#place(moved);
  }

  /** Puts everything back to where the document has it, until the pointer is released. */
  abandonDrag(): void {
    this.isDragAbandoned = true;
    this.#place(this.#nodes.map((node) => this.#atHome(node)));
  }

  /** For the map, which knows nodes by their id. */
  categoryOf(id: string): LayerView['category'] {
    return this.#views.get(id)?.view.category;
  }

  /** Brings nodes and wires up to the document and its analysis. */
  sync(document: GraphDocument, analysis: Analysis, locale: Locale): void {
    const known = new Map(this.#nodes.map((node) => [node.id, node]));
    this.#isLarge = Object.keys(document.nodes).length >= largeFrom;
    const wired = wiredByNode(document);
    const blocksAround = blockNames(document);
    const nodes = Object.values(document.nodes).map((node) => {
      const view = this.#view(
        node,
        document,
        { analysis, wired: wired.get(node.id) ?? [], around: blocksAround.get(node.id) },
        locale,
      );
      const flowNode = this.#flowNode(node, view, known.get(node.id), locale);
      return this.#isLarge ? this.#hiddenOrNot(sized(flowNode)) : drawn(flowNode);
    });
    this.#positions = Object.fromEntries(nodes.map(({ id, position }) => [id, position]));
    for (const id of this.#views.keys()) if (!Object.hasOwn(document.nodes, id)) this.#views.delete(id);
    if (!sameItems(nodes, this.#nodes)) this.#place(nodes);
    this.#syncEdges(document, analysis, locale);
  }

  /** Shows what is selected, and where the one tab stop is. */
  applySelection(nodes: ReadonlySet<string>, wires: ReadonlySet<string>, current: string | undefined): void {
    const stop = current ?? this.#nodes[0]?.id;
    this.#tabStop = stop;
    const nextNodes = this.#nodes.map((node) => {
      const selected = nodes.has(node.id);
      const tabIndex = node.id === stop ? 0 : -1;
      if ((node.selected ?? false) === selected && tabIndexOf(node) === tabIndex) return node;
      return { ...node, selected, domAttributes: withTabIndex(node.domAttributes, tabIndex) };
    });
    const nextEdges = this.#edges.map((edge) =>
      (edge.selected ?? false) === wires.has(edge.id) ? edge : { ...edge, selected: wires.has(edge.id) },
    );
    if (!sameItems(nextNodes, this.#nodes)) this.#place(nextNodes);
    if (!sameItems(nextEdges, this.#edges)) this.#edges = nextEdges;
  }

  #view(
    node: DocumentNode,
    document: GraphDocument,
    {
      analysis,
      wired,
      around,
    }: {
      readonly analysis: Analysis;
      readonly wired: readonly string[];
      readonly around: string | undefined;
    },
    locale: Locale,
  ): LayerView {
    const own = analysis.nodes[node.id];
    const definition = definitionOf(document, node);
    // Not the position: dragging must not make new views.
    const inputs = [definition, around, node.type, node.name, node.params, wired.join(), locale];
    const known = this.#views.get(node.id);
    if (known !== undefined && sameItems(known.inputs, inputs)) {
      if (known.analysis === own) return known.view;
      // Another object may say the same, for all that is shown.
      if (known.facts === factsOf(own)) {
        this.#views.set(node.id, { ...known, analysis: own });
        return known.view;
      }
    }
    const view = layerView(node, definition, { analysis: own, wired, around }, locale);
    this.#views.set(node.id, { inputs, analysis: own, facts: factsOf(own), view });
    return view;
  }

  #flowNode(node: DocumentNode, view: LayerView, known: FlowNode | undefined, locale: Locale): FlowNode {
    const { x, y } = node.position;
    const isSame = known?.data.view === view && known.position.x === x && known.position.y === y;
    if (known !== undefined && isSame) return known;
    // Where its ports are follows from the view.
    const { handles: _handles, ...kept } = known ?? {};
    return {
      ...kept,
      id: node.id,
      type: 'layer',
      position: { x, y },
      data: { view },
      focusable: false,
      ariaRole: 'group',
      ariaLabel: view.label,
      domAttributes: withTabIndex(
        {
          'aria-roledescription': formatText(canvasTexts.node, locale),
          'aria-describedby': descriptionIds.node,
        },
        known === undefined ? -1 : tabIndexOf(known),
      ),
    };
  }

  #syncEdges(document: GraphDocument, analysis: Analysis, locale: Locale): void {
    const known = new Map(this.#edges.map((edge) => [edge.id, edge]));
    const edges = Object.entries(document.wires)
      .filter(
        ([, { from, to }]) => Object.hasOwn(document.nodes, from[0]) && Object.hasOwn(document.nodes, to[0]),
      )
      .map(([key, wire]) => {
        const view = wireView(wire, document.nodes, analysis, locale);
        return flowEdge(key, wire, view, known.get(key), locale);
      });
    if (!sameItems(edges, this.#edges)) this.#edges = edges;
  }

  #place(nodes: FlowNode[]): void {
    this.#nodes = nodes;
    this.#placed = nodes;
  }

  #hiddenOrNot(node: FlowNode): FlowNode {
    const hidden = this.#isLarge && !this.#shown.has(node.id);
    return (node.hidden ?? false) === hidden ? node : { ...node, hidden };
  }

  #atHome(node: FlowNode): FlowNode {
    const home = this.#positions[node.id];
    if (home === undefined || (home.x === node.position.x && home.y === node.position.y)) return node;
    return { ...node, position: home };
  }

  #readSelection(): void {
    const selected = ({ selected }: { selected?: boolean }) => selected === true;
    this.#selection.select(
      this.#nodes.filter(selected).map(({ id }) => id),
      this.#edges.filter(selected).map(({ id }) => id),
    );
  }
}

/** What of the analysis a node shows. */
function factsOf(own: NodeAnalysis | undefined): string {
  return JSON.stringify([own?.outputShape, own?.problems, own?.children?.length]);
}

/** With the size and ports that it will have, so that it need not be drawn to be known. */
function sized(node: FlowNode): FlowNode {
  if (node.handles !== undefined && node.measured !== undefined) return node;
  return { ...node, measured: node.measured ?? drawnSize, handles: handlesOf(node.data.view) };
}

/** Drawn and measured, as in a small network. */
function drawn(node: FlowNode): FlowNode {
  const { handles, hidden = false, ...rest } = node;
  return handles === undefined && !hidden ? node : rest;
}

/** By part of an open block: the block's name. */
function blockNames(document: GraphDocument): Map<string, string> {
  return new Map(
    Object.values(document.groups).flatMap(({ node, members }) =>
      Object.values(members).map(({ id }) => [id, node.name] as const),
    ),
  );
}

function wiredByNode(document: GraphDocument): Map<string, string[]> {
  const wired = new Map<string, string[]>();
  for (const { to } of Object.values(document.wires)) {
    const ports = wired.get(to[0]);
    if (ports === undefined) wired.set(to[0], [to[1]]);
    else ports.push(to[1]);
  }
  return wired;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
