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

/** What a run keeps of an image folder: its classes, and by what it is known again. */
export const dataRecord = z.object({
  kind: z.literal('folder'),
  path: z.string(),
  classNames: z.array(z.string()),
  /** Hash over the paths and sizes of all images. */
  fingerprint: z.string(),
  /** Its images did not fit into memory. */
  isStreamed: z.boolean(),
});
export type DataRecord = z.infer<typeof dataRecord>;

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
  /** Absent for built-in data sets. */
  data: dataRecord.optional(),
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
