// Unpacks chosen entries of a large zip file (wheels, Electron) without holding it in memory.
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, symlink } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
const SYMBOLIC_LINK = 0o120000;

/**
 * @typedef {{name: string, method: number, packed: number, size: number, mode: number, offset: number}} Entry
 * @typedef {import('node:fs/promises').FileHandle} FileHandle
 */

/** @param {FileHandle} file @param {number} position @param {number} length */
async function readAt(file, position, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the zip file ends too early');
  return buffer;
}

/** @param {FileHandle} file @returns {Promise<Entry[]>} */
async function readDirectory(file) {
  const { size } = await file.stat();
  const length = Math.min(size, 65_557);
  const last = await readAt(file, size - length, length);
  let end = length - 22;
  while (end >= 0 && last.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip file');
  const count = last.readUInt16LE(end + 10);
  const bytes = await readAt(file, last.readUInt32LE(end + 16), last.readUInt32LE(end + 12));
  return parseEntries(bytes, count);
}

/** @param {Buffer} bytes @param {number} count @returns {Entry[]} */
function parseEntries(bytes, count) {
  const entries = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error('the zip directory is damaged');
    const nameLength = bytes.readUInt16LE(at + 28);
    const offset = bytes.readUInt32LE(at + 42);
    if (offset === 0xffffffff) throw new Error('zip64 is not supported');
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      mode: bytes.readUInt32LE(at + 38) >>> 16,
      offset,
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** @param {FileHandle} file @param {Entry} entry */
async function contentStart(file, entry) {
  const header = await readAt(file, entry.offset, 30);
  return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Writes one entry in chunks and checks its length.
 * @param {string} zip @param {FileHandle} file @param {Entry} entry @param {string} target */
async function writeEntry(zip, file, entry, target) {
  const start = await contentStart(file, entry);
  await mkdir(dirname(target), { recursive: true });
  if ((entry.mode & 0o170000) === SYMBOLIC_LINK) {
    const bytes = await readAt(file, start, entry.packed);
    await symlink(String(entry.method === STORED ? bytes : inflateRawSync(bytes)), target);
    return;
  }
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw new Error(`unknown compression: ${entry.name}`);
  const out = createWriteStream(target);
  if (entry.packed > 0) {
    const source = createReadStream(zip, { start, end: start + entry.packed - 1 });
    await (entry.method === STORED ? pipeline(source, out) : pipeline(source, createInflateRaw(), out));
  } else {
    await pipeline([], out);
  }
  if (out.bytesWritten !== entry.size) throw new Error(`${entry.name} has the wrong length`);
  if (process.platform !== 'win32' && entry.mode & 0o777) await chmod(target, entry.mode & 0o777);
}

/**
 * Unpacks the entries for which `place` names a path inside `folder`; undefined leaves an entry out.
 * @param {string} zip
 * @param {string} folder
 * @param {(name: string) => string | undefined} place
 * @returns {Promise<number>} how many files were written
 */
export async function unzip(zip, folder, place) {
  const file = await open(zip);
  let written = 0;
  try {
    for (const entry of await readDirectory(file)) {
      const path = entry.name.endsWith('/') ? undefined : place(entry.name);
      if (path === undefined) continue;
      const target = join(folder, normalize(path));
      if (!target.startsWith(folder + sep)) throw new Error(`${entry.name} leaves the folder`);
      await writeEntry(zip, file, entry, target);
      written++;
    }
  } finally {
    await file.close();
  }
  return written;
}
