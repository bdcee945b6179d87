/** The calls of `layerloom bench` to the engine: a network on random images, without a data set or a run folder. */
import { z } from 'zod';

const count = z.number().int().positive();
const milliseconds = z.array(z.number());

export const benchmarkCalls = {
  /** Trains on one random batch that lies in the session, then evaluates another one. */
  benchmark: {
    request: z.object({
      /** A document as saved; batch size, optimiser and precision are those of its training settings. */
      document: z.string(),
      /** Steps that are counted, after those that warm up. */
      steps: count.max(10_000),
      warmup: count.max(1000),
      /** Images of one evaluation, and how many evaluations are counted. */
      evaluationBatch: count.max(65_536),
      evaluations: count.max(10_000),
    }),
    reply: z.object({
      /** Time of each counted step, figures read back. */
      stepMs: milliseconds,
      inferenceMs: milliseconds,
      /** When the first step was done, in milliseconds since 1970. */
      firstStepAt: z.number(),
      /** Most memory that the process held until the last step. */
      peakBytes: z.number(),
    }),
  },
  /** Most memory that the process has held so far. */
  usage: { request: z.object({}), reply: z.object({ peakBytes: z.number() }) },
} as const;
