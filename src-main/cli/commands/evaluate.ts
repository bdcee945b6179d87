/** `layerloom evaluate`: a trained network over test images. */
import { resolve } from 'node:path';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Command } from '../command';
import { withEngine } from '../engine-link';
import type { ExitCode } from '../outcome';
import { formatCount, formatTable } from '../table';
import { percent } from './epoch-table';
import { readDataset } from './train-request';

export const evaluateCommand: Command = {
  syntax: {
    command: 'evaluate',
    options: { dataset: { value: 'NAME' }, json: {}, help: { short: 'h' } },
    positionals: ['RUN'],
  },
  run: async (context, args): Promise<ExitCode> => {
    const named = args.text('dataset');
    const dataset = named === undefined ? undefined : readDataset(context, named);
    const runDirectory = resolve(args.positionals[0] ?? '');
    const result = await withEngine(context, { runDirectory, device: 'auto' }, async (engine) => {
      await engine.call('restore', {});
      return engine.call('evaluate', dataset === undefined ? {} : { dataset });
    });
    if (args.has('json')) {
      context.printJson(result);
      return 0;
    }
    const rows = [
      [texts.testLoss, result.loss.toFixed(4)],
      [texts.testAccuracy, percent(result.accuracy)],
      [texts.samples, formatCount(result.samples)],
    ] as const;
    const lines = formatTable(
      rows.map(([heading, value]) => [context.text(heading), value]),
      ['left', 'right'],
    );
    for (const line of lines) context.print(line);
    return 0;
  },
};
