/** Nodes and wires as the objects that Svelte Flow takes. */
import { type Edge, type Node, Position } from '@xyflow/svelte';
import type { Wire } from '@shared/document/types';
import { OUTPUT_PORT } from '@shared/document/ports';
import { canvasTexts } from '@shared/texts/canvas';
import { formatText } from '@shared/texts/format';
import type { Locale } from '@shared/texts/text';
import type { LayerView, WireView } from './layer-view';

export type FlowNode = Node<{ readonly view: LayerView }, 'layer'>;
export type FlowEdge = Edge<{ readonly view: WireView }, 'wire'>;

/** Ids of the hidden sentences that say which keys work on a node and on a wire. */
export const descriptionIds = { node: 'node-keys', wire: 'wire-keys' } as const;

type DomAttributes = NonNullable<FlowNode['domAttributes']>;

/** Spelled as Svelte Flow does: under another spelling its own, empty one wins when a node is first drawn. */
export function withTabIndex(attributes: FlowNode['domAttributes'], tabIndex: number): DomAttributes {
  const spelled = { ...attributes, tabIndex };
  return spelled;
}

/** 0 for the node at which Tab stops. */
export function tabIndexOf({ domAttributes = {} }: FlowNode): number {
  return 'tabIndex' in domAttributes && domAttributes.tabIndex === 0 ? 0 : -1;
}

export function flowEdge(
  key: string,
  { from, to }: Wire,
  view: WireView,
  known: FlowEdge | undefined,
  locale: Locale,
): FlowEdge {
  const old = known?.data?.view;
  const isSame =
    known?.source === from[0] &&
    old?.shape === view.shape &&
    old.hasProblem === view.hasProblem &&
    old.label === view.label;
  if (known !== undefined && isSame) return known;
  return {
    ...known,
    id: key,
    type: 'wire',
    source: from[0],
    sourceHandle: from[1],
    target: to[0],
    targetHandle: to[1],
    data: { view },
    ariaLabel: view.label,
    class: view.hasProblem ? 'wire-bad' : '',
    focusable: true,
    domAttributes: {
      'aria-roledescription': formatText(canvasTexts.wire, locale),
      'aria-describedby': descriptionIds.wire,
    },
  };
}

/** The box that LayerNode.svelte draws, for nodes that were not drawn yet. */
export const drawnSize = { width: 208, height: 54 } as const;

/** Half of a port's circle stands outside of the box's edge, which is one pixel wide. */
const port = { size: 11, edge: 1 } as const;

/** Where LayerNode.svelte draws the ports: wires to nodes that are not drawn end there as well. */
export function handlesOf({ inputs, output }: LayerView): NonNullable<FlowNode['handles']> {
  const { size, edge } = port;
  const inner = { width: drawnSize.width - 2 * edge, height: drawnSize.height - 2 * edge };
  const at = (x: number, y: number) => ({
    x: edge + x - size / 2,
    y: edge + y - size / 2,
    width: size,
    height: size,
  });
  const targets = inputs.map(({ name }, index) => ({
    id: name,
    type: 'target' as const,
    position: Position.Top,
    ...at(((index + 1) / (inputs.length + 1)) * inner.width, 0),
  }));
  if (output === undefined) return targets;
  const source = { id: OUTPUT_PORT, type: 'source' as const, position: Position.Bottom };
  return [...targets, { ...source, ...at(inner.width / 2, inner.height) }];
}
