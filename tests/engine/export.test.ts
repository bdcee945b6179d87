/** Exports end to end: weights of documents and runs, checks, and that a failed one leaves nothing behind. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '@shared/formats/safetensors';
import * as registry from '@shared/export';
import { defineTarget } from '@shared/export/target';
import { success } from '@shared/util/result';
import { bool } from '@shared/params/fields';
import { readNewestCheckpoint } from '../../src-main/engine/run/checkpoint';
import { largestDifference, predictionTolerance } from '../../src-main/engine/export-checks/checker';
import { ExportFolder, exported, exportFor } from './export-support';
import { configuration, lenetDocument, Listener, must, openEngine, TestFolders } from './support';

const folder = new ExportFolder();
const runs = new TestFolders();
let run = '';
beforeAll(async () => {
  run = runs.next();
  const engine = await openEngine(configuration(run));
  const listener = new Listener(engine);
  must(await engine.call('train', { document: lenetDocument({}, 'lenet-bn'), limit: 300 }));
  expect((await listener.ended).state).toBe('done');
});
afterAll(() => {
  folder.remove();
  runs.remove();
});
afterEach(() => vi.restoreAllMocks());

const read = (path: string): readonly NamedTensor[] => must(decodeSafetensors(readFileSync(path))).tensors;

describe('weights', () => {
  test('of a run are those of its newest checkpoint, without slots', async () => {
    const path = folder.path('run.safetensors');
    const reply = await exported({ target: 'safetensors', run, path, check: true });
    expect(reply.origin).toEqual({ kind: 'run', epochs: 1, steps: 5 });
    expect(reply.check).toMatchObject({ compared: 'tensors', largestDifference: 0 });
    const checkpoint = must(await readNewestCheckpoint(run));
    const byName = new Map(checkpoint.tensors.map(({ name, values }) => [name, values]));
    const tensors = read(path);
    expect(tensors.map(({ name }) => name)).toContain('batch_normalization_1/moving_mean');
    expect(tensors.filter(({ name }) => /\/[mv]$/.test(name))).toEqual([]);
    for (const { name, values } of tensors) expect(values, name).toEqual(byName.get(name));
  });

  test('of a document are those that training begins with', async () => {
    const first = folder.path('initial.safetensors');
    const document = lenetDocument({ seed: 5 });
    const reply = await exported({ target: 'safetensors', document, path: first, check: true });
    expect(reply.origin).toEqual({ kind: 'initial', seed: 5 });
    const again = folder.path('again.safetensors');
    await exported({ target: 'safetensors', document, path: again });
    expect(readFileSync(again).equals(readFileSync(first))).toBe(true);
    const other = folder.path('other.safetensors');
    await exported({ target: 'safetensors', document: lenetDocument({ seed: 6 }), path: other });
    expect(read(other)[0]?.values).not.toEqual(read(first)[0]?.values);
  });

  test('that do not belong to the document are refused by name', async () => {
    const broken = runs.next();
    mkdirSync(join(broken, 'checkpoints'), { recursive: true });
    writeFileSync(join(broken, 'document.loom'), lenetDocument());
    const tensors = [{ name: 'conv2d_1/kernel', dims: [1], values: Float32Array.of(1) }];
    const parts = encodeSafetensors({ tensors, metadata: { step: '1' } });
    writeFileSync(join(broken, 'checkpoints/epoch-1.safetensors'), Buffer.concat(parts));
    const reply = await exportFor({ target: 'safetensors', run: broken, path: folder.path('x.safetensors') });
    expect(reply).toMatchObject({
      kind: 'refused',
      problems: [{ code: 'export/weights-misfit', args: { weight: 'conv2d_1/kernel' } }],
    });
  });
});

/** Puts a target in the registry for one test. */
function withTarget(
  files: readonly { path: string; parts: (string | Uint8Array)[] }[],
  isFolder: boolean,
): void {
  const target = defineTarget({
    ...{ id: 'made-up', group: 'weights', needsWeights: false, options: {} },
    title: { en: 'x', 'zh-CN': 'x' },
    doc: { en: 'x.', 'zh-CN': 'x。' },
    output: isFolder ? { kind: 'folder' } : { kind: 'file', extension: '.bin' },
    support: () => undefined,
    export: () => success({ files }),
  });
  vi.spyOn(registry, 'anyTargetOf').mockReturnValue(target);
}

const inside = () => readdirSync(folder.root).sort();

