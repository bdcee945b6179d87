// Where the user cache lies on each platform.
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cacheRoot } from '../../scripts/bootstrap/paths.mjs';

test('the user cache follows the habits of each platform', () => {
  const home = '/home/ada';
  expect(cacheRoot({}, 'linux', home)).toBe(join(home, '.cache', 'layerloom'));
  expect(cacheRoot({ XDG_CACHE_HOME: '/x' }, 'linux', home)).toBe(join('/x', 'layerloom'));
  expect(cacheRoot({}, 'darwin', home)).toBe(join(home, 'Library', 'Caches', 'layerloom'));
  expect(cacheRoot({ LOCALAPPDATA: '/local' }, 'win32', home)).toBe(join('/local', 'layerloom', 'Cache'));
});

test('LAYERLOOM_CACHE overrides every platform', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(cacheRoot({ LAYERLOOM_CACHE: '/c', XDG_CACHE_HOME: '/x' }, platform, '/h')).toBe(resolve('/c'));
  }
});
