/** Exports of the window: where to, in a process of its own, and nothing left of one that dies. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EngineConfiguration, engineContract } from '@shared/ipc/engine.contract';
import type { ExportReply } from '@shared/ipc/export-messages';
import { connect, serve } from '@shared/ipc/rpc';
import { problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import type { Problem } from '@shared/problems/problem';
import { type ExportEngine, Exports, type ExportServices } from '../../src-main/app/exports/exports';
import { portPair } from '../shared/ipc/port-pair';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-exports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Work = (
  configuration: EngineConfiguration,
  die: (exitCode: number) => void,
) => Promise<Result<ExportReply, Problem>>;

const written = (path: string): ExportReply => ({
  ...{ kind: 'written', path, files: [{ path: 'x', bytes: 1 }], origin: { kind: 'none' }, notes: [] },
});

/** Exports whose engine does `work`. */
function create(work: Work, services: Partial<ExportServices> = {}) {
  const asked: unknown[] = [];
  const configured: EngineConfiguration[] = [];
  const events: string[] = [];
  const openEngine = (configuration: EngineConfiguration): ExportEngine => {
    configured.push(configuration);
    const [near, far] = portPair();
    let end: (exitCode: number) => void = () => undefined;
    const exited = new Promise<number>((resolve) => (end = resolve));
    const client = connect(engineContract, near);
    const die = (exitCode: number) => {
      client.dispose();
      end(exitCode);
    };
    const none = () => failure(problem('run/nothing-trained'));
    const nothing = {
      ...{
        describe: none,
        train: none,
        resume: none,
        predictTest: none,
        restore: none,
        inspectFolder: none,
        evaluate: none,
        predictImages: none,
        readImport: none,
        matchImport: none,
        takeImport: none,
      },
      ...{ benchmark: none, usage: none },
    };
    const server = serve(engineContract, far, {
      ...nothing,
      stop: () => success({ acknowledged: true as const }),
      exportModel: async (request) => {
        asked.push(request);
        server.emit('exportProgress', { phase: 'writing', done: 1, total: 2 });
        return work(configuration, die);
      },
      cancelExport: () => {
        events.push('cancel');
        return success({ acknowledged: true as const });
      },
    });
    return { client, exited, end: () => die(0) };
  };
  const exports = new Exports({
    choose: (name) => Promise.resolve(join(folder, name)),
    openEngine,
    runFolder: (engine) => (engine === 3 ? '/runs/3' : undefined),
    datasetDirectories: () => ({ mnist: '/data/mnist' }),
    chosenFolders: '/data/image-folders.json',
    locale: () => 'zh-CN',
    onProgress: ({ phase }) => events.push(phase),
    reveal: (path) => events.push(`reveal ${path}`),
    ...services,
  });
  return { exports, asked, configured, events };
}

const request = {
  ...{ target: 'safetensors', options: {}, name: 'lenet.loom', check: true },
  source: { kind: 'run', engine: 3 } as const,
};

describe('an export', () => {
  test('runs in an engine that may write where the user said, and only there', async () => {
    const path = join(folder, 'lenet.safetensors');
    const { exports, asked, configured, events } = create(() => Promise.resolve(success(written(path))));
    expect(await exports.start(request)).toEqual(success(written(path)));
    expect(configured).toMatchObject([
      {
        runDirectory: '/runs/3',
        device: 'auto',
        exportTo: { path, overwrite: true },
        datasetDirectories: { mnist: '/data/mnist' },
        chosenFolders: '/data/image-folders.json',
      },
    ]);
    expect(dirname(configured[0]?.exportTo?.staging ?? '')).toBe(folder);
    expect(asked).toMatchObject([{ source: { kind: 'run' }, name: 'lenet', locale: 'zh-CN', check: true }]);
    expect(events).toEqual(['writing']);
    expect(exports.show(path)).toMatchObject({ ok: true });
    expect(events).toContain(`reveal ${path}`);
    expect(exports.show('/etc/passwd')).toMatchObject({ ok: false, error: { code: 'file/not-allowed' } });
  });

  test('of a document with initial weights has no run', async () => {
    const { exports, configured, asked } = create(() => Promise.resolve(success(written('x'))));
    await exports.start({ ...request, source: { kind: 'document', text: '{}' } });
    expect(configured[0]?.runDirectory).toBe(null);
    expect(asked).toMatchObject([{ source: { kind: 'document', text: '{}' } }]);
  });

  test('takes the extension that belongs to the format, and no file that the dialog did not ask about', async () => {
    await writeFile(join(folder, 'mine.safetensors'), 'mine');
    const { exports, configured } = create(() => Promise.resolve(success(written('x'))), {
      choose: () => Promise.resolve(join(folder, 'mine')),
    });
    await exports.start(request);
    expect(configured[0]?.exportTo).toMatchObject({
      path: join(folder, 'mine.safetensors'),
      overwrite: false,
    });
  });

  test('proposes a name, never a folder', async () => {
    const names: string[] = [];
    const { exports } = create(() => Promise.resolve(success(written('x'))), {
      choose: (name) => {
        names.push(name);
        return Promise.resolve(null);
      },
    });
    expect(await exports.start({ ...request, name: '../../etc/lenet.loom' })).toEqual(success(null));
    expect(names).toEqual(['lenet.safetensors']);
  });

  test('that dies leaves nothing, and says so', async () => {
    const { exports } = create(async ({ exportTo }, die) => {
      await mkdir(exportTo?.staging ?? '');
      await writeFile(join(exportTo?.staging ?? '', 'half'), 'x');
      die(139);
      return new Promise(() => undefined);
    });
    expect(await exports.start(request)).toMatchObject({
      error: { code: 'run/engine-died', args: { exitCode: 139 } },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('is refused while another runs, can be cancelled, and ends with the app', async () => {
    let staging = '';
    const { exports, events } = create(async ({ exportTo }) => {
      staging = exportTo?.staging ?? '';
      await mkdir(staging);
      return new Promise(() => undefined);
    });
    const first = exports.start(request);
    await expect.poll(() => existsSync(staging)).toBe(true);
    expect(await exports.start(request)).toMatchObject({ error: { code: 'run/busy' } });
    await exports.cancel();
    expect(events).toContain('cancel');
    exports.close();
    expect(existsSync(staging)).toBe(false);
    expect(await first).toMatchObject({ error: { code: 'run/engine-died' } });
  });

  test('needs a run that there is, and a format that there is', async () => {
    const { exports } = create(() => Promise.resolve(success(written('x'))));
    const run = { ...request, source: { kind: 'run', engine: 4 } as const };
    expect(await exports.start(run)).toMatchObject({ error: { code: 'run/nothing-trained' } });
    expect(await exports.start({ ...request, target: 'fax' })).toMatchObject({
      error: { code: 'export/unknown-target' },
    });
  });
});
