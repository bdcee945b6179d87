/** Loss, accuracy and probabilities over the whole test split, in batches between which messages are heard. */
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import type { Network } from '../network';
import { consecutiveBatches } from './schedule';

export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
}

/** Lets messages in; `false` asks to end early. */
export type Breathe = () => Promise<boolean>;

/** Means over `samples` test images; undefined when it was ended early. */
export async function evaluateTest(
  network: Network,
  samples: number,
  batchSize: number,
  breathe: Breathe,
): Promise<Result<Evaluation | undefined, Problem>> {
  let loss = 0;
  let right = 0;
  for (const indices of consecutiveBatches(samples, batchSize)) {
    const figures = await network.evaluate(indices);
    if (!figures.ok) return figures;
    loss += figures.value.loss;
    right += figures.value.right;
    if (!(await breathe())) return success(undefined);
  }
  return success({ loss: loss / samples, accuracy: right / samples });
}

/** Probabilities `[samples, classes]` of all test images. */
export async function predictWholeTest(
  network: Network,
  samples: number,
  batchSize: number,
  breathe: Breathe,
): Promise<Result<Float32Array, Problem>> {
  const { classes } = network.program;
  const all = new Float32Array(samples * classes);
  for (const indices of consecutiveBatches(samples, batchSize)) {
    const probabilities = await network.predictTest(indices);
    if (!probabilities.ok) return probabilities;
    all.set(probabilities.value, (indices[0] ?? 0) * classes);
    await breathe();
  }
  return success(all);
}
