/** Check of NPZ: zip and arrays read by their formats' own rules, inflated by zlib, without the code that wrote them. */
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import { type Checker, largestDifference } from './checker';

const reader = 'zlib';
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

const check: Checker = async ({ input, path }) => {
  try {
    const files = readZip(await readFile(path));
    files.delete('about.npy');
    let largest = files.size === input.weights.size ? 0 : Infinity;
    for (const [name, bytes] of files) {
      const weight = input.weights.get(name.replace(/\.npy$/, ''));
      const { shape, values } = readArray(bytes);
      const isSame = weight?.dims.join() === shape;
      largest = Math.max(largest, weight && isSame ? largestDifference(values, weight.values) : Infinity);
    }
    const count = files.size;
    return success({ reader, compared: 'tensors', count, largestDifference: largest, tolerance: 0 });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;

/** By the central directory at its end (APPNOTE.TXT 4.3). */
function readZip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || bytes.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('no end of a zip archive');
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('a damaged directory');
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    files.set(name, readEntry(bytes, at));
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}

function readEntry(bytes: Buffer, entry: number): Buffer {
  const isDeflated = bytes.readUInt16LE(entry + 10) === 8;
  const [packed, size] = [bytes.readUInt32LE(entry + 20), bytes.readUInt32LE(entry + 24)];
  const local = bytes.readUInt32LE(entry + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(start, start + packed);
  const plain = isDeflated ? inflateRawSync(content, { maxOutputLength: size || 1 }) : content;
  if (plain.length !== size) throw new Error('a file of another size than the directory says');
  return plain;
}

function readArray(bytes: Buffer): { readonly shape: string; readonly values: Float32Array } {
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const [, shape = ''] = /'descr': '<f4', 'fortran_order': False, 'shape': \(([^)]*)\)/.exec(header) ?? [];
  const values = Float32Array.from({ length: (bytes.length - start) / 4 }, (_, i) =>
    bytes.readFloatLE(start + 4 * i),
  );
  return { shape: shape.replaceAll(' ', '').replace(/,$/, ''), values };
}
