// TensorFlow where its own host is out of reach: libtensorflow out of the Python wheel, the addon compiled here.
import { existsSync, readdirSync } from 'node:fs';
import { cp, link, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { linkOrCopy, withScratch } from './files.mjs';
import { inCache, repository } from './paths.mjs';
import { run, runNode, say, tail } from './process.mjs';
import { unzip } from './zip.mjs';

const WHEEL_VERSION = '2.21.0';
const WHEEL_LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const INCLUDE = 'tensorflow/include/';

/** The wheel's libraries know themselves by these names; the addon's build looks for the others. */
const LINK_NAMES = {
  'libtensorflow_cc.so.2': 'libtensorflow.so',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so',
};

/** @param {string} what @param {{code: number | null, output: string}} result */
function insist(what, { code, output }) {
  if (code !== 0) throw new Error(`${what} failed: ${tail(output)}`);
}

/** Downloads the wheel; which Python runs pip doesn't matter, since only the C libraries in the wheel are used.
 * @param {string} wheel @param {string} folder */
async function downloadWheel(wheel, folder) {
  const arguments_ = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--dest', folder];
  const version = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
  const patience = ['--retries', '1', '--timeout', '30', '--disable-pip-version-check', '--no-cache-dir'];
  const result = await run('python3', [...arguments_, ...version, ...patience, `${wheel}==${WHEEL_VERSION}`]);
  insist(`pip download ${wheel}`, result);
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (!file) throw new Error(`pip brought no wheel of ${wheel}`);
  return join(folder, file);
}

/** @param {string} name of an entry in the wheel */
function placeInPackage(name) {
  if (name.startsWith(INCLUDE)) return join('deps', 'include', name.slice(INCLUDE.length));
  if (dirname(name) === 'tensorflow' && WHEEL_LIBRARIES.includes(basename(name))) {
    return join('deps', 'lib', basename(name));
  }
  return undefined;
}

/** Node's headers where this Node brought them, so that node-gyp need not download them. */
export function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {};
}

/** Compiles the addon of a tfjs-node package against the libraries that lie in its deps folder. @param {string} folder */
async function compileAddon(folder) {
  const require = createRequire(join(repository, 'package.json'));
  const preGyp = require.resolve('@mapbox/node-pre-gyp/package.json');
  const script = join(dirname(preGyp), 'bin', 'node-pre-gyp');
  // Every Node and Electron that we support takes the latest of the package's Node-API versions.
  const result = await runNode(
    [script, 'rebuild', '--build-from-source', '--build-latest-napi-version-only'],
    {
      cwd: folder,
      env: { ...nodeHeaders(), JOBS: 'max' },
      timeoutMs: 600_000,
    },
  );
  insist('compiling the TensorFlow addon', result);
}

/**
 * Makes deps/lib and lib (the addon) of a tfjs-node package in `target`.
 * @param {string} packageFolder the npm package, for the addon's source
 * @param {string} target an empty folder
 * @param {string} wheel name of the Python package
 */
export async function buildFromWheel(packageFolder, target, wheel) {
  await mkdir(inCache(), { recursive: true });
  await withScratch(inCache(), async (scratch) => {
    say(`downloading the ${wheel} ${WHEEL_VERSION} wheel with pip (about 270 MB)`);
    const file = await downloadWheel(wheel, scratch);
    say('unpacking libtensorflow from the wheel');
    await unzip(file, scratch, placeInPackage);
    await rm(file);
    const libraries = join(scratch, 'deps', 'lib');
    // The symbol table is a quarter of the file and of no use at run time; without `strip` it simply stays.
    await run('strip', ['--strip-unneeded', ...WHEEL_LIBRARIES.map((name) => join(libraries, name))]);
    for (const [name, linkName] of Object.entries(LINK_NAMES)) {
      await link(join(libraries, name), join(libraries, linkName));
    }
    for (const part of ['binding', 'binding.gyp', 'package.json']) {
      await cp(join(packageFolder, part), join(scratch, part), { recursive: true });
    }
    say('compiling the TensorFlow addon (under a minute)');
    await compileAddon(scratch);
    for (const name of WHEEL_LIBRARIES) {
      await linkOrCopy(join(libraries, name), join(target, 'deps', 'lib', name));
    }
    await cp(join(scratch, 'lib'), join(target, 'lib'), { recursive: true });
  });
}
