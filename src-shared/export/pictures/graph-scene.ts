/** What a picture of the graph shows, apart from how: boxes, wires between their ports, frames of open blocks. */
import { analyse } from '../../compile/analyse';
import type { NodeAnalysis } from '../../compile/analysis';
import { portNumber } from '../../document/ports';
import type { DocumentNode, GraphDocument, Position } from '../../document/types';
import { formatShape } from '../../ir/shape';
import { type Category, isComposite } from '../../nodes/define';
import { inputPortNames } from '../../nodes';
import { definitionOf } from '../../nodes/resolve';
import { parseParams } from '../../params/fields';
import type { Locale } from '../../texts/text';
import { type WirePath, wirePath } from './wire-path';

/** As on the canvas. */
export const boxSize = { width: 208, height: 54 } as const;
const frameRoom = { side: 22, top: 58, bottom: 22 } as const;

export interface BoxScene extends Position {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly shape: string;
  readonly category: Category | undefined;
  readonly isBlock: boolean;
  readonly hasError: boolean;
  readonly inputs: readonly Position[];
  readonly output: Position | undefined;
}

export interface WireScene extends WirePath {
  readonly shape: string;
}

export interface FrameScene extends Position {
  readonly width: number;
  readonly height: number;
  readonly title: string;
}

export interface GraphScene {
  readonly boxes: readonly BoxScene[];
  readonly wires: readonly WireScene[];
  readonly frames: readonly FrameScene[];
}

/** The nodes of `shown`, all where it is absent, and what is among them. */
export function graphScene(
  document: GraphDocument,
  shown: ReadonlySet<string> | undefined,
  locale: Locale,
): GraphScene {
  const analysis = analyse(document);
  const nodes = Object.values(document.nodes).filter(({ id }) => shown?.has(id) ?? true);
  const boxes = new Map(
    nodes.map((node) => [node.id, boxOf(node, document, analysis.nodes[node.id], locale)]),
  );
  const wires = Object.values(document.wires).flatMap(({ from, to }) => {
    const [source, target] = [boxes.get(from[0]), boxes.get(to[0])];
    const start = source?.box.output;
    const end = target?.box.inputs[target.ports.indexOf(to[1])];
    const shape = analysis.nodes[from[0]]?.outputShape;
    return start && end ? [{ ...wirePath(start, end), shape: shape ? formatShape(shape) : '' }] : [];
  });
  return { boxes: [...boxes.values()].map(({ box }) => box), wires, frames: framesOf(document, boxes) };
}

interface PlacedBox {
  readonly box: BoxScene;
  /** Names of `box.inputs`. */
  readonly ports: readonly string[];
}

function boxOf(
  node: DocumentNode,
  document: GraphDocument,
  analysis: NodeAnalysis | undefined,
  locale: Locale,
): PlacedBox {
  const definition = definitionOf(document, node);
  const { x, y } = node.position;
  const ports = portsOf(document, node);
  const step = boxSize.width / (ports.length + 1);
  const hasOutput = definition?.hasOutput ?? true;
  const box: BoxScene = {
    ...{ x, y, name: node.name },
    title: definition?.title[locale] ?? node.type,
    summary: definition?.summary(parseParams(definition.params, node.params).values, locale) ?? '',
    shape: analysis?.outputShape ? formatShape(analysis.outputShape) : '?',
    category: definition?.category,
    isBlock: definition !== undefined && isComposite(definition),
    hasError: analysis?.problems.some(({ severity }) => severity === 'error') ?? false,
    inputs: ports.map((_, index) => ({ x: x + step * (index + 1), y })),
    output: hasOutput ? { x: x + boxSize.width / 2, y: y + boxSize.height } : undefined,
  };
  return { box, ports };
}

/** Ports that have a wire, and those that must have one: the free port of Add and its like is for the mouse. */
function portsOf(document: GraphDocument, node: DocumentNode): readonly string[] {
  const definition = definitionOf(document, node);
  const wired = Object.values(document.wires).flatMap(({ to }) => (to[0] === node.id ? [to[1]] : []));
  const isVariadic = definition?.inputs.kind === 'variadic';
  const highest = Math.max(-1, ...wired.map((port) => portNumber(port) ?? -1));
  const names = definition ? inputPortNames(definition, isVariadic ? highest : wired.length) : [];
  return [...names, ...wired.filter((port) => !names.includes(port))];
}

/** Frames around the shown parts of blocks that stand open, outer ones first. */
function framesOf({ groups }: GraphDocument, boxes: ReadonlyMap<string, PlacedBox>): readonly FrameScene[] {
  const byNode = new Map(Object.values(groups).map((group) => [group.node.id, group]));
  const frames = Object.values(groups).flatMap((group) => {
    const frame = around(group.node.id);
    return frame === undefined ? [] : [{ ...frame, title: group.node.name }];
  });
  return frames.sort((a, b) => b.width * b.height - a.width * a.height);

  function around(node: string): Omit<FrameScene, 'title'> | undefined {
    const group = byNode.get(node);
    const parts = Object.values(group?.members ?? {}).flatMap(({ id }) => {
      const box = boxes.get(id)?.box;
      if (box !== undefined) return [{ x: box.x, y: box.y, ...boxSize }];
      return around(id) ?? [];
    });
    if (parts.length === 0) return undefined;
    const x = Math.min(...parts.map((part) => part.x)) - frameRoom.side;
    const y = Math.min(...parts.map((part) => part.y)) - frameRoom.top;
    const right = Math.max(...parts.map((part) => part.x + part.width)) + frameRoom.side;
    const bottom = Math.max(...parts.map((part) => part.y + part.height)) + frameRoom.bottom;
    return { x, y, width: right - x, height: bottom - y };
  }
}
