/** Opening and saving: bounded reads, allowed paths, recent files. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDocumentFile } from '../../src-main/app/files/bounded-read';
import { DocumentFiles, type FileDialogs } from '../../src-main/app/files/document-files';
import { RecentFiles } from '../../src-main/app/files/recent-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);

describe('reading', () => {
  test('gives the text, without a byte order mark', async () => {
    await writeFile(inFolder('a.loom'), '\ufeff{"é": "卷积"}');
    expect(await readDocumentFile(inFolder('a.loom'))).toEqual({ ok: true, value: '{"é": "卷积"}' });
  });

  test('accepts the limit and refuses one byte more', async () => {
    await writeFile(inFolder('a.loom'), 'x'.repeat(100));
    expect(await readDocumentFile(inFolder('a.loom'), 100)).toMatchObject({ ok: true });
    expect(await readDocumentFile(inFolder('a.loom'), 99)).toMatchObject({
      ok: false,
      error: { code: 'file/too-large', args: { size: 100, limit: 99 } },
    });
  });

  test('does not trust a size of 0', async () => {
    if (process.platform !== 'linux') return;
    expect(await readDocumentFile('/proc/self/smaps', 1000)).toMatchObject({
      ok: false,
      error: { code: 'file/too-large' },
    });
  });

  test('refuses what is not UTF-8', async () => {
    await writeFile(inFolder('a.loom'), Buffer.from([0x7b, 0xff, 0xfe]));
    expect(await readDocumentFile(inFolder('a.loom'))).toMatchObject({
      ok: false,
      error: { code: 'file/not-json' },
    });
  });

  test('refuses folders, devices and missing files, and does not wait for a pipe', async () => {
    expect(await readDocumentFile(folder)).toMatchObject({
      ok: false,
      error: { args: { reason: 'EISDIR' } },
    });
    expect(await readDocumentFile(inFolder('none'))).toMatchObject({
      ok: false,
      error: { args: { reason: 'ENOENT' } },
    });
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [inFolder('pipe')]);
    for (const path of [inFolder('pipe'), '/dev/zero']) {
      expect(await readDocumentFile(path)).toMatchObject({
        ok: false,
        error: { args: { reason: 'NOT_A_FILE' } },
      });
    }
  });
});

describe('recent files', () => {
  test('are newest first, unique, and at most twelve', async () => {
    const recent = new RecentFiles(inFolder('recent.json'));
    for (let i = 0; i < 14; i++) {
      await writeFile(inFolder(`${i}.loom`), '');
      await recent.add(inFolder(`${i}.loom`));
    }
    await recent.add(inFolder('5.loom'));
    const names = (await recent.list()).map(({ name }) => name);
    expect(names).toEqual([5, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((i) => `${i}.loom`));
  });

  test('last, and forget what is gone', async () => {
    const first = new RecentFiles(inFolder('recent.json'));
    for (const name of ['a.loom', 'b.loom']) {
      await writeFile(inFolder(name), '');
      await first.add(inFolder(name));
    }
    await rm(inFolder('a.loom'));
    const second = new RecentFiles(inFolder('recent.json'));
    expect(await second.list()).toEqual([{ path: inFolder('b.loom'), name: 'b.loom', folder }]);
    expect(JSON.parse(await readFile(inFolder('recent.json'), 'utf8'))).toEqual([inFolder('b.loom')]);
    expect(await second.has(inFolder('a.loom'))).toBe(false);
  });

  test.each(['', '{', '{"a": 1}', '[1, 2]', '["a", null]'])(
    'are empty where the store holds %j',
    async (text) => {
      await writeFile(inFolder('recent.json'), text);
      expect(await new RecentFiles(inFolder('recent.json')).list()).toEqual([]);
    },
  );
});

describe('documents', () => {
  function create(answers: { open?: string; save?: string } = {}) {
    const asked: string[] = [];
    const dialogs: FileDialogs = {
      chooseToOpen: () => Promise.resolve(answers.open ?? null),
      chooseToSave: (name) => {
        asked.push(name);
        return Promise.resolve(answers.save ?? null);
      },
    };
    const recent = new RecentFiles(inFolder('recent.json'));
    return { files: new DocumentFiles(recent, dialogs), recent, asked };
  }

  const save = (files: DocumentFiles, path: string | null, suggestedName: string, text: string) =>
    files.save({ path, suggestedName, text, content: 'document' });

  test('are saved only to paths that were opened or saved before', async () => {
    const { files } = create({ open: inFolder('a.loom') });
    await writeFile(inFolder('a.loom'), 'old');
    await writeFile(inFolder('other.loom'), 'precious');
    expect(await save(files, inFolder('a.loom'), 'a', 'new')).toMatchObject({
      ok: false,
      error: { code: 'file/not-allowed' },
    });
    expect(await files.openWithDialog('document')).toMatchObject({
      ok: true,
      value: { name: 'a.loom', text: 'old' },
    });
    expect(await save(files, inFolder('a.loom'), 'a', 'new')).toMatchObject({ ok: true });
    expect(await readFile(inFolder('a.loom'), 'utf8')).toBe('new');
    const around = join(folder, 'a.loom', '..', 'other.loom');
    expect(await save(files, around, 'a', 'new')).toMatchObject({
      ok: false,
      error: { code: 'file/not-allowed' },
    });
    expect(await readFile(inFolder('other.loom'), 'utf8')).toBe('precious');
  });

  test('are saved under the name that the dialog gave, with the extension', async () => {
    const { files, asked } = create({ save: inFolder('mine') });
    expect(await save(files, null, '../../etc/net', 'text')).toEqual({
      ok: true,
      value: { path: inFolder('mine.loom'), name: 'mine.loom' },
    });
    expect(asked).toEqual(['net.loom']);
    expect(await save(files, inFolder('mine.loom'), 'x', 'again')).toMatchObject({ ok: true });
  });

  test('do not overwrite a file that the dialog did not ask about', async () => {
    const { files } = create({ save: inFolder('mine') });
    await writeFile(inFolder('mine.loom'), 'precious');
    expect(await save(files, null, 'x', 'text')).toMatchObject({
      ok: true,
      value: { path: inFolder('mine') },
    });
    expect(await readFile(inFolder('mine.loom'), 'utf8')).toBe('precious');
  });

  test('are remembered; files of blocks are not, and are written again only where the dialog says', async () => {
    const { files, recent } = create({ open: inFolder('a.loom'), save: inFolder('b.loom') });
    await writeFile(inFolder('a.loom'), 'a');
    const blocks = { suggestedName: 'b', text: 'b', content: 'blocks' } as const;
    expect(await files.openWithDialog('blocks')).toMatchObject({ ok: true, value: { text: 'a' } });
    expect(await files.save({ path: null, ...blocks })).toMatchObject({
      ok: true,
      value: { name: 'b.loom' },
    });
    expect(await recent.list()).toEqual([]);
    expect(await files.save({ path: inFolder('a.loom'), ...blocks })).toMatchObject({
      ok: false,
      error: { code: 'file/not-allowed' },
    });
    expect(await files.openWithDialog('document')).toMatchObject({ ok: true });
    expect(await save(files, null, 'b', 'b')).toMatchObject({ ok: true });
    expect((await recent.list()).map(({ name }) => name)).toEqual(['b.loom', 'a.loom']);
  });

  test('are neither opened nor saved when the dialog was cancelled', async () => {
    const { files } = create();
    expect(await files.openWithDialog('document')).toEqual({ ok: true, value: null });
    expect(await save(files, null, 'x', 'text')).toEqual({ ok: true, value: null });
  });

  test('are opened again only from the list of recent files', async () => {
    const { files, recent } = create();
    await writeFile(inFolder('a.loom'), 'a');
    await mkdir(inFolder('sub'));
    expect(await files.openRecent(inFolder('a.loom'))).toMatchObject({
      ok: false,
      error: { code: 'file/not-allowed' },
    });
    await recent.add(inFolder('a.loom'));
    expect(await files.openRecent(inFolder('a.loom'))).toMatchObject({ ok: true, value: { text: 'a' } });
  });
});
