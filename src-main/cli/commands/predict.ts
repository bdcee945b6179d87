/** `layerloom predict`: what a trained network sees in image files. */
import { resolve } from 'node:path';
import { fitImage, takesImages } from '@shared/images/fit';
import { formatShape } from '@shared/ir/shape';
import { problem } from '@shared/problems/problem';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Command } from '../command';
import type { Context } from '../context';
import { type EngineLink, withEngine } from '../engine-link';
import { readImage } from '../image-file';
import { type ExitCode, Refusal, valueOrRefusal } from '../outcome';
import { formatTable } from '../table';

/** Images in one call. */
const BATCH = 64;

interface Prediction {
  readonly file: string;
  readonly label: string;
  /** In the order of the classes. */
  readonly probabilities: readonly number[];
}

export const predictCommand: Command = {
  syntax: {
    command: 'predict',
    options: { json: {}, help: { short: 'h' } },
    positionals: ['RUN', 'IMAGE'],
    repeatsLast: true,
  },
  run: async (context, args): Promise<ExitCode> => {
    const [run = '', ...files] = args.positionals;
    // Bad images are found before an engine is started for nothing.
    const images = await Promise.all(files.map(async (file) => valueOrRefusal(await readImage(file))));
    return withEngine(
      context,
      { runDirectory: resolve(run), device: 'auto' },
      async (engine): Promise<ExitCode> => {
        const { input, classNames } = await engine.call('restore', {});
        if (!takesImages(input)) {
          throw new Refusal([problem('data/input-no-image', { shape: formatShape(input) })]);
        }
        const fitted = images.map((image) => fitImage(image, input));
        const probabilities = await predict(engine, fitted, classNames.length);
        const predictions = files.map((file, i) => describe(file, probabilities[i] ?? [], classNames));
        if (args.has('json')) context.printJson(predictions);
        else print(context, predictions, classNames);
        return 0;
      },
    );
  },
};

async function predict(
  engine: EngineLink,
  images: readonly Uint8Array[],
  classes: number,
): Promise<number[][]> {
  const results: number[][] = [];
  for (let start = 0; start < images.length; start += BATCH) {
    const batch = images.slice(start, start + BATCH);
    const pixels = new Uint8Array(Buffer.concat(batch));
    const { probabilities } = await engine.call('predictImages', { count: batch.length, pixels });
    batch.forEach((_, i) => results.push([...probabilities.subarray(i * classes, (i + 1) * classes)]));
  }
  return results;
}

function describe(file: string, probabilities: readonly number[], classNames: readonly string[]): Prediction {
  const best = probabilities.indexOf(Math.max(...probabilities));
  return { file, label: classNames[best] ?? String(best), probabilities };
}

function print(context: Context, predictions: readonly Prediction[], classNames: readonly string[]): void {
  const share = (p: number): string => `${(100 * p).toFixed(1)} %`;
  const rows = predictions.map(({ file, label, probabilities }) => {
    const ranked = probabilities.map((p, i) => ({ p, name: classNames[i] ?? String(i) }));
    ranked.sort((a, b) => b.p - a.p);
    const [first, ...others] = ranked;
    const next = others.slice(0, 2).map(({ name, p }) => `${name} ${share(p)}`);
    return [file, label, share(first?.p ?? 0), next.join(', ')];
  });
  const headings = [
    context.text(texts.file),
    context.text(texts.prediction),
    '',
    context.text(texts.runnersUp),
  ];
  for (const line of formatTable([headings, ...rows], ['left', 'left', 'right', 'left'])) context.print(line);
}
