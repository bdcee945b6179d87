/** `layerloom import`: networks of other programs, weights onto documents, and what becomes of them. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, runCli, temporaryFolder } from './support/run-cli';

const inFolder = temporaryFolder();

beforeAll(async () => {
  await runCli(['new', 'lenet', '-o', inFolder('a.loom')]);
  const options = ['--dataset', 'mnist', '--limit', '512', '--epochs', '1', '--run', inFolder('run')];
  expect((await runCli(['train', inFolder('a.loom'), ...options])).code).toBe(0);
  for (const [format, name] of [
    ['keras', 'net.keras'],
    ['safetensors', 'net.safetensors'],
  ] as const) {
    const args = ['export', inFolder('run'), '--format', format, '-o', inFolder(name)];
    expect((await runCli(args)).code).toBe(0);
  }
});

const evaluated = async (run: string): Promise<unknown> =>
  JSON.parse((await runCli(['evaluate', inFolder(run), '--dataset', 'mnist', '--json'])).out);

test('a network comes with its weights as a run that says the same', async () => {
  const { code, out } = await runCli([
    ...['import', inFolder('net.keras'), '-o', inFolder('b.loom'), '--run', inFolder('imported'), '--json'],
  ]);
  expect(code).toBe(0);
  const { layers, weights } = JSON.parse(out) as {
    layers: { outcome: string }[];
    weights: { rows: { outcome: string }[] };
  };
  expect(layers.every(({ outcome }) => outcome === 'taken')).toBe(true);
  expect(weights.rows.every(({ outcome }) => outcome === 'kept')).toBe(true);
  expect(await evaluated('imported')).toEqual(await evaluated('run'));
  const { out: inspected } = await runCli(['inspect', inFolder('b.loom'), '--json']);
  expect(JSON.parse(inspected)).toMatchObject({ params: 61_706, problems: [] });
});

test('weights go onto a document, and training begins with them', async () => {
  const { code, out, error } = await runCli([
    ...['import', inFolder('net.safetensors'), '--onto', inFolder('a.loom'), '--run', inFolder('onto')],
  ]);
  expect(code).toBe(0);
  expect(out).toMatch(/conv2d_1\/kernel +5×5×1×6 +5×5×1×6 +taken/);
  expect(error).toContain('10 of 10 weights come from the file.');
  const weights = ['--weights', inFolder('onto'), '--epochs', '1', '--limit', '64', '--batch', '64'];
  const rate = ['--optimizer', 'sgd', '--lr', '1e-9', '--run', inFolder('further')];
  const trained = await runCli([
    ...['train', inFolder('a.loom'), '--dataset', 'mnist', ...weights, ...rate, '--json'],
  ]);
  const epoch = jsonLines(trained.out).find(({ event }) => event === 'epoch');
  const { loss } = (await evaluated('run')) as { loss: number };
  expect(epoch?.['valLoss']).toBeCloseTo(loss, 4);
});

test('without --run the weights are said to be left out', async () => {
  const { code, error } = await runCli(['import', inFolder('net.keras'), '-o', inFolder('c.loom')]);
  expect(code).toBe(0);
  expect(error).toContain('The file has 10 tensors of weights, which a document does not hold');
});

describe('refused with one sentence, and nothing written', () => {
  test.each([
    ['a file cut off', ['cut.keras', '-o', 'x.loom'], 'cannot be imported: it is cut off or damaged'],
    ['no such file', ['absent.keras', '-o', 'x.loom'], 'absent.keras'],
    ['another kind of file', ['a.loom', '-o', 'x.loom'], 'is of no format that can be imported'],
    ['weights without a network', ['net.safetensors', '-o', 'x.loom'], 'holds weights alone'],
    ['no place for the document', ['net.keras'], '--output'],
    ['no place for the weights', ['net.safetensors', '--onto', 'a.loom'], '--run'],
    ['a run that is there', ['net.keras', '-o', 'x.loom', '--run', 'run'], 'run'],
    [
      'weights that fit nowhere',
      ['net.safetensors', '--onto', 'other.loom', '--run', 'y'],
      'None of the weights',
    ],
  ])('%s', async (_, args, message) => {
    await writeFile(inFolder('cut.keras'), (await readFile(inFolder('net.keras'))).subarray(0, 20_000));
    await runCli(['new', 'densenet', '-o', inFolder('other.loom'), '--force']);
    const placed = args.map((arg) => (/^-/.test(arg) ? arg : inFolder(arg)));
    const { code, out, error } = await runCli(['import', ...placed]);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(message);
    expect(['x.loom', 'y'].filter((name) => existsSync(inFolder(name)))).toEqual([]);
  });
});
