/** The epochs of a run as a table that grows by one line per epoch. */
import type { EpochRecord } from '@shared/ipc/engine.contract';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Text } from '@shared/texts/text';
import type { Context } from '../context';
import { displayWidth, pad } from '../table';

interface Column {
  readonly heading: Text;
  readonly cell: (record: EpochRecord) => string;
  /** Absent means always. */
  readonly isShown?: (record: EpochRecord) => boolean;
}

const columns: readonly Column[] = [
  { heading: texts.epoch, cell: ({ epoch }) => String(epoch) },
  { heading: texts.loss, cell: ({ loss }) => loss.toFixed(4) },
  { heading: texts.accuracy, cell: ({ accuracy }) => percent(accuracy) },
  { heading: texts.testLoss, cell: ({ valLoss }) => valLoss.toFixed(4) },
  { heading: texts.testAccuracy, cell: ({ valAccuracy }) => percent(valAccuracy) },
  {
    heading: texts.testTopK,
    cell: ({ valTopK = 0 }) => percent(valTopK),
    isShown: ({ valTopK }) => valTopK !== undefined,
  },
  { heading: texts.seconds, cell: ({ seconds }) => seconds.toFixed(1) },
  { heading: texts.imagesPerSecond, cell: ({ samplesPerSecond }) => samplesPerSecond.toFixed(0) },
];

const MIN_WIDTH = 8;

export class EpochTable {
  #hasHeading = false;

  /** `k` is that of top-k accuracy. */
  constructor(
    readonly context: Context,
    readonly k: number,
  ) {}

  row(record: EpochRecord): void {
    const shown = columns.filter(({ isShown }) => isShown?.(record) ?? true);
    const headings = shown.map(({ heading }) => this.context.text(heading, { k: this.k }));
    if (!this.#hasHeading) this.#line(headings, headings);
    this.#hasHeading = true;
    this.#line(
      shown.map(({ cell }) => cell(record)),
      headings,
    );
  }

  #line(cells: readonly string[], headings: readonly string[]): void {
    const padded = cells.map((cell, i) =>
      pad(cell, Math.max(MIN_WIDTH, displayWidth(headings[i] ?? '')), 'right'),
    );
    this.context.print(padded.join('  '));
  }
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
