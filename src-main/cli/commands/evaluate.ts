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
    options: { dataset: { value: 'NAME|PATH' }, json: {}, help: { short: 'h' } },
    positionals: ['RUN'],
  },
  run: async (context, args): Promise<ExitCode> => {
    const named = args.text('dataset');
    const dataset = named === undefined ? undefined : readDataset(named);
    const runDirectory = resolve(args.positionals[0] ?? '');
    const result = await withEngine(context, { runDirectory, device: 'auto' }, async (engine) => {
      await engine.call('restore', {});
      return engine.call('evaluate', dataset === undefined ? {} : { dataset });
    });
    if (args.has('json')) {
      context.printJson(result);
      return 0;
    }
    const { topK, k = 0 } = result;
    const rows = [
      [texts.testLoss, result.loss.toFixed(4)],
      [texts.testAccuracy, percent(result.accuracy)],
      ...(topK === undefined ? [] : [[texts.testTopK, percent(topK)] as const]),
      [texts.samples, formatCount(result.samples)],
    ] as const;
    const lines = formatTable(
      rows.map(([heading, value]) => [context.text(heading, { k }), value]),
      ['left', 'right'],
    );
    for (const line of lines) context.print(line);
    return 0;
  },
};