describe('files', () => {
  test('a folder is put in its place as a whole, and an empty one may be there', async () => {
    withTarget(
      [
        { path: 'a.txt', parts: ['a'] },
        { path: 'sub/b.bin', parts: [Uint8Array.of(1), 'c'] },
      ],
      true,
    );
    const path = folder.path('whole');
    mkdirSync(path);
    const reply = await exported({ target: 'made-up', document: lenetDocument(), path });
    expect(reply.files).toEqual([
      { path: 'a.txt', bytes: 1 },
      { path: 'sub/b.bin', bytes: 2 },
    ]);
    expect(readFileSync(join(path, 'sub/b.bin'))).toEqual(Buffer.from('\u0001c'));
    const again = await exportFor({ target: 'made-up', document: lenetDocument(), path, overwrite: true });
    expect(again).toMatchObject({ problems: [{ code: 'export/folder-not-empty' }] });
    expect(readdirSync(path).sort()).toEqual(['a.txt', 'sub']);
  });

  test('a file that is there is replaced only when that was said', async () => {
    withTarget(
      [
        { path: 'one.bin', parts: ['new'] },
        { path: 'one.bin.data', parts: ['beside'] },
      ],
      false,
    );
    const path = folder.path('one.bin');
    writeFileSync(path, 'old');
    const request = { target: 'made-up', document: lenetDocument(), path };
    expect(await exportFor(request)).toMatchObject({ problems: [{ code: 'export/file-exists' }] });
    expect(readFileSync(path, 'utf8')).toBe('old');
    await exported({ ...request, overwrite: true });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readFileSync(`${path}.data`, 'utf8')).toBe('beside');
  });

  test.each(['../x', '/etc/x', 'a/../../x', 'a//b', 'a\\b'])(
    'the path %s of an exporter is a mistake of ours',
    async (path) => {
      withTarget([{ path, parts: ['x'] }], true);
      const before = inside();
      const request = { target: 'made-up', document: lenetDocument(), path: folder.path('escape') };
      await expect(exportFor(request)).rejects.toThrow('Internal error');
      expect(inside()).toEqual(before);
    },
  );

  test('cancelling and failing leave nothing', async () => {
    const before = inside();
    const document = lenetDocument();
    const path = folder.path('never.bin');
    withTarget([{ path: 'never.bin', parts: Array.from({ length: 4 }, () => new Uint8Array(1000)) }], false);
    const cancelled = await exportFor({
      ...{ target: 'made-up', document, path },
      onProgress: ({ phase, done }, job) => {
        if (phase === 'writing' && done >= 2000) job.cancel();
      },
    });
    expect(cancelled).toEqual({ kind: 'cancelled' });
    const nowhere = folder.path('no/such/never.bin');
    expect(await exportFor({ target: 'made-up', document, path: nowhere })).toMatchObject({
      problems: [{ code: 'file/cannot-write', args: { reason: 'ENOENT' } }],
    });
    expect(inside()).toEqual(before);
  });
});

describe('an export that fails midway', () => {
  const document = lenetDocument();

  test.each([true, false])('leaves nothing behind: a folder %s', async (isFolder) => {
    const before = inside();
    // The second file cannot be made: its name is longer than file systems take.
    const paths = ['half.bin', `half.bin${'x'.repeat(300)}`];
    withTarget(
      paths.map((path) => ({ path, parts: [new Uint8Array(1000)] })),
      isFolder,
    );
    const reply = await exportFor({ target: 'made-up', document, path: folder.path('half.bin') });
    expect(reply).toMatchObject({
      problems: [{ code: 'file/cannot-write', args: { reason: 'ENAMETOOLONG' } }],
    });
    expect(inside()).toEqual(before);
  });

  test.each([true, false])('puts none of its files in place: others there before %s', async (wasThere) => {
    const name = `pair-${wasThere}.bin`;
    const path = folder.path(name);
    if (wasThere) writeFileSync(`${path}.data`, 'old');
    withTarget(
      [
        { path: name, parts: ['new'] },
        { path: `${name}.data`, parts: ['new'] },
      ],
      false,
    );
    const reply = await exportFor({
      ...{ target: 'made-up', document, path, overwrite: true },
      // A folder takes the place of the last file when everything has been looked at.
      onProgress: ({ phase, done }) => {
        if (phase === 'writing' && done === 3) mkdirSync(path);
      },
    });
    expect(reply).toMatchObject({ kind: 'refused', problems: [{ code: 'file/cannot-write' }] });
    expect(readdirSync(path)).toEqual([]);
    const left = inside().filter((each) => each.startsWith(name) && each !== name);
    expect(left).toEqual(wasThere ? [`${name}.data`] : []);
    if (wasThere) expect(readFileSync(`${path}.data`, 'utf8')).toBe('old');
  });
});

