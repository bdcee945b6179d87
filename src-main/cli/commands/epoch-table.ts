/** The epochs of a run as a table that grows by one line per epoch. */
import type { EpochRecord } from '@shared/ipc/engine.contract';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Context } from '../context';
import { displayWidth, pad } from '../table';

const columns = [
  { heading: texts.epoch, cell: ({ epoch }: EpochRecord) => String(epoch) },
  { heading: texts.loss, cell: ({ loss }: EpochRecord) => loss.toFixed(4) },
  { heading: texts.accuracy, cell: ({ accuracy }: EpochRecord) => percent(accuracy) },
  { heading: texts.testLoss, cell: ({ valLoss }: EpochRecord) => valLoss.toFixed(4) },
  { heading: texts.testAccuracy, cell: ({ valAccuracy }: EpochRecord) => percent(valAccuracy) },
  { heading: texts.seconds, cell: ({ seconds }: EpochRecord) => seconds.toFixed(1) },
  {
    heading: texts.imagesPerSecond,
    cell: ({ samplesPerSecond }: EpochRecord) => samplesPerSecond.toFixed(0),
  },
];

const MIN_WIDTH = 8;

export class EpochTable {
  #hasHeading = false;

  constructor(readonly context: Context) {}

  row(record: EpochRecord): void {
    const headings = columns.map(({ heading }) => this.context.text(heading));
    if (!this.#hasHeading) this.#line(headings, headings);
    this.#hasHeading = true;
    this.#line(
      columns.map(({ cell }) => cell(record)),
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
