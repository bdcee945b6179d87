// npm packages: runs `npm ci` when node_modules is not what the lock file asks for.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from './paths.mjs';
import { runNpm, say, tail } from './process.mjs';

/**
 * @typedef {Record<string, {version?: string, optional?: boolean}>} LockedPackages
 */

/** @param {string} file @returns {Promise<LockedPackages | undefined>} */
async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether what is installed has every locked package at its version; optional ones (other platforms) may be absent.
 * @param {LockedPackages} locked @param {LockedPackages} installed
 */
export function isInstalled(locked, installed) {
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === wanted.version : wanted.optional === true;
  });
}

/**
 * Whether the packages of npm's record are there: someone may have cleared folders away.
 * @param {LockedPackages} installed @param {string} [root]
 */
export function isOnDisk(installed, root = inRepository()) {
  return Object.keys(installed).every((path) => existsSync(join(root, path, 'package.json')));
}

/** @returns {Promise<string | undefined>} what is missing, as a sentence */
export async function bootstrapPackages() {
  const locked = await readLock(inRepository('package-lock.json'));
  const installed = await readLock(inRepository('node_modules', '.package-lock.json'));
  if (locked && installed && isInstalled(locked, installed) && isOnDisk(installed)) return undefined;
  say('installing npm packages (npm ci)');
  const { code, output } = await runNpm(['ci', '--ignore-scripts'], { cwd: inRepository() });
  if (code === 0) return undefined;
  return `The npm packages could not be installed (${tail(output)}): check the network and run "npm ci".`;
}
