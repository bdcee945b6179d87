/** Engine to image worker: files become rows of bytes, all of one size, in a thread of its own. */
import { z } from 'zod';
import type { Contract } from '@shared/ipc/contract';

const count = z.number().int().nonnegative();
/** Bytes over shared memory: what is written there needs no way back. */
const pixels = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const imageWorkerContract = {
  name: 'images',
  calls: {
    /** Which images the further calls are about. */
    open: {
      request: z.object({
        root: z.string(),
        /** Paths within it; the row of an image is its place here. */
        files: z.array(z.string()),
        /** `[height, width, channels]`. */
        input: z.array(count),
        /** The file of all rows, one after another; null where every image is decoded whenever it is wanted. */
        rows: z.string().nullable(),
      }),
      reply: z.object({}),
    },
    /** Decodes images one after another, and writes their rows where there is a file for them. */
    decode: {
      request: z.object({ first: count, count }),
      /** Those that cannot be read, and why. */
      reply: z.object({ bad: z.array(z.object({ row: count, reason: z.string() })) }),
    },
    /** Puts rows one after another into `pixels`. */
    read: {
      request: z.object({ rows: z.custom<Int32Array>((value) => value instanceof Int32Array), pixels }),
      reply: z.object({}),
    },
  },
  events: {},
} as const satisfies Contract;
export type ImageWorkerContract = typeof imageWorkerContract;
