/** `layerloom export`: runs and documents into files, options, refusals, and what it prints. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeSafetensors } from '@shared/formats/safetensors';
import { runCli, temporaryFolder } from './support/run-cli';

const inFolder = temporaryFolder();
const run = () => inFolder('run');

beforeAll(async () => {
  await runCli(['new', 'lenet', '-o', inFolder('a.loom')]);
  const options = ['--dataset', 'mnist', '--limit', '256', '--epochs', '1', '--run', run()];
  expect((await runCli(['train', inFolder('a.loom'), ...options])).code).toBe(0);
});

test('the formats are listed, with options and checks', async () => {
  const { code, out } = await runCli(['export', '--list', '--json']);
  expect(code).toBe(0);
  const formats = JSON.parse(out) as { id: string; hasCheck: boolean; options: { name: string }[] }[];
  const png = formats.find(({ id }) => id === 'png');
  expect(png?.options.map(({ name }) => name)).toContain('has-background');
  expect(formats.find(({ id }) => id === 'safetensors')?.hasCheck).toBe(true);
  const { out: text } = await runCli(['export', '--list']);
  for (const { id } of formats) expect(text).toContain(id);
});

test('a run is exported and checked', async () => {
  const path = inFolder('weights.safetensors');
  const { code, out, error } = await runCli([
    ...['export', run(), '--format', 'safetensors', '-o', path, '--check', '--json'],
  ]);
  expect([code, error]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({
    ...{ path, weights: { kind: 'run', epochs: 1, steps: 4 }, warnings: [] },
    check: { largestDifference: 0, compared: 'tensors' },
  });
  const decoded = decodeSafetensors(await readFile(path));
  expect(decoded.ok && decoded.value.metadata['weights']).toBe('trained for 1 epochs, 4 steps');
});

test('a document is exported with initial weights, and that is said', async () => {
  const path = inFolder('initial.npz');
  const { code, out } = await runCli(['export', inFolder('a.loom'), '--target', 'npz', '-o', path]);
  expect(code).toBe(0);
  expect(out).toContain('The weights are initial ones (seed 1): nothing was trained.');
  expect(existsSync(path)).toBe(true);
});

test('options are read by the format’s own fields', async () => {
  const path = inFolder('dark.svg');
  const args = ['export', run(), '--format', 'svg', '-o', path];
  expect((await runCli([...args, '--theme', 'dark', '--has-background', 'false'])).code).toBe(0);
  expect(await readFile(path, 'utf8')).not.toContain('fill="#0f1216"/>');
  const refused = await runCli([...args, '--force', '--theme', 'pink']);
  expect(refused.code).toBe(2);
  expect(refused.error).toContain('--theme');
  const foreign = await runCli([...args, '--force', '--rows', 'epochs']);
  expect(foreign).toMatchObject({ code: 2 });
  expect(foreign.error).toContain('--rows is no option of svg');
});

describe('a request that cannot be met', () => {
  const before = async () => (await readdir(inFolder('.'))).sort();

  test('is refused with exit code 2, and leaves everything as it was', async () => {
    const kept = inFolder('kept.safetensors');
    await writeFile(kept, 'mine');
    await mkdir(inFolder('empty-run'), { recursive: true });
    const files = await before();
    const requests: [string[], string][] = [
      [['export', run(), '--format', 'safetensors', '-o', kept], 'exists. It was not changed.'],
      [['export', run(), '--format', 'fax', '-o', inFolder('x')], 'There is no export format fax'],
      [
        ['export', run(), '--format', 'svg', '-o', inFolder('x'), '--check'],
        'nothing that a check could compare',
      ],
      [
        ['export', inFolder('empty-run'), '--format', 'safetensors', '-o', inFolder('x')],
        'document.loom is missing',
      ],
      [['export', inFolder('nowhere'), '--format', 'safetensors', '-o', inFolder('x')], 'no such file'],
      [['export', inFolder('a.loom'), '--format', 'curves-csv', '-o', inFolder('x')], 'There is no run'],
      [['export', run(), '-o', inFolder('x')], 'needs --format'],
      [['export', run(), '--format', 'safetensors'], 'needs --output'],
      [['export', '--format', 'safetensors'], 'needs RUN'],
    ];
    for (const [args, message] of requests) {
      const { code, out, error } = await runCli(args);
      expect([code, out], error).toEqual([2, '']);
      expect(error).toContain(message);
    }
    expect(await readFile(kept, 'utf8')).toBe('mine');
    expect(await before()).toEqual(files);
  });

  test('fails with exit code 1 where the disk does', async () => {
    const { code, error } = await runCli([
      ...['export', run(), '--format', 'safetensors', '-o', inFolder('no/such/folder/x')],
    ]);
    expect(code).toBe(1);
    expect(error).toContain('could not be written');
  });
});
