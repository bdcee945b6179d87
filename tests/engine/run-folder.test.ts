/** The folder of a run: whole files or none, and which checkpoint is the newest. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { success } from '@shared/util/result';
import { type RunRecord, runRecord } from '@shared/run/record';
import { writeAtomically } from '../../src-main/engine/run/atomic-write';
import { applyCheckpoint, readNewestCheckpoint, saveCheckpoint } from '../../src-main/engine/run/checkpoint';
import { RunFolder } from '../../src-main/engine/run/run-folder';
import { fakeNetwork } from './fake-network';
import { must, TestFolders } from './support';

const folders = new TestFolders();
afterAll(() => folders.remove());

const record: RunRecord = {
  format: 'layerloom-run',
  version: 1,
  state: 'training',
  settings: { epochs: 5 },
  seed: 1,
  trainSamples: 10,
  testSamples: 5,
  layerloomVersion: '0.0.0',
  runtime: { runtime: 'tfjs-node', tfjsVersion: '4', tensorflowVersion: '2', device: 'CPU' },
  startedAt: '2026-01-01T00:00:00.000Z',
  epochs: 0,
  steps: 0,
};

describe('an atomic write', () => {
  it('leaves the old file whole, and nothing else, when it fails on the way', async () => {
    const directory = folders.next();
    mkdirSync(directory);
    const path = join(directory, 'file');
    must(await writeAtomically(path, ['old']));
    // The temporary name is taken by a folder.
    mkdirSync(`${path}.tmp`);
    expect(await writeAtomically(path, ['new'])).toMatchObject({
      error: { code: 'file/cannot-write', args: { path, reason: 'EISDIR' } },
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    rmSync(`${path}.tmp`, { recursive: true });
    must(await writeAtomically(path, [Buffer.from('ne'), 'w']));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(directory)).toEqual(['file']);
  });
});

describe('a run folder', () => {
  it('is made where there is none, and refused where there is something', async () => {
    const directory = join(folders.next(), 'deeper');
    const folder = must(await RunFolder.create(directory, 'document', record));
    expect(runRecord.parse(JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')))).toEqual(record);
    folder.close();
    expect(await RunFolder.create(directory, 'other', record)).toMatchObject({
      error: { code: 'run/directory-exists' },
    });
    expect(readFileSync(join(directory, 'document.loom'), 'utf8')).toBe('document');
  });

  it('that cannot be made is a problem with its reason', async () => {
    const directory = folders.next();
    writeFileSync(directory, 'a file');
    expect(await RunFolder.create(join(directory, 'run'), 'document', record)).toMatchObject({
      error: { code: 'file/cannot-write', args: { reason: 'ENOTDIR' } },
    });
  });

  it('says from then on when a metric could not be written', async () => {
    const folder = must(await RunFolder.create(folders.next(), 'document', record));
    folder.append([{ event: 'done' }]);
    expect(folder.obstacle).toBeUndefined();
    folder.close();
    folder.append([{ event: 'done' }]);
    expect(folder.obstacle).toMatchObject({ code: 'file/cannot-write', args: { reason: 'EBADF' } });
  });
});

describe('the newest checkpoint', () => {
  async function saveAll(
    places: readonly (readonly [epochs: number, steps: number, isWithinEpoch: boolean])[],
  ) {
    const directory = folders.next();
    mkdirSync(join(directory, 'checkpoints'), { recursive: true });
    for (const [epochs, steps, isWithinEpoch] of places) {
      const network = await fakeNetwork({ read: () => success([Float32Array.of(epochs, steps)]) });
      must(await saveCheckpoint(directory, network, { epochs, steps, isWithinEpoch }, 1));
    }
    return directory;
  }

  it.each([
    [
      [
        [1, 10, false],
        [2, 20, false],
      ],
      20,
    ],
    [
      [
        [9, 90, false],
        [10, 100, false],
      ],
      100,
    ],
    [
      [
        [2, 20, false],
        [2, 24, true],
      ],
      24,
    ],
    [[[0, 4, true]], 4],
    [
      [
        [2, 24, true],
        [3, 30, false],
      ],
      30,
    ],
  ] as const)('of %j is that of step %i', async (places, steps) => {
    const directory = await saveAll(places);
    // What a dying process was writing has another name.
    writeFileSync(join(directory, 'checkpoints/epoch-99.safetensors.tmp'), 'half');
    const newest = must(await readNewestCheckpoint(directory));
    expect(newest.steps).toBe(steps);
    expect(newest.tensors[0]?.values[1]).toBe(steps);
  });

  it('is applied only where every variable is there in its size', async () => {
    const directory = await saveAll([[1, 10, false]]);
    const written: unknown[] = [];
    const network = await fakeNetwork({
      'w/done': ({ value }) => {
        written.push(value);
        return success([Float32Array.of(1)]);
      },
    });
    const checkpoint = must(await readNewestCheckpoint(directory));
    must(await applyCheckpoint(network, checkpoint, directory));
    expect(written).toMatchObject([{ type: 'float32', dims: [2], values: Float32Array.of(1, 10) }]);
    const misfit = {
      ...checkpoint,
      tensors: [{ name: 'dense_1/kernel', dims: [2, 1], values: Float32Array.of(1, 10) }],
    };
    for (const wrong of [misfit, { ...checkpoint, tensors: [] }]) {
      expect(await applyCheckpoint(network, wrong, directory)).toMatchObject({
        error: { code: 'run/not-a-run', args: { reason: 'MISFIT', file: 'dense_1/kernel' } },
      });
    }
  });
});
