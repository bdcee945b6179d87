/** Lines of metrics as a program printed them, held to what `layerloom train --json` prints. */
import { z } from 'zod';
import { epochRecord } from '@shared/ipc/engine.contract';
import type { MetricRecord, StepRecord } from '@shared/run/metrics';

const count = z.number().int().nonnegative();
const step = z.strictObject({
  event: z.literal('step'),
  step: count,
  epoch: count.positive(),
  loss: z.number(),
  accuracy: z.number().min(0).max(1),
  topK: z.number().min(0).max(1).optional(),
});
const epoch = epochRecord.extend({ event: z.literal('epoch') }).strict();
const start = z.looseObject({
  event: z.literal('start'),
  ...{ totalSteps: count, stepsPerEpoch: count, trainSamples: count, testSamples: count },
  ...{ runtime: z.string(), tensorflowVersion: z.string(), device: z.string() },
  ...{ dataset: z.string(), epochs: count, batchSize: count, optimizer: z.string(), seed: count },
});
const line = z.discriminatedUnion('event', [
  start,
  step,
  epoch,
  z.looseObject({ event: z.literal('resume'), step: count, epoch: count, epochs: count, totalSteps: count }),
  z.strictObject({ event: z.literal('checkpoint'), epoch: count, file: z.string() }),
  z.strictObject({ event: z.literal('done') }),
  z.strictObject({ event: z.literal('stopped') }),
]);
type Line = z.infer<typeof line>;

/** A step that a schema here takes and ours has not would not compile. */
export type Step = Extract<Line, { event: 'step' }> & { readonly loss: StepRecord['loss'] };
export type EventName = MetricRecord['event'];

export interface Lines {
  readonly events: readonly EventName[];
  readonly steps: readonly Step[];
  readonly epochs: readonly z.infer<typeof epoch>[];
}

/** Every line must be one of ours. */
export function readLines(output: string): Lines {
  const lines = output
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));
  return {
    events: lines.map(({ event }) => event),
    steps: lines.filter((each) => each.event === 'step'),
    epochs: lines.filter((each) => each.event === 'epoch'),
  };
}
