// File work that leaves nothing half-written: hashes, downloads, hard-linked trees, temporary folders.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * Gives `fill` an empty folder beside `target`; when it succeeds the folder takes `target`'s place in one rename.
 * @param {string} target
 * @param {(folder: string) => Promise<void>} fill
 */
export async function replaceFolder(target, fill) {
  const partial = `${target}.partial-${randomUUID().slice(0, 8)}`;
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * A scratch folder under `parent` (same disk as the cache, so that hard links work), removed afterwards.
 * @template T
 * @param {string} parent
 * @param {(folder: string) => Promise<T>} use
 */
export async function withScratch(parent, use) {
  const folder = join(parent, `scratch-${randomUUID().slice(0, 8)}`);
  await mkdir(folder, { recursive: true });
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A hard link where the disk allows it, else a copy. @param {string} from @param {string} to */
export async function linkOrCopy(from, to) {
  await mkdir(dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}

/** The same tree as real files (hard links or copies) at another place; symbolic links inside stay as they are.
 * @param {string} from @param {string} to */
export async function linkTree(from, to) {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await linkOrCopy(source, target);
  }
}

/**
 * SHA-256 and length of a file's bytes, after gunzip if the name ends in .gz.
 * @param {string} file
 * @param {number} [limit] more bytes than this are an error, so that a small file cannot unpack without end
 */
export async function hashContent(file, limit = Number.POSITIVE_INFINITY) {
  const hash = createHash('sha256');
  let bytes = 0;
  const consumer = new Writable({
    write(chunk, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > limit ? new Error(`${basename(file)} is longer than ${limit} bytes`) : null);
    },
  });
  if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), consumer);
  else await pipeline(createReadStream(file), consumer);
  return { sha256: hash.digest('hex'), bytes };
}

/** @param {string} path */
export const exists = (path) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/**
 * Downloads to `target` through a temporary file; gives up when nothing arrives for `idleMs`.
 * @param {string} url
 * @param {string} target
 * @param {number} [idleMs]
 */
export async function download(url, target, idleMs = 10_000) {
  const partial = `${target}.partial-${randomUUID().slice(0, 8)}`;
  const abort = new AbortController();
  const giveUp = () => abort.abort(new Error(`nothing came from ${new URL(url).host} for ${idleMs} ms`));
  let timer = setTimeout(giveUp, idleMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    await mkdir(dirname(target), { recursive: true });
    const body = Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (response.body));
    body.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, idleMs);
    });
    await pipeline(body, createWriteStream(partial));
    await rename(partial, target);
  } finally {
    clearTimeout(timer);
    await rm(partial, { force: true });
  }
}

/**
 * Whether a host answers at all within `timeoutMs`; a refused or unknown host says no at once. Behind a proxy that
 * Node's fetch does not use the answer is "maybe", which counts as yes.
 * @param {string} url
 * @param {number} [timeoutMs]
 */
export async function reachable(url, timeoutMs = 5000) {
  if (process.env['HTTPS_PROXY'] || process.env['https_proxy']) return true;
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch {
    return false;
  }
}
