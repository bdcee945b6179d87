/** run.json: what a run was asked to do, on what, and how it ended. */
import { z } from 'zod';
import { problemSchema } from '../ipc/contract';
import { runStates, runtimeDescription } from '../ipc/engine.contract';

export const RUN_FORMAT = 'layerloom-run';
export const RUN_VERSION = 1;

/** Names inside a run folder. */
export const runFiles = {
  document: 'document.loom',
  record: 'run.json',
  metrics: 'metrics.jsonl',
  checkpoints: 'checkpoints',
} as const;

const count = z.number().int().nonnegative();

export const runRecord = z.object({
  format: z.literal(RUN_FORMAT),
  version: z.literal(RUN_VERSION),
  state: z.enum(runStates),
  /** The training settings of the document, defaults included. */
  settings: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.number()).readonly()]),
  ),
  /** The first N training images after the seeded shuffle; absent when all were used. */
  limit: count.optional(),
  seed: count,
  trainSamples: count,
  testSamples: count,
  layerloomVersion: z.string(),
  runtime: runtimeDescription,
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** Epochs and steps that were finished. */
  epochs: count,
  steps: count,
  problem: problemSchema.optional(),
});
export type RunRecord = z.infer<typeof runRecord>;
