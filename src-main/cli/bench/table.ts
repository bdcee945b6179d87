/** The comparisons as a table for people. */
import { benchTexts as texts, measureTexts } from '@shared/texts/bench';
import type { Context } from '../context';
import { formatTable } from '../table';
import { measures } from './measures';
import type { Comparison, Missing } from './report';

const MEBIBYTE = 2 ** 20;

/** Lines of the table, heading first. */
export function comparisonTable(context: Context, comparisons: readonly Comparison[]): readonly string[] {
  if (comparisons.length === 0) return [context.text(texts.nothing)];
  const headings = [
    ...[texts.network, texts.precision, texts.measure, texts.peer],
    ...[texts.ours, texts.theirs, texts.ratio, texts.target, texts.verdict],
  ];
  return formatTable(
    [headings.map((heading) => context.text(heading)), ...comparisons.map((each) => cells(context, each))],
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
  );
}

/** Lines that say what was not measured and why; none where all was. */
export function missingLines(context: Context, missing: readonly Missing[]): readonly string[] {
  if (missing.length === 0) return [];
  return [context.text(texts.notMeasured), ...missing.map(({ what, reason }) => `  ${what}: ${reason}`)];
}

function cells(context: Context, row: Comparison): readonly string[] {
  const { network, precision, measure, peer, variant, ours, theirs, ratio, target, isMet } = row;
  const value = (number: number) => formatValue(context, measure, number);
  return [
    ...[network, precision, context.text(measureTexts[measure])],
    variant === '' ? peer : `${peer} (${variant})`,
    ...[value(ours), value(theirs), ratio.toFixed(2)],
    target === null ? '' : String(target),
    isMet === null ? '' : context.text(isMet ? texts.met : texts.missed),
  ];
}

function formatValue(context: Context, measure: Comparison['measure'], value: number): string {
  const { unit } = measures[measure];
  if (unit === 'bytes') return context.text(texts.mebibytes, { value: (value / MEBIBYTE).toFixed(0) });
  if (unit === 'seconds') return context.text(texts.seconds, { value: value.toFixed(2) });
  return context.text(texts.imagesPerSecond, { value: value < 1000 ? value.toFixed(1) : value.toFixed(0) });
}
