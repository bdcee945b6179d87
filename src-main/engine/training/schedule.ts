/** How a run is cut into epochs and batches. */

export interface Schedule {
  readonly epochs: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Images that an epoch trains on: fewer than all when the last batch is skipped. */
  readonly samplesPerEpoch: number;
  /** The last batch of an epoch is smaller than the network can train on. */
  readonly isLastBatchSkipped: boolean;
}

/** `minimumBatch` is the smallest batch that the network can train on. */
export function planSchedule(
  samples: number,
  { epochs, batchSize }: { readonly epochs: number; readonly batchSize: number },
  minimumBatch: number,
): Schedule {
  const rest = samples % batchSize;
  const isLastBatchSkipped = rest > 0 && rest < minimumBatch;
  const stepsPerEpoch = Math.floor(samples / batchSize) + (rest > 0 && !isLastBatchSkipped ? 1 : 0);
  return {
    epochs,
    batchSize,
    stepsPerEpoch,
    totalSteps: epochs * stepsPerEpoch,
    samplesPerEpoch: isLastBatchSkipped ? samples - rest : samples,
    isLastBatchSkipped,
  };
}

/** The images of step `index` of an epoch, as a view into that epoch's order. */
export function batchAt(
  order: Int32Array,
  index: number,
  { batchSize, samplesPerEpoch }: Schedule,
): Int32Array {
  return order.subarray(index * batchSize, Math.min((index + 1) * batchSize, samplesPerEpoch));
}

/** The batches of an epoch from step `first` on. */
export function* batchesFrom(order: Int32Array, first: number, schedule: Schedule): Generator<Int32Array> {
  for (let index = first; index < schedule.stepsPerEpoch; index++) yield batchAt(order, index, schedule);
}

/** Batches of consecutive numbers that cover 0 to `count` - 1: for evaluation, where order does not matter. */
export function* consecutiveBatches(count: number, batchSize: number): Generator<Int32Array> {
  for (let begin = 0; begin < count; begin += batchSize) {
    yield Int32Array.from({ length: Math.min(batchSize, count - begin) }, (_, index) => begin + index);
  }
}

const LARGEST_EVALUATION = 1024;

/** Without a gradient activations are freed at once, so that larger batches need no more memory than training. */
export function evaluationBatchSize(batchSize: number): number {
  return Math.max(batchSize, Math.min(4 * batchSize, LARGEST_EVALUATION));
}
