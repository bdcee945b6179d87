/** Imports of the window: a file is read in a process of its own, and named by a number afterwards. */
import { expect, test } from 'vitest';
import { type EngineConfiguration, type EngineContract, engineContract } from '@shared/ipc/engine.contract';
import type { Handlers } from '@shared/ipc/contract';
import { connect, serve } from '@shared/ipc/rpc';
import { problem } from '@shared/problems/problem';
import { failure, success } from '@shared/util/result';
import type { ExportEngine } from '../../src-main/app/exports/exports';
import { Imports } from '../../src-main/app/imports/imports';
import { portPair } from '../shared/ipc/port-pair';

const none = () => failure(problem('run/nothing-trained'));
const nothing: Handlers<EngineContract> = {
  ...{ describe: none, train: none, resume: none, stop: none, predictTest: none, restore: none },
  ...{ evaluate: none, predictImages: none, benchmark: none, usage: none, exportModel: none },
  ...{ cancelExport: none, readImport: none, matchImport: none, takeImport: none, inspectFolder: none },
};

/** Imports whose question is answered with `path`, and whose engine answers with `handlers`. */
function create(
  path: string | null,
  handlers: Partial<Handlers<EngineContract>>,
  dies = false,
  limit?: number,
) {
  const configured: EngineConfiguration[] = [];
  const asked: (readonly string[])[] = [];
  let ended = 0;
  const openEngine = (configuration: EngineConfiguration): ExportEngine => {
    configured.push(configuration);
    const [near, far] = portPair();
    let end: (exitCode: number) => void = () => undefined;
    const exited = new Promise<number>((resolve) => (end = resolve));
    const client = connect(engineContract, near);
    const die = () => {
      client.dispose();
      end(139);
      return none();
    };
    serve(engineContract, far, { ...nothing, ...(dies ? { readImport: die } : handlers) });
    return { client, exited, end: () => (ended++, end(0)) };
  };
  const choose = (extensions: readonly string[]) => {
    asked.push(extensions);
    return Promise.resolve(path);
  };
  const services = { choose, openEngine, datasetDirectories: () => ({}), chosenFolders: 'chosen.json' };
  const imports = new Imports(services, limit);
  return { imports, configured, asked, endings: () => ended };
}

const rows = [{ weight: 'dense_1/kernel', outcome: 'kept' as const }];

test('a file is read by an engine that may read it and write nothing, and its number stands for it', async () => {
  const { imports, configured, asked, endings } = create('/far/net.safetensors', {
    readImport: () => success({ tensors: 1 }),
    matchImport: ({ document }) => success({ rows: document === 'open' ? rows : [] }),
  });
  const reply = await imports.start({ document: 'open' });
  expect(reply).toEqual({ ok: true, value: { id: 1, name: 'net.safetensors', tensors: 1, weights: rows } });
  expect(configured).toMatchObject([{ weightsFrom: '/far/net.safetensors', runDirectory: null }]);
  expect(configured[0]).not.toHaveProperty('exportTo');
  expect(imports.pathOf(1)).toBe('/far/net.safetensors');
  expect(imports.pathOf(2)).toBeUndefined();
  expect(asked[0]).toEqual(expect.arrayContaining(['keras', 'h5', 'safetensors', 'npz']));
  expect(endings()).toBe(1);
});

test('a file that is never read to its end is given up, and the next one can be imported', async () => {
  const { imports, endings } = create('a.h5', { readImport: () => new Promise(() => undefined) }, false, 20);
  for (const count of [1, 2]) {
    expect(await imports.start({ document: '' })).toMatchObject({
      ok: false,
      error: { code: 'import/bad-file', args: { name: 'a.h5', reason: 'TOO_SLOW' } },
    });
    expect(endings()).toBeGreaterThanOrEqual(count);
  }
});

test('a cancelled question starts nothing', async () => {
  const { imports, configured } = create(null, {});
  expect(await imports.start({ document: '' })).toEqual({ ok: true, value: null });
  expect(configured).toEqual([]);
});

test('why the open document takes no weights is told beside the network', async () => {
  const network = { document: 'new', rows: [] };
  const { imports } = create('a.keras', {
    readImport: () => success({ network, tensors: 2 }),
    matchImport: () => failure(problem('run/graph-has-problems', { count: 2 })),
  });
  expect(await imports.start({ document: '' })).toMatchObject({
    ok: true,
    value: { network, weightsProblem: { code: 'run/graph-has-problems' } },
  });
});

test('a file that kills its engine, or is refused, has no number', async () => {
  const dead = create('bad.keras', {}, true);
  expect(await dead.imports.start({ document: '' })).toMatchObject({
    ok: false,
    error: { code: 'run/engine-died', args: { exitCode: 139 } },
  });
  const args = { name: 'bad.keras', reason: 'DAMAGED' };
  const refused = create('bad.keras', { readImport: () => failure(problem('import/bad-file', args)) });
  expect(await refused.imports.start({ document: '' })).toMatchObject({ ok: false, error: { args } });
  for (const { imports } of [dead, refused]) expect(imports.pathOf(1)).toBeUndefined();
});
