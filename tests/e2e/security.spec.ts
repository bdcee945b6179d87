/** What the page can reach, and what it cannot: in the real Electron, as root and as another user. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import { appContract } from '@shared/ipc/app.contract';
import { environment, type LaunchedApp, launchApp, repository, runtime } from './support/launch';
import { type OtherUser, prepareOtherUser, processesOf, statusOf, watch } from './support/other-user';

const CSP_HEADER = 'content-security-policy';
const START_PAGE = 'app://bundle/index.html';

test.describe('the page', () => {
  let launched: LaunchedApp;
  let page: Page;

  test.beforeAll(async () => {
    launched = await launchApp();
    page = launched.page;
  });
  test.afterAll(() => launched.close());

  test('has nothing of Node', async () => {
    const types = await page.evaluate(() =>
      ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname'].map(
        (name) => typeof (globalThis as Record<string, unknown>)[name],
      ),
    );
    expect(new Set(types)).toEqual(new Set(['undefined']));
  });

  test('is sandboxed and isolated', async () => {
    const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const get: unknown = contents && Reflect.get(contents, 'getLastWebPreferences');
      return typeof get === 'function' ? (Reflect.apply(get, contents, []) as Record<string, unknown>) : {};
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  test('finds exactly the contract', async () => {
    const found = await page.evaluate(() => ({
      parts: Object.keys(window.layerloom),
      calls: Object.keys(window.layerloom.calls),
      events: Object.keys(window.layerloom.events),
    }));
    expect(found.parts).toEqual(['calls', 'events']);
    expect(found.calls.sort()).toEqual(Object.keys(appContract.calls).sort());
    expect(found.events.sort()).toEqual(Object.keys(appContract.events).sort());
    const isChanged = await page.evaluate(() => {
      const own = window.layerloom.calls.start;
      Reflect.set(window.layerloom.calls, 'start', () => null);
      return window.layerloom.calls.start !== own;
    });
    expect(isChanged).toBe(false);
  });

  test('may call with what the contract allows, and gets a problem otherwise', async () => {
    const started = await page.evaluate(() => window.layerloom.calls.start({}));
    expect(started).toMatchObject({ ok: true, value: { preferences: { locale: 'en' } } });
    const refused = await page.evaluate(
      (request) => Reflect.apply(window.layerloom.calls.endEngine, undefined, [request]) as Promise<unknown>,
      { engine: 'all' },
    );
    expect(refused).toMatchObject({ ok: false, error: { code: 'ipc/bad-request' } });
  });

  test('came with a policy that names no remote source', async () => {
    const policy = await page.evaluate(
      async ({ url, header }) => (await fetch(url)).headers.get(header) ?? '',
      { url: START_PAGE, header: CSP_HEADER },
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  test('breaks its own policy nowhere when it starts', async () => {
    const complaints: string[] = [];
    const note = (message: { text(): string }): void => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    };
    page.on('console', note);
    await page.reload();
    await expect(page.locator('.svelte-flow__node').first()).toBeVisible();
    page.off('console', note);
    expect(complaints).toEqual([]);
  });

  test('runs no inline script, evaluates no text and reaches no other host', async () => {
    const found = await page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        blocked.push(`${effectiveDirective} ${blockedURI}`),
      );
      const script = document.createElement('script');
      script.textContent = 'window.wasRun = true';
      document.head.append(script);
      const image = new Image();
      image.src = 'https://example.com/image.png';
      // Later, in a task of the page's own: what the debugger evaluates is free of this rule.
      const evaluated = await new Promise((done) => {
        setTimeout(() => {
          try {
            Reflect.apply(Function, undefined, ['return 1']);
            done('evaluated');
          } catch {
            done('refused');
          }
        });
      });
      const fetched = await fetch('https://example.com/').catch(() => 'refused');
      await new Promise((next) => setTimeout(next, 200));
      return { blocked, evaluated, fetched, wasRun: 'wasRun' in window };
    });
    expect(found).toMatchObject({ evaluated: 'refused', fetched: 'refused', wasRun: false });
    expect(found.blocked).toEqual(
      expect.arrayContaining([
        'script-src-elem inline',
        'script-src eval',
        'connect-src https://example.com/',
        'img-src https://example.com/image.png',
      ]),
    );
  });

  test('gets no file outside the app', async () => {
    const statuses = await page.evaluate(
      async (urls) => Promise.all(urls.map(async (url) => (await fetch(url)).status)),
      [START_PAGE, 'app://bundle/..%2f..%2fpackage.json', 'app://bundle/%2e%2e%2fmain%2fmain.js'],
    );
    expect(statuses).toEqual([200, 404, 404]);
    expect(await page.evaluate(() => fetch('file:///etc/hostname').catch(() => 'refused'))).toBe('refused');
  });

  test('opens no window', async () => {
    expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull();
    expect(await page.evaluate(() => window.open('app://bundle/index.html'))).toBeNull();
    await page.evaluate(() => {
      const anchor = document.createElement('a');
      anchor.href = 'https://example.com/';
      anchor.target = '_blank';
      document.body.append(anchor);
      anchor.click();
      anchor.remove();
    });
    expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('goes nowhere else', async () => {
    for (const url of ['https://example.com/', 'file:///etc/hostname', 'app://bundle/other.html']) {
      await page.evaluate((target) => void (location.href = target), url);
      await page.waitForTimeout(200);
      expect(page.url()).toBe(START_PAGE);
    }
    // Not by a locator: Playwright waits for the end of the navigation that was refused.
    expect(await page.evaluate(() => document.querySelector('.svelte-flow__node') !== null)).toBe(true);
  });

  test('gets no permission', async () => {
    const answers = await page.evaluate(async () => {
      const ask = async (name: string): Promise<string> =>
        (await navigator.permissions.query({ name: name as PermissionName })).state;
      const media = await navigator.mediaDevices
        .getUserMedia({ audio: true, video: true })
        .then(() => 'granted')
        .catch((error: unknown) => (error instanceof Error ? error.name : 'refused'));
      const place = await new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('granted'),
          ({ code }) => done(code),
        ),
      );
      const notices = await Notification.requestPermission();
      const states = await Promise.all(['geolocation', 'notifications', 'camera', 'midi'].map(ask));
      return { media, place, notices, states };
    });
    expect(answers.media).not.toBe('granted');
    // 1 is PERMISSION_DENIED.
    expect(answers).toMatchObject({ place: 1, notices: 'denied' });
    expect(answers.states).not.toContain('granted');
  });
});

test.describe('the sandbox', () => {
  let other: OtherUser;
  let userData: string;

  test.beforeAll(async () => {
    other = await prepareOtherUser();
    userData = await mkdtemp(join(tmpdir(), 'layerloom-user-'));
  });
  test.afterAll(async () => {
    await other.remove();
    await rm(userData, { recursive: true, force: true });
  });

  test('holds the page’s process when a user runs the app', async () => {
    const program = other.start('--remote-debugging-port=0');
    try {
      await expect.poll(() => program.error(), { timeout: 30_000 }).toContain('DevTools listening on');
      const address = /DevTools listening on (\S+)/.exec(program.error())?.[1] ?? '';
      const browser = await chromium.connectOverCDP(address);
      const page = browser.contexts()[0]?.pages()[0] ?? (await browser.contexts()[0]?.waitForEvent('page'));
      expect(await page?.evaluate(() => typeof window.layerloom)).toBe('object');
      // Chromium keeps a spare renderer at times: every one must be held.
      const renderers = processesOf(program.process, 'renderer');
      expect(renderers.length).toBeGreaterThan(0);
      for (const renderer of renderers) {
        // 2 is a filter of system calls, 0 none.
        expect(statusOf(renderer, 'Seccomp')).toBe('2');
        expect(statusOf(renderer, 'NoNewPrivs')).toBe('1');
      }
      if (process.getuid?.() === 0) expect(statusOf(program.process.pid ?? 0, 'Uid')).not.toMatch(/\b0\b/);
      expect(program.error()).not.toContain('sandbox');
      await browser.close();
    } finally {
      program.process.kill('SIGKILL');
      await program.ended;
    }
  });

  test('is not given up for a user who asks for it', async () => {
    const program = other.start('--no-sandbox');
    expect(await program.ended).toBe(2);
    expect(program.error()).toContain('does not run without its sandbox');
  });

  test('is given up for root only, and that is said', async () => {
    const env = { ...environment(), LANG: 'en_US.UTF-8', LAYERLOOM_USER_DATA: userData };
    const program = watch(spawn(runtime(), ['--no-sandbox', repository], { env }));
    const isRoot = process.getuid?.() === 0;
    const sentence = isRoot
      ? 'the sandbox of its window is off (--no-sandbox)'
      : 'does not run without its sandbox';
    await expect.poll(() => program.error(), { timeout: 30_000 }).toContain(sentence);
    program.process.kill('SIGKILL');
    await program.ended;
  });
});
