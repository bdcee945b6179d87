/** What a node's box and a wire show: plain values, made from document and analysis. */
import type { Analysis, NodeAnalysis } from '@shared/compile/analysis';
import type { DocumentNode, Wire } from '@shared/document/types';
import { formatShape } from '@shared/ir/shape';
import { type Category, isComposite, type NodeDefinition } from '@shared/nodes/define';
import { parseParams } from '@shared/params/fields';
import { formatProblem } from '@shared/problems/format';
import { blockTexts } from '@shared/texts/blocks';
import { canvasTexts } from '@shared/texts/canvas';
import { formatText } from '@shared/texts/format';
import type { Locale } from '@shared/texts/text';
import { shownPorts } from '../editing/connections';

export interface PortView {
  readonly name: string;
  readonly label: string;
  readonly isWired: boolean;
  readonly hasProblem: boolean;
}

export interface LayerView {
  readonly id: string;
  readonly name: string;
  /** The name without that of the open block around it, whose frame bears it. */
  readonly shortName: string;
  readonly title: string;
  readonly category: Category | undefined;
  readonly summary: string;
  readonly shape: string | undefined;
  readonly inputs: readonly PortView[];
  readonly output: string | undefined;
  /** `6 layers`, for a block that can be opened. */
  readonly parts: string | undefined;
  readonly severity: 'error' | 'warning' | undefined;
  /** The first problem, for the mark's tooltip. */
  readonly message: string | undefined;
  /** What is read out. */
  readonly label: string;
}

interface Surroundings {
  readonly analysis: NodeAnalysis | undefined;
  /** Names of its wired ports. */
  readonly wired: readonly string[];
  /** Name of the open block that it is part of. */
  readonly around: string | undefined;
}

export function layerView(
  node: DocumentNode,
  definition: NodeDefinition | undefined,
  { analysis, wired, around }: Surroundings,
  locale: Locale,
): LayerView {
  const problems = analysis?.problems ?? [];
  const [worst] = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
  const message = worst && formatProblem(worst, locale).message;
  const title = definition
    ? definition.title[locale]
    : `${formatText(canvasTexts.unknownType, locale)}: ${node.type}`;
  const shape = analysis?.outputShape && formatShape(analysis.outputShape);
  return {
    id: node.id,
    name: node.name,
    shortName: shortName(node.name, around),
    title,
    category: definition?.category,
    summary: definition?.summary(parseParams(definition.params, node.params).values, locale) ?? '',
    shape,
    inputs: shownPorts(definition, wired).map((name) => ({
      name,
      label: formatText(canvasTexts.inputPort, locale, { port: name, name: node.name }),
      isWired: wired.includes(name),
      hasProblem: problems.some(({ port }) => port === name),
    })),
    output:
      definition === undefined || definition.hasOutput
        ? formatText(canvasTexts.outputPort, locale, { name: node.name })
        : undefined,
    parts: definition && isComposite(definition) ? partsText(analysis, locale) : undefined,
    severity: worst?.severity,
    message,
    label: nodeLabel(node.name, title, shape, message, locale),
  };
}

function shortName(name: string, around: string | undefined): string {
  const rest = around !== undefined && name.startsWith(around) ? name.slice(around.length).trim() : '';
  return rest === '' ? name : rest;
}

function partsText(analysis: NodeAnalysis | undefined, locale: Locale): string {
  const count = analysis?.children?.length;
  if (count === undefined) return formatText(blockTexts.block, locale);
  return formatText(blockTexts.partCount, locale, { count });
}

function nodeLabel(
  name: string,
  type: string,
  shape: string | undefined,
  message: string | undefined,
  locale: Locale,
): string {
  const parts = [
    formatText(canvasTexts.nodeLabel, locale, { name, type }),
    shape === undefined
      ? formatText(canvasTexts.nodeNoShape, locale)
      : formatText(canvasTexts.nodeShape, locale, { shape }),
    ...(message === undefined ? [] : [message]),
  ];
  return parts.join(locale === 'en' ? ', ' : '，');
}

export interface WireView {
  /** The shape that flows. */
  readonly shape: string;
  readonly hasProblem: boolean;
  readonly label: string;
}

export function wireView(
  wire: Wire,
  nodes: Readonly<Record<string, DocumentNode>>,
  analysis: Analysis,
  locale: Locale,
): WireView {
  const shape = analysis.nodes[wire.from[0]]?.outputShape;
  const target = analysis.nodes[wire.to[0]];
  const from = nodes[wire.from[0]]?.name ?? wire.from[0];
  const to = nodes[wire.to[0]]?.name ?? wire.to[0];
  const label = formatText(canvasTexts.wireLabel, locale, { from, to, port: wire.to[1] });
  const shown = shape === undefined ? '' : formatShape(shape);
  return {
    shape: shown,
    hasProblem: target?.problems.some(({ port }) => port === wire.to[1]) ?? false,
    label: shown === '' ? label : `${label}: ${shown}`,
  };
}
