// Where the bootstrap's parts lie: pure functions of the environment, without a look at the disk.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's root. */
export const repository = resolve(import.meta.dirname, '../..');

/** @param {string[]} parts */
export const inRepository = (...parts) => join(repository, ...parts);

/**
 * The user's cache folder of Layerloom; `LAYERLOOM_CACHE` names another one.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 */
export function cacheRoot(env = process.env, platform = process.platform, home = homedir()) {
  if (env['LAYERLOOM_CACHE']) return resolve(env['LAYERLOOM_CACHE']);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'layerloom');
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'layerloom', 'Cache');
  }
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'layerloom');
}

/** @param {string[]} parts */
export const inCache = (...parts) => join(cacheRoot(), ...parts);

/** Folder of one data set. @param {string} id */
export const datasetFolder = (id) => inCache('datasets', id);

/** The npm package whose native parts the bootstrap installs. */
export const tensorflowPackage = inRepository('node_modules', '@tensorflow', 'tfjs-node');
