/** A split that does not fit in memory: batches are read ahead of the steps that use them. */
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import type { Batch } from '../../network';
import type { BatchStream, TestSplit } from '../split';
import { type ImageStore, sharedBytes } from './image-store';

/** Batches that are read ahead: at most so many, and no more bytes than this, but always two. */
const MOST_AHEAD = 8;
const BYTES_AHEAD = 128 * 1024 * 1024;

export class StreamedSplit implements TestSplit {
  readonly #store: ImageStore;
  readonly #rows: Int32Array;

  /** `labels` are those of `rows`, which are places in the store. */
  constructor(
    store: ImageStore,
    rows: Int32Array,
    readonly labels: Int32Array,
  ) {
    this.#store = store;
    this.#rows = rows;
  }

  get count(): number {
    return this.#rows.length;
  }

  open(batches: Iterable<Int32Array>): BatchStream {
    return new PrefetchedStream(batches, (indices, buffer) => this.#read(indices, buffer));
  }

  async pixels(index: number): Promise<Result<Uint8Array<ArrayBuffer>, Problem>> {
    const shared = sharedBytes(this.#store.rowBytes);
    const read = await this.#store.read(this.#rows.slice(index, index + 1), shared);
    return read.ok ? success(Uint8Array.from(shared)) : read;
  }

  async #read(indices: Int32Array, free: Uint8Array | undefined): Promise<ReadBatch> {
    const bytes = indices.length * this.#store.rowBytes;
    const buffer = free !== undefined && free.length >= bytes ? free : sharedBytes(bytes);
    const images = buffer.subarray(0, bytes);
    const rows = indices.map((index) => this.#rows[index] ?? 0);
    const read = await this.#store.read(rows, images);
    if (!read.ok) return { buffer, result: read };
    const labels = indices.map((index) => this.labels[index] ?? 0);
    return { buffer, result: success({ count: indices.length, images, labels }) };
  }
}

interface ReadBatch {
  /** To be used again once the batch has been. */
  readonly buffer: Uint8Array;
  readonly result: Result<Batch, Problem>;
}

class PrefetchedStream implements BatchStream {
  readonly #batches: Iterator<Int32Array>;
  readonly #read: (indices: Int32Array, free: Uint8Array | undefined) => Promise<ReadBatch>;
  readonly #ahead: Promise<ReadBatch>[] = [];
  readonly #free: Uint8Array[] = [];
  #inUse: Uint8Array | undefined;
  #depth = 2;

  constructor(
    batches: Iterable<Int32Array>,
    read: (indices: Int32Array, free: Uint8Array | undefined) => Promise<ReadBatch>,
  ) {
    this.#batches = batches[Symbol.iterator]();
    this.#read = read;
    this.#fill();
  }

  async next(): Promise<Result<Batch | undefined, Problem>> {
    if (this.#inUse !== undefined) this.#free.push(this.#inUse);
    this.#inUse = undefined;
    this.#fill();
    const first = this.#ahead.shift();
    if (first === undefined) return success(undefined);
    const { buffer, result } = await first;
    this.#inUse = buffer;
    this.#depth = Math.min(MOST_AHEAD, Math.max(2, Math.floor(BYTES_AHEAD / buffer.length)));
    return result;
  }

  async close(): Promise<void> {
    await Promise.all(this.#ahead.splice(0));
  }

  #fill(): void {
    while (this.#ahead.length < this.#depth) {
      const next = this.#batches.next();
      if (next.done === true) return;
      this.#ahead.push(this.#read(next.value, this.#free.pop()));
    }
  }
}
