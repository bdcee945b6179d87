// TensorFlow's native parts (libtensorflow and the addon) for tfjs-node, and tfjs-node-gpu beside an NVIDIA device.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { hasNvidia } from './devices.mjs';
import { linkTree, reachable, replaceFolder } from './files.mjs';
import { inCache, inRepository, tensorflowPackage } from './paths.mjs';
import { runNode, runNpm, say, tail } from './process.mjs';
import { buildFromWheel, nodeHeaders } from './tensorflow-wheel.mjs';

const NATIVE_FOLDERS = ['deps', 'lib'];
const LIBRARY = /^(libtensorflow(_cc)?(\.2)?\.(so|dylib)|libtensorflow(_cc)?\.so\.2|tensorflow\.dll)$/;

/**
 * @typedef {object} Flavour
 * @property {'cpu' | 'gpu'} kind
 * @property {string} folder  the npm package
 * @property {string[]} wheels  Python packages with the same libraries, best first
 */

/** @param {string} folder @returns {string[]} */
const list = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

/** Whether the addon and libtensorflow lie in a tfjs-node package (or in the cache's copy of its native folders).
 * @param {string} folder */
export function hasNativeParts(folder) {
  const addon = list(join(folder, 'lib')).some((name) =>
    existsSync(join(folder, 'lib', name, 'tfjs_binding.node')),
  );
  return addon && list(join(folder, 'deps', 'lib')).some((name) => LIBRARY.test(name));
}

/** @param {string} folder */
const packageVersion = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** The cache's folder for one flavour on this platform. @param {Flavour} flavour */
const cacheFolder = ({ kind, folder }) =>
  inCache('tensorflow', `${kind}-${packageVersion(folder)}-${process.platform}-${process.arch}`);

/** @param {string} from @param {string} to */
async function copyNativeParts(from, to) {
  for (const name of NATIVE_FOLDERS) {
    await replaceFolder(join(to, name), (folder) => linkTree(join(from, name), folder));
  }
}

/** Loads the package in a process of its own, for a wrong library aborts. @param {string} folder */
async function loadError(folder) {
  // Node 23 dropped util.isNullOrUndefined, which tfjs-node 4.22 calls.
  const script = `require('node:util').isNullOrUndefined ??= (value) => value == null;
    const tf = require(${JSON.stringify(folder)}); tf.tensor1d([1, 2]).sum().dataSync();`;
  const { code, output } = await runNode(['-e', script], { timeoutMs: 120_000 });
  return code === 0 ? undefined : tail(output);
}

/** The package's own installer: a prebuilt addon and libtensorflow from its host. @param {Flavour} flavour */
async function runOwnInstaller({ kind, folder }) {
  const host = process.env['TFJS_NODE_CDN_STORAGE'] ?? 'https://storage.googleapis.com/';
  const custom = existsSync(join(folder, 'scripts', 'custom-binary.json'));
  if (!custom && !(await reachable(host))) return `${new URL(host).host} does not answer`;
  say(`running the TensorFlow installer of tfjs-node (${kind})`);
  const path = `${inRepository('node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const { output } = await runNode([join('scripts', 'install.js'), kind, 'download'], {
    cwd: folder,
    // The headers are for a library whose prebuilt addon is missing: the installer then compiles it.
    env: { PATH: path, ...nodeHeaders() },
    timeoutMs: 900_000,
  });
  return hasNativeParts(folder) ? undefined : tail(output);
}

/** Tries each wheel in turn into the cache. @param {Flavour} flavour @param {string} cached */
async function buildIntoCache({ folder, wheels }, cached) {
  if (process.platform !== 'linux') return 'there is no second source for this platform';
  let reason = '';
  for (const wheel of wheels) {
    try {
      await mkdir(inCache('tensorflow'), { recursive: true });
      await replaceFolder(cached, (target) => buildFromWheel(folder, target, wheel));
      return undefined;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      say(`${wheel}: ${reason}`);
    }
  }
  return reason;
}

/** @param {Flavour} flavour @returns {Promise<string | undefined>} why it could not be had */
async function provide(flavour) {
  const { folder } = flavour;
  if (hasNativeParts(folder)) return undefined;
  const cached = cacheFolder(flavour);
  if (!hasNativeParts(cached)) {
    const refused = await runOwnInstaller(flavour);
    if (refused === undefined) {
      await copyNativeParts(folder, cached);
    } else {
      say(`TensorFlow's own installer: ${refused}; taking the Python wheel instead`);
      const failed = await buildIntoCache(flavour, cached);
      if (failed !== undefined) return failed;
    }
  }
  if (!hasNativeParts(folder)) await copyNativeParts(cached, folder);
  const error = await loadError(folder);
  if (error === undefined) return undefined;
  for (const name of NATIVE_FOLDERS) await rm(join(folder, name), { recursive: true, force: true });
  await rm(cached, { recursive: true, force: true });
  return `what was installed does not load: ${error}`;
}

/** @returns {Promise<string | undefined>} what is missing, as a sentence */
export async function bootstrapTensorflow() {
  const reason = await provide({
    kind: 'cpu',
    folder: tensorflowPackage,
    wheels: ['tensorflow-cpu', 'tensorflow'],
  });
  if (reason === undefined) return undefined;
  return (
    `TensorFlow could not be installed (${reason}): open the network to storage.googleapis.com, name a mirror in ` +
    'TFJS_NODE_CDN_STORAGE, or on Linux install python3-pip, make and g++, and run "npm run bootstrap" again.'
  );
}

/** The GPU build, kept in the user's cache since most machines have no use for it.
 * @returns {Promise<string | undefined>} what is missing, as a sentence */
export async function bootstrapTensorflowGpu() {
  if (!(await hasNvidia())) return undefined;
  const root = inCache('tensorflow-gpu');
  const folder = join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const name = `@tensorflow/tfjs-node-gpu@${packageVersion(tensorflowPackage)}`;
  let reason;
  if (!existsSync(folder)) {
    say(`an NVIDIA device is here: installing ${name} into ${root}`);
    await mkdir(root, { recursive: true });
    const { code, output } = await runNpm(['install', '--ignore-scripts', '--prefix', root, name], {
      cwd: root,
    });
    if (code !== 0) reason = tail(output);
  }
  reason ??= await provide({ kind: 'gpu', folder, wheels: ['tensorflow'] });
  if (reason === undefined) return undefined;
  return `The GPU build of TensorFlow could not be installed (${reason}): training runs on the processor; "npm run bootstrap" tries again.`;
}