describe('requests', () => {
  const document = lenetDocument();
  const refusal = async (changes: Parameters<typeof exportFor>[0]) => {
    const before = inside();
    const reply = await exportFor(changes);
    expect(inside()).toEqual(before);
    return reply.kind === 'refused' ? reply.problems.map(({ code }) => code) : reply;
  };
  const path = folder.path('refused');

  test('that cannot be met are refused in words', async () => {
    expect(await refusal({ target: 'fax', document, path })).toEqual(['export/unknown-target']);
    expect(await refusal({ target: 'safetensors', document: '{', path })).toEqual(['file/not-json']);
    expect(await refusal({ target: 'safetensors', run: folder.path('none'), path })).toEqual([
      'run/not-a-run',
    ]);
    withTarget([{ path: 'x', parts: [] }], true);
    expect(await refusal({ target: 'made-up', document, path, check: true })).toEqual([
      'export/check-unavailable',
    ]);
  });

  test('name every layer that the target does not have', async () => {
    const target = defineTarget({
      ...{
        id: 'made-up',
        group: 'weights',
        needsWeights: false,
        options: {
          only: bool({ default: true, label: { en: '', 'zh-CN': '' }, doc: { en: '', 'zh-CN': '' } }),
        },
      },
      title: { en: 'x', 'zh-CN': 'x' },
      doc: { en: 'x.', 'zh-CN': 'x。' },
      output: { kind: 'folder' },
      support: ({ type }, { only }) =>
        only && type === 'Conv2D' ? { code: 'export/layer-unsupported', args: { target: 'x' } } : undefined,
      export: () => success({ files: [{ path: 'a', parts: ['a'] }] }),
    });
    vi.spyOn(registry, 'anyTargetOf').mockReturnValue(target);
    const resnet = lenetDocument({}, 'resnet-18');
    const reply = await exportFor({ target: 'made-up', document: resnet, path });
    const problems = reply.kind === 'refused' ? reply.problems : [];
    expect(problems.length).toBe(20);
    expect(problems[1]).toMatchObject({
      code: 'export/layer-unsupported',
      node: 'residual_block_1',
      part: 'conv1',
    });
    expect(await refusal({ target: 'made-up', document, path, options: { only: 'yes' } })).toEqual([
      'param/not-boolean',
    ]);
    await exported({ target: 'made-up', document: resnet, path, options: { only: false } });
    rmSync(path, { recursive: true });
  });

  test('an engine of a window has no place to write to', async () => {
    const engine = await openEngine();
    const reply = await engine.call('exportModel', {
      ...{ target: 'safetensors', options: {}, name: 'x', check: false, locale: 'en' },
      source: { kind: 'document', text: document },
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'ipc/bad-request' } });
  });
});

test('differences are of values, and of what is no number too', () => {
  const f = (...values: number[]) => Float32Array.from(values);
  expect(largestDifference(f(1, 2, NaN, Infinity), f(1.5, 2.25, NaN, Infinity))).toBe(0.5);
  for (const [a, b] of [
    [f(1), f(NaN)],
    [f(1), f()],
    [f(Infinity), f(-Infinity)],
    [f(Infinity), f(1)],
  ] as const)
    expect(largestDifference(a, b)).toBe(Infinity);
});

test('predictions may differ by 1e-4, and in proportion where they are larger than 1', () => {
  const tolerance = (...values: number[]) =>
    predictionTolerance({ count: 1, inputs: new Float32Array(), predictions: Float32Array.from(values) });
  expect(tolerance(0.1, 0.9)).toBe(1e-4);
  expect(tolerance(-20, 3, Infinity, NaN)).toBeCloseTo(2e-3, 12);
});

test('a check that finds another value keeps the export from being written', async () => {
  const real = registry.exportTargetOf('safetensors');
  if (real === undefined) throw new Error('no target');
  vi.spyOn(registry, 'anyTargetOf').mockReturnValue({
    ...real,
    export: (input, options) => {
      const weights = new Map(input.weights);
      const [name = '', weight] = [...weights][0] ?? [];
      if (weight)
        weights.set(name, {
          ...weight,
          values: weight.values.map((value, i) => (i === 0 ? value + 1 : value)),
        });
      return real.export({ ...input, weights }, options);
    },
  });
  const before = inside();
  const reply = await exportFor({
    target: 'safetensors',
    run,
    path: folder.path('wrong.safetensors'),
    check: true,
  });
  expect(reply).toMatchObject({ problems: [{ code: 'export/check-differs', args: { tolerance: 0 } }] });
  expect(inside()).toEqual(before);
});
