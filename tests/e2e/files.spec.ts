/** Files, preferences, closing and the menu, in the real Electron. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { serialiseDocument } from '@shared/document/serialise';
import { emptyDocument } from '@shared/document/create';
import {
  answerDialogs,
  environment,
  type LaunchedApp,
  launchApp,
  type LaunchOptions,
  repository,
  rootSwitches,
  runtime,
} from './support/launch';
import { canvasReady } from './support/window';

const emptyFile = serialiseDocument(emptyDocument());

let folder: string;
let launched: LaunchedApp | undefined;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-e2e-'));
});
test.afterEach(async () => {
  await launched?.close();
  launched = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function launch(options: LaunchOptions = {}): Promise<LaunchedApp> {
  launched = await launchApp(options);
  return launched;
}

const save = (page: Page, path: string | null, text: string) =>
  page.evaluate(
    ([target, content]) =>
      window.layerloom.calls.saveFile({
        path: target,
        suggestedName: 'net',
        text: content,
        content: 'document',
      }),
    [path, text] as const,
  );

/** How many windows are left, and whether the program still runs. */
const windowCount = ({ app }: LaunchedApp) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length).catch(() => 0);

const title = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());

/** Asks the window to close, as the button in its title bar does. */
const pressClose = ({ app }: LaunchedApp) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

/** Notes what native message boxes say, and answers each with the given button. */
async function noteMessageBoxes({ app }: LaunchedApp, response: number): Promise<() => Promise<string[]>> {
  await app.evaluate(({ dialog }, answer) => {
    const messages: string[] = [];
    Reflect.set(globalThis, 'notedMessages', messages);
    Reflect.set(dialog, 'showMessageBox', (_window: unknown, options: { message: string }) => {
      messages.push(options.message);
      return Promise.resolve({ response: answer, checkboxChecked: false });
    });
  }, response);
  return () => app.evaluate(() => Reflect.get(globalThis, 'notedMessages') as string[]);
}

test.describe('saving', () => {
  test('writes where the dialog said, and nowhere else', async () => {
    const { app, page } = await launch();
    const file = join(folder, 'a.loom');
    await writeFile(join(folder, 'other.loom'), 'precious');
    await answerDialogs(app, { save: file });
    expect(await save(page, null, emptyFile)).toEqual({ ok: true, value: { path: file, name: 'a.loom' } });
    expect(await readFile(file, 'utf8')).toBe(emptyFile);
    expect(await save(page, join(folder, 'other.loom'), 'lost')).toMatchObject({
      ok: false,
      error: { code: 'file/not-allowed' },
    });
    expect(await readFile(join(folder, 'other.loom'), 'utf8')).toBe('precious');
  });

  test('to a full disk leaves the old file whole', async () => {
    const { app, page } = await launch();
    const disk = join(folder, 'disk');
    await mkdir(disk);
    // A disk of 64 KiB where that can be had; else a file system that refuses every write of root and users alike.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      const file = join(isRoot ? disk : '/proc', 'a.loom');
      await answerDialogs(app, { save: file });
      if (isRoot) expect(await save(page, null, 'o'.repeat(20_000))).toMatchObject({ ok: true });
      const failed = await save(page, isRoot ? file : null, 'n'.repeat(200_000));
      expect(failed).toMatchObject({ ok: false, error: { code: 'file/cannot-write', args: { path: file } } });
      if (!isRoot) return;
      expect(failed).toMatchObject({ error: { args: { reason: 'ENOSPC' } } });
      expect(await readFile(file, 'utf8')).toBe('o'.repeat(20_000));
      expect(await readdir(disk)).toEqual(['a.loom']);
    } finally {
      if (isRoot) execFileSync('umount', [disk]);
    }
  });
});

