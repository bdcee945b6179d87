/** What is measured, and the figures of one process. */

export const tasks = ['step', 'epoch'] as const;
export type Task = (typeof tasks)[number];

export const measureNames = [
  ...(['step', 'epoch', 'plainEpoch', 'inference', 'firstStep'] as const),
  ...(['memory', 'epochMemory'] as const),
] as const;
export type Measure = (typeof measureNames)[number];

interface MeasureDefinition {
  readonly task: Task;
  /** Rates are better when higher, the others when lower. */
  readonly unit: 'images per second' | 'seconds' | 'bytes';
}

export const measures: Readonly<Record<Measure, MeasureDefinition>> = {
  /** Training steps on one batch in memory. */
  step: { task: 'step', unit: 'images per second' },
  /** A whole epoch: shuffling, batches, scaling, augmentation, metrics. */
  epoch: { task: 'epoch', unit: 'images per second' },
  /** The same without augmentation, which tfjs-layers does not have. */
  plainEpoch: { task: 'epoch', unit: 'images per second' },
  /** Evaluation without gradients, in larger batches. */
  inference: { task: 'step', unit: 'images per second' },
  /** From the start of the process until the first training step is done. */
  firstStep: { task: 'step', unit: 'seconds' },
  /** Most memory of the process, steps on one batch. */
  memory: { task: 'step', unit: 'bytes' },
  /** Most memory of the process, with the images of the epoch. */
  epochMemory: { task: 'epoch', unit: 'bytes' },
};

/** What one process found out. */
export interface Figures {
  /** Trained parameters of the network that it built. */
  readonly params: number;
  readonly values: Partial<Readonly<Record<Measure, number>>>;
}

/** How many times as good ours is: above 1 we are faster, or take less. */
export function ratioOf(measure: Measure, ours: number, theirs: number): number {
  return isRate(measure) ? ours / theirs : theirs / ours;
}

/** The best of several values. */
export function bestOf(measure: Measure, values: readonly number[]): number {
  return isRate(measure) ? Math.max(...values) : Math.min(...values);
}

/** The middle value; the mean of the two middle ones of an even count. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

function isRate(measure: Measure): boolean {
  return measures[measure].unit === 'images per second';
}
