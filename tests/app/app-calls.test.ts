/** The app contract as the main process serves it: senders checked, requests parsed, problems as data. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChosenFolders } from '../../src-main/app/files/chosen-folders';
import { DocumentFiles } from '../../src-main/app/files/document-files';
import { RecentFiles } from '../../src-main/app/files/recent-files';
import { appHandlers, type AppServices } from '../../src-main/app/handlers';
import { serveCalls } from '../../src-main/app/ipc';
import { appContract, type Preferences } from '@shared/ipc/app.contract';
import { callNames, channels, eventNames } from '@shared/ipc/bridge';
import { success } from '@shared/util/result';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-calls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Listener = Parameters<IpcMain['handle']>[1];

/** Serves the contract and returns its one channel as a function. */
function serve(services: Partial<AppServices> = {}) {
  const recent = new RecentFiles(join(folder, 'recent.json'));
  const done: string[] = [];
  let preferences: Preferences = { locale: 'en', theme: 'system' };
  const all: AppServices = {
    version: '1.2.3',
    platform: 'linux',
    recent,
    files: new DocumentFiles(recent, {
      chooseToOpen: () => Promise.resolve(null),
      chooseToSave: () => Promise.resolve(join(folder, 'saved.loom')),
    }),
    preferences: () => preferences,
    setPreferences: (value) => {
      preferences = value;
      return Promise.resolve(success(undefined));
    },
    chosenFolders: new ChosenFolders('/nowhere/image-folders.json', () => Promise.resolve(null)),
    datasets: () => [{ id: 'mnist', isPresent: true }],
    takeFileArgument: () => undefined,
    setDocumentState: (name, isDirty) => done.push(`${name} ${isDirty}`),
    closeWindow: () => done.push('close'),
    openEngine: () => success({ engine: 7 }),
    endEngine: (engine) => done.push(`end ${engine}`),
    imports: {
      start: () => {
        done.push('import');
        return Promise.resolve(success(null));
      },
    },
    exports: {
      start: ({ target }) => {
        done.push(`export ${target}`);
        return Promise.resolve(success(null));
      },
      cancel: () => {
        done.push('cancel');
        return Promise.resolve();
      },
      show: (path) => {
        done.push(`show ${path}`);
        return success(true);
      },
    },
    ...services,
  };
  let listener: Listener | undefined;
  let isTrusted = true;
  const ipcMain = {
    handle: (channel: string, heard: Listener) => (listener = channel === channels.call ? heard : listener),
  };
  serveCalls(ipcMain as Pick<IpcMain, 'handle'>, appContract, appHandlers(all), () => isTrusted);
  const call = (name: unknown, request?: unknown): Promise<unknown> =>
    new Promise((resolve) => resolve(listener?.({} as IpcMainInvokeEvent, name, request)));
  return { call, done, distrust: () => (isTrusted = false) };
}

test('the names that the preload script exposes are those of the contract', () => {
  expect([...callNames].sort()).toEqual(Object.keys(appContract.calls).sort());
  expect([...eventNames].sort()).toEqual(Object.keys(appContract.events).sort());
});

describe('a call', () => {
  test('is not even read from a sender that is not trusted', async () => {
    const { call, done, distrust } = serve();
    distrust();
    await expect(call('closeWindow', {})).rejects.toThrow('Refused');
    expect(done).toEqual([]);
  });

  test.each(['nonsense', 'constructor', '__proto__', 'toString'])('named %s is refused', async (name) => {
    expect(await serve().call(name, {})).toMatchObject({ ok: false, error: { code: 'ipc/unknown-call' } });
  });

  test.each([undefined, 3, null, {}])('named by %j is refused', async (name) => {
    await expect(serve().call(name, {})).rejects.toThrow();
  });

  test.each([
    ['saveFile', { path: 3, suggestedName: 'x', text: 'y', content: 'document' }],
    ['saveFile', { path: null, suggestedName: 'x', text: 'y', content: 'picture' }],
    ['openFile', {}],
    ['saveFile', { suggestedName: 'x', text: 'y', content: 'document' }],
    ['openRecent', {}],
    ['setPreferences', { locale: 'xx', theme: 'dark' }],
    ['endEngine', { engine: 1.5 }],
    ['start', null],
  ])('%s with %j is refused', async (name, request) => {
    expect(await serve().call(name, request)).toMatchObject({
      ok: false,
      error: { code: 'ipc/bad-request' },
    });
  });

  test('that throws, a mistake of ours, comes back as a problem', async () => {
    const { call } = serve({
      openEngine: () => {
        throw new Error('no such thing');
      },
    });
    expect(await call('openEngine', {})).toMatchObject({
      ok: false,
      error: { code: 'ipc/call-failed', args: { reason: 'no such thing' } },
    });
  });

  test('reaches its handler, and its reply fits the contract', async () => {
    const { call, done } = serve();
    await call('setDocumentState', { name: 'a.loom', isDirty: true });
    await call('endEngine', { engine: 7 });
    await call('closeWindow', {});
    expect(done).toEqual(['a.loom true', 'end 7', 'close']);
    expect(await call('openEngine', {})).toEqual({ ok: true, value: { engine: 7 } });
    const started = (await call('start', {})) as { value: unknown };
    expect(appContract.calls.start.reply.parse(started.value)).toMatchObject({ version: '1.2.3' });
  });
});

describe('start', () => {
  test('brings the file of the command line', async () => {
    await writeFile(join(folder, 'a.loom'), '{}');
    const { call } = serve({ takeFileArgument: () => join(folder, 'a.loom') });
    expect(await call('start', {})).toMatchObject({
      ok: true,
      value: { file: { name: 'a.loom', text: '{}' } },
    });
  });

  test('brings the problem where that file cannot be read', async () => {
    const { call } = serve({ takeFileArgument: () => join(folder, 'none.loom') });
    const result = await call('start', {});
    expect(result).toMatchObject({ ok: true, value: { problem: { code: 'file/cannot-read' } } });
    expect(result).not.toHaveProperty('value.file');
  });
});
