/** Closing with unsaved changes, the native menu, preferences, and files named on the command line. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { ClosingGuard } from '../../src-main/app/closing';
import { fileArgument } from '../../src-main/app/file-argument';
import { menuTemplate } from '../../src-main/app/menu';
import { defaultPreferences, readPreferences, writePreferences } from '../../src-main/app/preferences';
import { menuCommands } from '@shared/ipc/app.contract';
import type { Locale } from '@shared/texts/text';

describe('closing', () => {
  function create(answers: { isAlive: boolean; close?: boolean }) {
    const steps = {
      isPageAlive: vi.fn(() => Promise.resolve(answers.isAlive)),
      askInPage: vi.fn(),
      askNatively: vi.fn(() => Promise.resolve(answers.close ?? false)),
      close: vi.fn(),
    };
    return { guard: new ClosingGuard(steps), steps };
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  test('happens at once without changes', () => {
    const { guard, steps } = create({ isAlive: true });
    guard.setDirty(true);
    guard.setDirty(false);
    expect(guard.mayClose()).toBe(true);
    expect(steps.isPageAlive).not.toHaveBeenCalled();
  });

  test('is left to the page while it answers, each time that the user tries', async () => {
    const { guard, steps } = create({ isAlive: true });
    guard.setDirty(true);
    expect(guard.mayClose()).toBe(false);
    expect(guard.mayClose()).toBe(false);
    await settled();
    expect(steps.askInPage).toHaveBeenCalledTimes(1);
    expect(guard.mayClose()).toBe(false);
    await settled();
    expect(steps.askInPage).toHaveBeenCalledTimes(2);
    expect(steps.askNatively).not.toHaveBeenCalled();
    expect(steps.close).not.toHaveBeenCalled();
  });

  test.each([true, false])('is asked natively where the page hangs; the user says %s', async (close) => {
    const { guard, steps } = create({ isAlive: false, close });
    guard.setDirty(true);
    expect(guard.mayClose()).toBe(false);
    await settled();
    expect(steps.askInPage).not.toHaveBeenCalled();
    expect(steps.close).toHaveBeenCalledTimes(close ? 1 : 0);
  });
});

describe('the menu', () => {
  type Items = MenuItemConstructorOptions[];
  const flatten = (items: Items): Items =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
  const build = (locale: 'en' | 'zh-CN', platform: NodeJS.Platform, onCommand = vi.fn()) =>
    menuTemplate({ locale, platform, isDevelopment: false, onCommand });

  test.each(['linux', 'win32', 'darwin'] as const)(
    'offers every command of the contract once on %s',
    (platform) => {
      const onCommand = vi.fn();
      const items = flatten(build('en', platform, onCommand)).filter(({ click }) => click !== undefined);
      expect(items.map(({ id }) => id).sort()).toEqual([...menuCommands].sort());
      for (const item of items) Reflect.apply(item.click ?? vi.fn(), undefined, []);
      expect(onCommand.mock.calls.flat()).toEqual(items.map(({ id }) => id));
    },
  );

  test('registers no accelerator beside the page’s own keys, but on macOS', () => {
    const registered = (platform: NodeJS.Platform) =>
      flatten(build('en', platform)).filter((item) => item.accelerator && item.registerAccelerator !== false)
        .length;
    expect(registered('linux')).toBe(0);
    expect(registered('win32')).toBe(0);
    expect(registered('darwin')).toBeGreaterThan(5);
  });

  test('gives edit items to no role, which would take undo from text fields and document alike', () => {
    for (const { role } of flatten(build('en', 'darwin'))) {
      expect(['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'editMenu']).not.toContain(role);
    }
  });

  test('is in the language of the user', () => {
    const labels = (locale: Locale) =>
      flatten(build(locale, 'darwin')).flatMap(({ label }) => (label === undefined ? [] : [label]));
    expect(labels('en').filter((label) => /[\u4e00-\u9fff]/.test(label))).toEqual([]);
    expect(labels('zh-CN').filter((label) => !/[\u4e00-\u9fff]/.test(label))).toEqual(['Layerloom']);
  });
});

describe('preferences', () => {
  test.each([
    [['zh-Hans-CN', 'en'], 'zh-CN'],
    [['en-GB', 'zh-CN'], 'en'],
    [['fr', 'zh_TW'], 'zh-CN'],
    [['fr'], 'en'],
    [[], 'en'],
  ] as const)('follow the system’s languages %j', (languages, locale) => {
    expect(defaultPreferences(languages)).toEqual({ locale, theme: 'system' });
  });

  test('are stored, and replaced by the defaults where the store is damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'layerloom-preferences-'));
    const store = join(folder, 'preferences.json');
    const defaults = defaultPreferences(['en']);
    try {
      expect(readPreferences(store, defaults)).toEqual(defaults);
      await writePreferences(store, { locale: 'zh-CN', theme: 'dark' });
      expect(readPreferences(store, defaults)).toEqual({ locale: 'zh-CN', theme: 'dark' });
      expect(await readFile(store, 'utf8')).toContain('"dark"');
      for (const damaged of ['', '{', '[]', '{"locale": "xx", "theme": "dark"}']) {
        await writeFile(store, damaged);
        expect(readPreferences(store, defaults)).toEqual(defaults);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the file of a command line', () => {
  test.each([
    [['layerloom'], undefined],
    [['layerloom', 'a.loom'], '/home/u/a.loom'],
    [['electron', '--no-sandbox', '/app', 'a.loom'], '/home/u/a.loom'],
    [['electron', '--inspect=0', '-r', '/loader.js', '/app', '/x/b.loom', 'c.loom'], '/x/b.loom'],
    [['electron', '/app'], undefined],
    [['layerloom', '--flag', ''], undefined],
  ])('%j is %s', (argv, file) => {
    expect(fileArgument(argv, '/home/u', '/app')).toBe(file);
  });
});
