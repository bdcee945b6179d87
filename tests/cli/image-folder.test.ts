/** Image folders on the built command line, with its threads: train, evaluate, predict, resume, and what is refused. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeClasses, writeFileIn } from '../engine/image-folders';
import { jsonLines, runCli, temporaryFolder } from './support/run-cli';

const CLASSES = ['cat', '狗', '鸟'];
const inFolder = temporaryFolder();

beforeAll(async () => {
  writeClasses(inFolder('images'), CLASSES, 20);
  writeFileIn(inFolder('images'), 'cat/broken.png', 'no image');
  const shape = ['--input', '16x16x3', '--classes', '3'];
  await runCli(['new', 'lenet-bn', '-o', inFolder('net.loom'), ...shape]);
});

/** Nothing of the tests lands in the user's cache. */
const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runCli(args, { LAYERLOOM_IMAGE_CACHE: inFolder('cache'), ...environment });

const train = (name: string, environment = {}, ...options: string[]) =>
  run(
    [
      ...['train', inFolder('net.loom'), '--dataset', inFolder('images'), '--run', inFolder(name)],
      ...['--epochs', '2', '--batch', '16', '--seed', '5', '--json', ...options],
    ],
    environment,
  );

const lossesOf = (out: string) =>
  jsonLines(out).flatMap(({ event, loss, valLoss }) =>
    event === 'step' || event === 'epoch' ? [[loss, valLoss]] : [],
  );

describe('a folder of images', () => {
  test('is trained on, streamed or not, with the same figures', async () => {
    const inMemory = await train('memory');
    expect(inMemory).toMatchObject({ code: 0 });
    expect(jsonLines(inMemory.out)[0]).toMatchObject({
      ...{ event: 'start', dataset: inFolder('images'), trainSamples: 48, testSamples: 12 },
    });
    expect(inMemory.error).toContain('1 of 61 images cannot be read');
    expect(inMemory.error).toContain('cat/broken.png');
    const streamed = await train('streamed', { LAYERLOOM_IMAGE_MEMORY_MB: '0' });
    expect(lossesOf(streamed.out)).toEqual(lossesOf(inMemory.out));
    const anew = { LAYERLOOM_IMAGE_MEMORY_MB: '0', LAYERLOOM_IMAGE_CACHE_MB: '0' };
    const decoded = await train('decoded', { ...anew, LAYERLOOM_IMAGE_CACHE: inFolder('no-cache') });
    expect(lossesOf(decoded.out)).toEqual(lossesOf(inMemory.out));
    expect(readdirSync(inFolder('cache'))).toHaveLength(1);
  });

  test('gives its names to predictions, even when it has gone', async () => {
    writeClasses(inFolder('other'), CLASSES, 3);
    const files = CLASSES.map((name) => join(inFolder('other'), name, '001.png'));
    const { code, out } = await run(['predict', inFolder('memory'), ...files, '--json']);
    expect(code).toBe(0);
    const predictions = JSON.parse(out) as { file: string; label: string; probabilities: number[] }[];
    expect(predictions.map(({ file }) => file)).toEqual(files);
    for (const { label, probabilities } of predictions) {
      expect(CLASSES[probabilities.indexOf(Math.max(...probabilities))]).toBe(label);
    }
  });

  test('is evaluated: the held out images of its own, all of another', async () => {
    const own = await run(['evaluate', inFolder('memory'), '--json']);
    expect(JSON.parse(own.out)).toMatchObject({ samples: 12 });
    writeClasses(inFolder('other'), CLASSES, 3);
    const other = await run(['evaluate', inFolder('memory'), '--dataset', inFolder('other'), '--json']);
    expect(JSON.parse(other.out)).toMatchObject({ samples: 9 });
  });

  test('is named in exports by its name, and its classes with it', async () => {
    const path = inFolder('card.md');
    const { code } = await run(['export', inFolder('memory'), '--format', 'model-card', '-o', path]);
    expect(code).toBe(0);
    const card = readFileSync(path, 'utf8');
    expect(card).toContain('cat, 狗, 鸟');
    expect(card).not.toContain(inFolder('images'));
  });

  test('must be as it was for a run to go on', async () => {
    writeClasses(inFolder('changing'), CLASSES, 12);
    const args = ['--dataset', inFolder('changing'), '--run', inFolder('changed'), '--batch', '8'];
    await run(['train', inFolder('net.loom'), ...args, '--epochs', '1']);
    rmSync(inFolder('changing/cat/000.png'));
    const resumed = await run(['train', '--resume', inFolder('changed'), '--epochs', '2']);
    expect(resumed.code).toBe(2);
    expect(resumed.error).toContain('no longer those that the run began with');
  });
});

describe('refused with a sentence', () => {
  test.each([
    ['a folder that is not there', () => inFolder('nowhere'), 'does not exist'],
    ['a file', () => inFolder('net.loom'), 'it is no folder'],
    [
      'a folder without images',
      () => (mkdirSync(inFolder('empty'), { recursive: true }), inFolder('empty')),
      'There is no folder with PNG or JPEG',
    ],
  ])('%s', async (_what, folder, message) => {
    const args = ['--dataset', folder(), '--run', inFolder('refused')];
    const refused = await run(['train', inFolder('net.loom'), ...args]);
    expect(refused.code).toBe(2);
    expect(refused.error).toContain(message);
  });

  test('a network with another number of outputs', async () => {
    await run(['new', 'lenet', '-o', inFolder('ten.loom')]);
    const args = ['--dataset', inFolder('images'), '--run', inFolder('refused')];
    const refused = await run(['train', inFolder('ten.loom'), ...args]);
    expect(refused.code).toBe(2);
    expect(refused.error).toContain('gives 10 values, but images has 3 classes');
  });
});
