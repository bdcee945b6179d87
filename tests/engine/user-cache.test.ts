/** The user's cache folder: the engine looks where the bootstrap writes. */
import { describe, expect, it } from 'vitest';
import { userCache } from '@shared/datasets/folders';

describe('the user cache', () => {
  it.each([
    ['linux', { HOME: '/home/ada' }, '/home/ada', '/home/ada/.cache/layerloom'],
    ['linux', { XDG_CACHE_HOME: '/fast' }, '/home/ada', '/fast/layerloom'],
    ['darwin', {}, '/Users/ada', '/Users/ada/Library/Caches/layerloom'],
    ['win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Users\\ada', 'C:\\Local/layerloom/Cache'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada/AppData/Local/layerloom/Cache'],
    ['linux', { LAYERLOOM_CACHE: '/named', XDG_CACHE_HOME: '/fast' }, '/home/ada', '/named'],
  ])('of %s with %j is where the platform keeps caches', (platform, environment, home, folder) => {
    expect(userCache({ environment, platform, home })).toBe(folder);
  });

  it('is the folder that the bootstrap fills', async () => {
    const paths: unknown = await import('../../scripts/bootstrap/paths.mjs');
    const { cacheRoot } = paths as {
      readonly cacheRoot: (env: object, platform: string, home: string) => string;
    };
    for (const environment of [{}, { XDG_CACHE_HOME: '/fast' }, { LAYERLOOM_CACHE: '/named' }]) {
      expect(userCache({ environment, platform: 'linux', home: '/home/ada' })).toBe(
        cacheRoot(environment, 'linux', '/home/ada'),
      );
    }
  });
});
