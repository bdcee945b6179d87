// What the npm scripts share: finding tools, running them, building when something changed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { electronEnvironment, findElectron } from './bootstrap/electron.mjs';
import { inRepository } from './bootstrap/paths.mjs';
import { isOnPath } from './bootstrap/system.mjs';

const require = createRequire(import.meta.url);

/** The script behind a package's command, so that it runs without a shell on every platform.
 * @param {string} packageName @param {string} [command] */
export function tool(packageName, command = packageName) {
  const folder = inRepository('node_modules', packageName);
  const { bin } = require(join(folder, 'package.json'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Runs a program with our terminal; resolves to its exit code, 1 if a signal ended it or it could not start.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] @returns {Promise<number>}
 */
export function runHere(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: inRepository(),
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.on('error', () => done(1));
    child.on('close', (code) => done(code ?? 1));
  });
}

/** Runs a Node script with our terminal. @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
export const runNodeHere = (args, env) => runHere(process.execPath, args, env);

/** Runs a Node script that needs a screen, on a virtual one where there is none.
 * @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
export function runOnScreen(args, env) {
  const virtual = process.platform === 'linux' && !hasDisplay() && isOnPath('xvfb-run');
  const screen = ['-a', '-s', '-screen 0 1600x1000x24'];
  return virtual ? runHere('xvfb-run', [...screen, process.execPath, ...args], env) : runNodeHere(args, env);
}

/** Whether windows can open. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

/** Whether windows can open, on a virtual screen at least. */
export const hasScreen = () => hasDisplay() || isOnPath('xvfb-run');

/** Chromium refuses to run its sandbox as root. */
export const isRoot = () => process.getuid?.() === 0;

/** The runtime that the bootstrap found; the bootstrap has said what to do if there is none. */
export function electron() {
  const runtime = findElectron();
  if (!runtime) throw new Error('There is no Electron runtime: run "npm run bootstrap".');
  return { ...runtime, environment: electronEnvironment(runtime) };
}

const SOURCES = [
  'src-shared',
  'src-main',
  'src-renderer',
  'resources',
  'electron.vite.config.ts',
  'svelte.config.js',
  'package-lock.json',
];
const stampFile = inRepository('out', 'sources.sha256');

/** @param {string} path @returns {string[]} */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** One hash over everything that goes into the build. */
function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesUnder(inRepository(source)))) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Builds main, engine, command line, preload and renderer into out/. @returns {Promise<boolean>} */
export async function build() {
  const hash = sourcesHash();
  const code = await runNodeHere([tool('electron-vite'), 'build']);
  if (code === 0) writeFileSync(stampFile, hash);
  return code === 0;
}

/** Builds unless what is in out/ was made of the present sources. @returns {Promise<boolean>} */
export async function buildIfStale() {
  const fresh = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourcesHash();
  return fresh || (await build());
}