test.describe('opening', () => {
  test('shows the file of the command line', async () => {
    const file = join(folder, 'named.loom');
    await writeFile(file, emptyFile);
    const { app, page } = await launch({ args: [file] });
    await expect.poll(() => title(app)).toContain('named.loom');
    expect(await save(page, file, emptyFile)).toMatchObject({ ok: true });
  });

  test('says why the file of the command line cannot be read', async () => {
    const { page } = await launch({ args: [join(folder, 'none.loom')] });
    await expect(page.getByText('there is no such file')).toBeVisible();
  });

  test('a file in a second instance shows it in the first', async () => {
    const { app, page, userData } = await launch();
    await canvasReady(page);
    const file = join(folder, 'second.loom');
    await writeFile(file, emptyFile);
    const env = { ...environment(), LAYERLOOM_USER_DATA: userData };
    const second = spawn(runtime(), [...rootSwitches(), repository, 'second.loom'], { env, cwd: folder });
    const code = await new Promise((done) => second.once('exit', done));
    expect(code).toBe(0);
    await expect.poll(() => title(app)).toContain('second.loom');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('remembers recent files, and forgets those that are gone', async () => {
    const userData = join(folder, 'user');
    const files = ['a.loom', 'b.loom'].map((name) => join(folder, name));
    const first = await launch({ userData });
    for (const file of files) {
      await writeFile(file, emptyFile);
      await answerDialogs(first.app, { open: file });
      expect(
        await first.page.evaluate(() => window.layerloom.calls.openFile({ content: 'document' })),
      ).toMatchObject({
        ok: true,
      });
    }
    await first.close();
    await rm(join(folder, 'a.loom'));
    const { page } = await launch({ userData });
    const recent = await page.evaluate(() => window.layerloom.calls.recentFiles({}));
    expect(recent).toEqual({ ok: true, value: [{ path: files[1], name: 'b.loom', folder }] });
    const open = (path: string) => page.evaluate((p) => window.layerloom.calls.openRecent({ path: p }), path);
    expect(await open(files[1] ?? '')).toMatchObject({ ok: true, value: { text: emptyFile } });
    expect(await open('/etc/hostname')).toMatchObject({ ok: false, error: { code: 'file/not-allowed' } });
  });
});

test.describe('preferences', () => {
  test('outlast the app, and a damaged file is no harm', async () => {
    const userData = join(folder, 'user');
    const first = await launch({ userData });
    const menu = ({ app }: LaunchedApp) =>
      app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
    expect(await menu(first)).toContain('Edit');
    await first.page.evaluate(() =>
      window.layerloom.calls.setPreferences({ locale: 'zh-CN', theme: 'dark' }),
    );
    expect(await menu(first)).toContain('编辑');
    await first.close();

    const second = await launch({ userData });
    expect(await menu(second)).toContain('编辑');
    expect(await second.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
    await second.close();

    await writeFile(join(userData, 'preferences.json'), '{"locale":');
    const third = await launch({ userData });
    expect(await menu(third)).toContain('Edit');
  });

  test('begin with the system’s language', async () => {
    const { app } = await launch({ env: { LANG: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN', LC_ALL: 'C.UTF-8' } });
    const languages = await app.evaluate(({ app: electronApp }) => electronApp.getPreferredSystemLanguages());
    const labels = await app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()?.items.map(({ label }) => label),
    );
    expect(languages[0]).toMatch(/^zh/);
    expect(labels).toContain('编辑');
  });
});

test.describe('closing', () => {
  /** Resolves to the program's exit code. */
  const exitCode = ({ program }: LaunchedApp) =>
    new Promise<number | null>((done) => program.once('exit', (code) => done(code)));

  async function deleteANode({ app, page }: LaunchedApp): Promise<void> {
    await page.locator('.svelte-flow__node').first().click();
    await page.keyboard.press('Delete');
    await expect.poll(() => title(app)).toMatch(/^• /);
  }

  test('without changes ends the app', async () => {
    const app = await launch();
    await canvasReady(app.page);
    const ended = exitCode(app);
    await pressClose(app).catch(() => undefined);
    expect(await ended).toBe(0);
  });

  test('with changes asks first, and closes when the user wants that', async () => {
    const app = await launch();
    await canvasReady(app.page);
    await deleteANode(app);
    await pressClose(app);
    const dialog = app.page.getByRole('dialog');
    await expect(dialog).toContainText('Save the changes');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await windowCount(app)).toBe(1);
    await pressClose(app);
    const ended = exitCode(app);
    // The page may be gone before Playwright has seen the click.
    await dialog
      .getByRole('button', { name: 'Don’t save' })
      .click()
      .catch(() => undefined);
    expect(await ended).toBe(0);
  });

  test('with changes and a page that hangs asks natively', async () => {
    const app = await launch();
    await canvasReady(app.page);
    const messages = await noteMessageBoxes(app, 1);
    await deleteANode(app);
    void app.page
      .evaluate(() => {
        for (;;);
      })
      .catch(() => undefined);
    // The two requests go by ways of their own: the page must be busy first.
    await new Promise((next) => setTimeout(next, 500));
    await pressClose(app);
    await expect
      .poll(messages, { timeout: 10_000 })
      .toEqual(['The window does not answer, and it has unsaved changes.']);
    // "Keep waiting" keeps it.
    expect(await windowCount(app)).toBe(1);
    await noteMessageBoxes(app, 0);
    const ended = exitCode(app);
    await pressClose(app);
    expect(await ended).toBe(0);
  });
});

test('a page whose process dies is offered again', async () => {
  const app = await launch();
  await canvasReady(app.page);
  const messages = await noteMessageBoxes(app, 0);
  const reloaded = app.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise((done) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => done(true));
        contents?.forcefullyCrashRenderer();
      }),
  );
  expect(await reloaded).toBe(true);
  expect(await messages()).toEqual([expect.stringContaining('The window stopped working')]);
  const type: unknown = await app.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('typeof window.layerloom'),
  );
  expect(type).toBe('object');
});

test('undo from the menu is for the text field that has the focus', async () => {
  const { app, page } = await launch();
  await canvasReady(page);
  const commands = await page.evaluateHandle(() => {
    const heard: string[] = [];
    window.layerloom.events.menuCommand(({ command }) => heard.push(command));
    const field = document.createElement('input');
    field.id = 'test-field';
    document.body.append(field);
    field.focus();
    return heard;
  });
  const clickUndo = () =>
    app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('edit.undo')?.click();
    });
  await page.keyboard.type('abc');
  await clickUndo();
  await expect(page.locator('#test-field')).not.toHaveValue('abc');
  expect(await commands.jsonValue()).toEqual([]);
  await page.locator('#test-field').evaluate((field) => field.remove());
  await clickUndo();
  await expect.poll(() => commands.jsonValue()).toEqual(['edit.undo']);
});
