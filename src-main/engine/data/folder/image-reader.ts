/** What an image worker does: decodes files to rows, keeps rows in a file, and reads them back. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Handlers, Request } from '@shared/ipc/contract';
import { decodeImage } from '@shared/images/decode';
import { fitInto } from '@shared/images/fit';
import { MAX_IMAGE_BYTES } from '@shared/images/limits';
import { elementsPerSample } from '@shared/ir/shape';
import { problem, type Problem } from '@shared/problems/problem';
import { required } from '@shared/util/assert';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import type { ImageWorkerContract } from './worker-contract';

/** The most that is asked of the file system at once. */
const MAX_READ_BYTES = 64 * 1024 * 1024;

type Opened = Request<ImageWorkerContract, 'open'>;

/** All file access is synchronous: this runs in a thread of its own. */
export class ImageReader {
  #opened: (Opened & { readonly rowBytes: number; readonly rowFile: number | null }) | undefined;

  readonly handlers: Handlers<ImageWorkerContract> = {
    open: (request) => this.#guarded(request.rows ?? request.root, () => this.#open(request)),
    decode: ({ first, count }) => this.#guarded(this.#rowsName, () => this.#decode(first, count)),
    read: ({ rows, pixels }) => this.#guarded(this.#rowsName, () => this.#read(rows, pixels)),
  };

  /** Lets the file of rows go. */
  close(): void {
    const file = this.#opened?.rowFile ?? null;
    if (file !== null) closeSync(file);
    this.#opened = undefined;
  }

  get #rowsName(): string {
    return this.#opened?.rows ?? '';
  }

  #guarded<T>(path: string, action: () => T): Result<T, Problem> {
    try {
      return success(action());
    } catch (error) {
      if (error instanceof BadImage) {
        return failure(problem('data/bad-image', { file: error.file, reason: error.message }));
      }
      return failure(problem('file/cannot-read', { path, reason: reasonOf(error) }));
    }
  }

  #open(request: Opened): Record<string, never> {
    this.close();
    const rowFile = request.rows === null ? null : openSync(request.rows, 'r+');
    this.#opened = { ...request, rowBytes: elementsPerSample(request.input), rowFile };
    return {};
  }

  #decode(first: number, count: number) {
    const { rowBytes, rowFile } = required(this.#opened, 'the open folder');
    const pixels = new Uint8Array(count * rowBytes);
    const bad: { row: number; reason: string }[] = [];
    for (let index = 0; index < count; index++) {
      const reason = this.#decodeInto(first + index, pixels, index * rowBytes);
      if (reason !== undefined) bad.push({ row: first + index, reason });
    }
    if (rowFile !== null) writeWhole(rowFile, pixels, first * rowBytes);
    return { bad };
  }

  /** Why there is no image; undefined when there is. */
  #decodeInto(row: number, pixels: Uint8Array, offset: number): string | undefined {
    const { root, files, input } = required(this.#opened, 'the open folder');
    try {
      const bytes = readBounded(join(root, files[row] ?? ''));
      if (!bytes.ok) return bytes.error;
      const image = decodeImage(bytes.value);
      if (!image.ok) return image.error;
      fitInto(pixels, offset, image.value, input);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  #read(rows: Int32Array, pixels: Uint8Array): Record<string, never> {
    const { rowFile } = required(this.#opened, 'the open folder');
    if (rowFile === null) this.#decodeRows(rows, pixels);
    else this.#readRows(rowFile, rows, pixels);
    return {};
  }

  #decodeRows(rows: Int32Array, pixels: Uint8Array): void {
    const { files, rowBytes } = required(this.#opened, 'the open folder');
    rows.forEach((row, index) => {
      const reason = this.#decodeInto(row, pixels, index * rowBytes);
      // It could be read when the folder was looked at.
      if (reason !== undefined) throw new BadImage(files[row] ?? '', reason);
    });
  }

  /** Rows that lie one after another come in one piece: those of a test split do. */
  #readRows(file: number, rows: Int32Array, pixels: Uint8Array): void {
    const { rowBytes } = required(this.#opened, 'the open folder');
    const longest = Math.max(1, Math.floor(MAX_READ_BYTES / rowBytes));
    for (let begin = 0; begin < rows.length;) {
      let end = begin + 1;
      while (end < rows.length && end - begin < longest && rows[end] === (rows[end - 1] ?? 0) + 1) end++;
      readWhole(file, pixels.subarray(begin * rowBytes, end * rowBytes), (rows[begin] ?? 0) * rowBytes);
      begin = end;
    }
  }
}

class BadImage extends Error {
  constructor(
    readonly file: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** The bytes of an image file, or why it is too large to be one. */
function readBounded(path: string): Result<Uint8Array, string> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size > MAX_IMAGE_BYTES) return failure(`it has ${size} bytes, more than ${MAX_IMAGE_BYTES}`);
    const bytes = new Uint8Array(size);
    return success(bytes.subarray(0, readSync(file, bytes, 0, size, 0)));
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, into: Uint8Array, position: number): void {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(file, into, filled, into.length - filled, position + filled);
    if (read === 0) throw new Error('the file of decoded images is cut off');
    filled += read;
  }
}

function writeWhole(file: number, from: Uint8Array, position: number): void {
  let written = 0;
  while (written < from.length) {
    written += writeSync(file, from, written, from.length - written, position + written);
  }
}
