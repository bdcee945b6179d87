/** One split of a data set as a run sees it, wherever its images are. */
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import type { Batch } from '../network';
import type { Answer } from '../runtime/runtime';
import type { LoadedSplit } from './load';

/** Batches one after another. */
export interface BatchStream {
  /** Undefined after the last one. What it gave is good until the next call. */
  next(): Answer<Result<Batch | undefined, Problem>>;
  /** Waits for what is being read ahead; nothing may be asked for afterwards. */
  close(): Answer<void>;
}

export interface Split {
  readonly count: number;
  readonly labels: Int32Array;
  /** The images at these indices, batch by batch; read ahead where they are not in the session. */
  open(batches: Iterable<Int32Array>): BatchStream;
}

/** A split whose images can be shown. */
export interface TestSplit extends Split {
  /** Bytes of one image, `[height, width, channels]`; a copy. */
  pixels(index: number): Answer<Result<Uint8Array<ArrayBuffer>, Problem>>;
}

/** A split whose images are in the session, and nowhere else: batches are their indices. */
export function sessionSplit({ count, labels }: Pick<LoadedSplit, 'count' | 'labels'>): Split {
  return {
    count,
    labels,
    open: (batches) => {
      const iterator = batches[Symbol.iterator]();
      return {
        next: () => {
          const next = iterator.next();
          return success(next.done === true ? undefined : next.value);
        },
        close: () => undefined,
      };
    },
  };
}

/** The same with its images in memory too. */
export function sessionTestSplit({ count, images, labels }: LoadedSplit): TestSplit {
  const size = images.length / count;
  const pixels = (index: number) => success(images.slice(index * size, (index + 1) * size));
  return { ...sessionSplit({ count, labels }), pixels };
}
