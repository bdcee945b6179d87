/** What the page may load, who may call, and when the app may run without its sandbox. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assetHeaders, resolveAsset, START_PAGE } from '../../src-main/app/assets';
import { contentSecurityPolicy } from '../../src-main/app/csp';
import { judgeSandbox } from '../../src-main/app/sandbox';
import { isTrustedSender } from '../../src-main/app/sender';

describe('the content security policy', () => {
  const directives = new Map(
    contentSecurityPolicy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources] as const;
    }),
  );

  test('names no remote source, and no scheme but data and blob for images', () => {
    const local = new Set(["'self'", "'none'", "'unsafe-inline'", 'data:', 'blob:']);
    for (const sources of directives.values())
      expect(sources.every((source) => local.has(source))).toBe(true);
    for (const [name, sources] of directives) {
      expect(sources.includes('data:') || sources.includes('blob:'), name).toBe(name === 'img-src');
    }
  });

  test('runs only the app’s own scripts, and allows inline style in attributes alone', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('style-src')).toEqual(["'self'"]);
    const inline = [...directives].filter(([, sources]) => sources.includes("'unsafe-inline'"));
    expect(inline.map(([name]) => name)).toEqual(['style-src-attr']);
  });

  test('goes with every answer', () => {
    for (const file of ['index.html', 'a.js', 'b.css', 'c.bin']) {
      expect(assetHeaders(file)).toMatchObject({
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      });
    }
    expect(assetHeaders('/x/INDEX.HTML')['Content-Type']).toBe('text/html; charset=utf-8');
  });
});

describe('the app scheme', () => {
  const root = join('/', 'opt', 'app', 'renderer');

  test('serves files below its root', () => {
    expect(resolveAsset(root, START_PAGE)).toBe(join(root, 'index.html'));
    expect(resolveAsset(root, 'app://bundle/assets/a%20b.js?v=1#x')).toBe(join(root, 'assets', 'a b.js'));
    expect(resolveAsset(`${root}/`, 'app://bundle/a/../b.js')).toBe(join(root, 'b.js'));
  });

  test.each([
    'app://bundle/..%2f..%2fetc/passwd',
    'app://bundle/%2e%2e%2fsecret',
    'app://bundle/assets/..%2f..%2f..%2fetc/passwd',
    'app://bundle/..%2frenderer-other/x',
    'app://bundle/index.html%00.js',
    'app://bundle/%E0%A4%A',
    'app://bundle/',
    'app://other/index.html',
    'file:///etc/passwd',
    'https://example.com/index.html',
    'nonsense',
  ])('refuses %s', (url) => {
    expect(resolveAsset(root, url)).toBeNull();
  });
});

describe('a sender', () => {
  const own = { isOwnWindow: true, isMainFrame: true, url: 'app://bundle/index.html' };

  test('is trusted as the main frame of the own window at the own page', () => {
    expect(isTrustedSender(own)).toBe(true);
    expect(isTrustedSender({ ...own, url: 'app://bundle/index.html#x' })).toBe(true);
  });

  test.each([
    { isOwnWindow: false },
    { isMainFrame: false },
    { url: 'app://bundle.example.com/index.html' },
    { url: 'https://bundle/index.html' },
    { url: 'http://localhost:5173/' },
    { url: 'about:blank' },
    { url: '' },
  ])('is refused with %j', (difference) => {
    expect(isTrustedSender({ ...own, ...difference })).toBe(false);
  });

  test('may be the development server where there is one, on its own port', () => {
    const sender = { ...own, url: 'http://localhost:5173/index.html' };
    expect(isTrustedSender(sender, 'http://localhost:5173')).toBe(true);
    expect(isTrustedSender(sender, 'http://localhost:5174')).toBe(false);
    expect(isTrustedSender({ ...own, url: 'https://localhost:5173/' }, 'http://localhost:5173')).toBe(false);
  });
});

describe('the sandbox', () => {
  test('is given up for root only, and that is said', () => {
    expect(judgeSandbox(false, 0)).toEqual({ mayRun: true });
    expect(judgeSandbox(false, 1000)).toEqual({ mayRun: true });
    expect(judgeSandbox(true, 0)).toMatchObject({ mayRun: true });
    expect(judgeSandbox(true, 0).message?.en).toContain('--no-sandbox');
    for (const userId of [1000, undefined]) {
      expect(judgeSandbox(true, userId)).toMatchObject({ mayRun: false });
      expect(judgeSandbox(true, userId).message?.en).toContain('--no-sandbox');
    }
  });
});
