/** Reads IDX files, plain or gzipped: no memory is taken before the header agrees with what is expected. */
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';
import { formatShape } from '@shared/ir/shape';
import type { Dims } from '@shared/ir/types';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';

const inflate = promisify(gunzip);

/** Element type 8 of the format: unsigned bytes, the only one in use here. */
const UNSIGNED_BYTE = 8;
/** Enough of a gzip file to inflate the header of its content from. */
const PROBE_BYTES = 4096;
/** What a probe can inflate to at most: gzip packs 1032 to 1. */
const PROBE_LIMIT = PROBE_BYTES * 1032;
/** Gzip never makes content much longer; what lies behind is not ours. */
const GZIP_OVERHEAD_BYTES = 65_536;

/** Why a file is refused; the arguments of `data/bad-file`, which has words for each reason. */
export interface IdxRefusal {
  readonly reason: 'CUT_OFF' | 'NOT_IDX' | 'ELEMENT_TYPE' | 'SIZES' | 'LENGTH' | 'GZIP';
  readonly found: string;
  readonly expected: string;
}

/**
 * The bytes of an IDX file with exactly the expected sizes, such as `[60000, 28, 28]`. A file that begins like
 * gzip is inflated. Missing files are exceptions of the file system.
 */
export async function readIdx(path: string, expected: Dims): Promise<Result<Uint8Array, IdxRefusal>> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const probe = await readStart(file, Math.min(size, PROBE_BYTES));
    const isGzip = probe[0] === 0x1f && probe[1] === 0x8b;
    return isGzip
      ? await readGzipped(file, size, probe, expected)
      : await readPlain(file, size, probe, expected);
  } finally {
    await file.close();
  }
}

async function readPlain(
  file: FileHandle,
  size: number,
  probe: Uint8Array,
  expected: Dims,
): Promise<Result<Uint8Array, IdxRefusal>> {
  const header = checkHeader(probe, expected);
  if (!header.ok) return header;
  const total = fileBytes(expected);
  if (size !== total) return failure(refusal('LENGTH', size, total));
  const content = await readStart(file, total);
  return content.byteLength === total ? success(elementsOf(content, expected)) : failure(refusal('CUT_OFF'));
}

async function readGzipped(
  file: FileHandle,
  size: number,
  probe: Uint8Array,
  expected: Dims,
): Promise<Result<Uint8Array, IdxRefusal>> {
  const total = fileBytes(expected);
  if (size > total + GZIP_OVERHEAD_BYTES) return failure(refusal('LENGTH', size, total));
  try {
    // SYNC_FLUSH: the beginning of a stream is inflated as far as it goes.
    const start = await inflate(probe, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: PROBE_LIMIT });
    const header = checkHeader(start, expected);
    if (!header.ok) return header;
    // In one piece: each further one would wait for this thread, which TensorFlow may be blocking.
    const content = await inflate(await readStart(file, size), {
      maxOutputLength: total,
      chunkSize: Math.max(total, constants.Z_MIN_CHUNK),
    });
    if (content.byteLength === total) return success(elementsOf(content, expected));
    return failure(refusal('LENGTH', content.byteLength, total));
  } catch (error) {
    const isTooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return failure(isTooLong ? refusal('LENGTH', `> ${total}`, total) : refusal('GZIP', reasonOf(error)));
  }
}

/** Never a Buffer, whose `slice` is a view. */
function elementsOf(content: Uint8Array, expected: Dims): Uint8Array {
  const begin = headerBytes(expected);
  return new Uint8Array(content.buffer, content.byteOffset + begin, content.byteLength - begin);
}

/** From the beginning of the file; shorter when the file ends before. */
async function readStart(file: FileHandle, bytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Two zero bytes, the element type, the number of sizes, then each size as a big-endian 32-bit number. */
function checkHeader(bytes: Uint8Array, expected: Dims): Result<true, IdxRefusal> {
  if (bytes.byteLength < headerBytes(expected)) return failure(refusal('CUT_OFF'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== 0) return failure(refusal('NOT_IDX'));
  const elementType = view.getUint8(2);
  if (elementType !== UNSIGNED_BYTE) return failure(refusal('ELEMENT_TYPE', elementType, UNSIGNED_BYTE));
  const ndim = view.getUint8(3);
  if (ndim !== expected.length) return failure(refusal('SIZES', `${ndim}D`, `${expected.length}D`));
  const found = expected.map((_, axis) => view.getUint32(4 + 4 * axis));
  if (found.every((size, axis) => size === expected[axis])) return success(true);
  return failure(refusal('SIZES', formatShape(found), formatShape(expected)));
}

function refusal(
  reason: IdxRefusal['reason'],
  found: string | number = '',
  expected: string | number = '',
): IdxRefusal {
  return { reason, found: String(found), expected: String(expected) };
}

function headerBytes(dims: Dims): number {
  return 4 + 4 * dims.length;
}

function fileBytes(dims: Dims): number {
  return headerBytes(dims) + dims.reduce((product, size) => product * size, 1);
}
