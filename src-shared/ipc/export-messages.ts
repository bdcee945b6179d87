/** What an export tells while it runs and at its end, on its way from the engine to the window or the command line. */
import { z } from 'zod';
import { problemSchema } from './contract';

/** What a check found. */
export const checkReport = z.object({
  /** What read the exported bytes: `onnxruntime-node 1.20.1`. */
  reader: z.string(),
  compared: z.enum(['predictions', 'tensors']),
  /** Test images whose predictions were compared, or tensors. */
  count: z.number().int(),
  /** Largest absolute difference of any value. */
  largestDifference: z.number(),
  /** A larger difference fails. */
  tolerance: z.number(),
});
export type CheckReport = z.infer<typeof checkReport>;

const origin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('initial'), seed: z.number() }),
  z.object({ kind: z.literal('run'), epochs: z.number().int(), steps: z.number().int() }),
  /** The target has no weights. */
  z.object({ kind: z.literal('none') }),
]);

export const exportReply = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('written'),
    path: z.string(),
    /** By path within the folder, or beside one another. */
    files: z.array(z.object({ path: z.string(), bytes: z.number() })),
    origin,
    /** Warnings: what was approximated. */
    notes: z.array(problemSchema),
    check: checkReport.optional(),
  }),
  /** Nothing was written. */
  z.object({ kind: z.literal('refused'), problems: z.array(problemSchema).min(1) }),
  z.object({ kind: z.literal('cancelled') }),
]);
export type ExportReply = z.infer<typeof exportReply>;

export const exportProgress = z.object({
  phase: z.enum(['preparing', 'writing', 'checking']),
  /** Bytes, while writing. */
  done: z.number(),
  total: z.number(),
});
export type ExportProgress = z.infer<typeof exportProgress>;
