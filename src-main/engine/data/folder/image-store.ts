/** All images of a folder as rows of bytes in one size: decoded once, then read from the cache; or decoded each time. */
import { elementsPerSample } from '@shared/ir/shape';
import type { Shape } from '@shared/ir/types';
import { type Problem, problem } from '@shared/problems/problem';
import { required } from '@shared/util/assert';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import { type BadImages, cacheKey, type CacheEntry, type ImageCache } from './image-cache';
import { decodingThreads, type ImageWorker, type OpenImageWorker } from './image-workers';
import type { FolderListing } from './listing';

/** Images of one task of a decoding thread. */
const CHUNK = 32;
/** Read in one go where all rows are wanted. */
const BYTES_AT_ONCE = 16 * 2 ** 20;

export interface StoreOptions {
  readonly cache: ImageCache;
  readonly openWorker: OpenImageWorker;
  /** Told as images are decoded for the first time. */
  readonly onProgress: (done: number, total: number) => void;
  /** Whether decoding is to end early. */
  readonly isStopped: () => boolean;
}

export class ImageStore {
  readonly #workers: readonly ImageWorker[];
  #next = 0;

  /** Decodes every image, unless that was done before. */
  static async open(
    listing: FolderListing,
    input: Shape,
    options: StoreOptions,
  ): Promise<Result<ImageStore, Problem>> {
    try {
      const key = await cacheKey(listing, input);
      const bytes = listing.files.length * elementsPerSample(input);
      const known = await options.cache.find(key, bytes);
      const entry = known === undefined ? await decodeAll(listing, input, key, options) : success(known);
      if (!entry.ok) return entry;
      // Reading rows is light; decoding them again and again takes every thread there is.
      const count = entry.value.rows === null ? decodingThreads() : 1;
      const workers = await openWorkers(count, listing, input, entry.value.rows, options.openWorker);
      return workers.ok ? success(new ImageStore(workers.value, entry.value.bad, input)) : workers;
    } catch (error) {
      return failure(problem('file/cannot-read', { path: listing.path, reason: reasonOf(error) }));
    }
  }

  private constructor(
    workers: readonly ImageWorker[],
    /** Images that cannot be read: their rows are empty. */
    readonly bad: BadImages,
    readonly input: Shape,
  ) {
    this.#workers = workers;
  }

  get rowBytes(): number {
    return elementsPerSample(this.input);
  }

  /** Puts rows one after another into `pixels`, which lies in shared memory. */
  async read(rows: Int32Array, pixels: Uint8Array): Promise<Result<true, Problem>> {
    const worker = required(this.#workers[this.#next++ % this.#workers.length], 'an image worker');
    const read = await worker.client.call('read', { rows, pixels });
    return read.ok ? success(true) : read;
  }

  /** Rows in memory of this thread's own: what is shared is kept by the others until they happen to look for garbage. */
  async readAll(rows: Int32Array): Promise<Result<Uint8Array, Problem>> {
    const all = new Uint8Array(rows.length * this.rowBytes);
    const rowsAtOnce = Math.max(1, Math.floor(BYTES_AT_ONCE / this.rowBytes));
    const shared = sharedBytes(Math.min(rowsAtOnce, rows.length) * this.rowBytes);
    for (let first = 0; first < rows.length; first += rowsAtOnce) {
      const part = rows.slice(first, first + rowsAtOnce);
      const pixels = shared.subarray(0, part.length * this.rowBytes);
      const read = await this.read(part, pixels);
      if (!read.ok) return read;
      all.set(pixels, first * this.rowBytes);
    }
    return success(all);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }
}

/** Bytes that threads share. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

async function openWorkers(
  count: number,
  { path, files }: FolderListing,
  input: Shape,
  rows: string | null,
  openWorker: OpenImageWorker,
): Promise<Result<readonly ImageWorker[], Problem>> {
  const workers = Array.from({ length: count }, openWorker);
  const request = { root: path, files: files.map((file) => file.path), input: [...input], rows };
  const opened = await Promise.all(workers.map(({ client }) => client.call('open', request)));
  const failed = opened.find((each) => !each.ok);
  if (failed === undefined || failed.ok) return success(workers);
  await Promise.all(workers.map((worker) => worker.end()));
  return failed;
}

async function decodeAll(
  listing: FolderListing,
  input: Shape,
  key: string,
  { cache, openWorker, onProgress, isStopped }: StoreOptions,
): Promise<Result<CacheEntry, Problem>> {
  const total = listing.files.length;
  const entry = await cache.create(key, total * elementsPerSample(input));
  const count = Math.min(decodingThreads(), Math.ceil(total / CHUNK));
  const workers = await openWorkers(count, listing, input, entry.rows, openWorker);
  const bad: BadImages = [];
  let next = 0;
  let done = 0;
  const decodeChunks = async ({ client }: ImageWorker): Promise<Result<true, Problem>> => {
    while (next < total) {
      if (isStopped()) return failure(problem('data/reading-stopped'));
      const first = next;
      next += CHUNK;
      const request = { first, count: Math.min(CHUNK, total - first) };
      const decoded = await client.call('decode', request);
      if (!decoded.ok) return decoded;
      bad.push(...decoded.value.bad);
      done += request.count;
      onProgress(done, total);
    }
    return success(true);
  };
  const results = workers.ok ? await Promise.all(workers.value.map(decodeChunks)) : [workers];
  if (workers.ok) await Promise.all(workers.value.map((worker) => worker.end()));
  const failed = results.find((each) => !each.ok);
  if (failed === undefined || failed.ok) {
    return success(await entry.finish(bad.sort((a, b) => a.row - b.row)));
  }
  await entry.discard();
  return failed;
}
