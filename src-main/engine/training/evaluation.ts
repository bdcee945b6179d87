/** Loss, accuracy and probabilities over the whole test split, in batches between which messages are heard. */
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import type { BatchFigures, Network } from '../network';
import { consecutiveBatches } from './schedule';

/** Means over images. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  /** Share of labels among the k largest values, where it is measured. */
  readonly topK?: number;
}

/** Figures of batches added up; plain numbers, so that they can be kept. */
export interface Sums {
  readonly samples: number;
  readonly loss: number;
  readonly right: number;
  readonly inTopK?: number | undefined;
}

/** Adds up the figures of batches. */
export class EvaluationSum {
  #samples: number;
  #loss: number;
  #right: number;
  #inTopK: number | undefined;

  constructor({ samples, loss, right, inTopK }: Sums = { samples: 0, loss: 0, right: 0 }) {
    this.#samples = samples;
    this.#loss = loss;
    this.#right = right;
    this.#inTopK = inTopK;
  }

  /** `loss` is the sum over the batch's images. */
  add(samples: number, { loss, right, inTopK }: BatchFigures): void {
    this.#samples += samples;
    this.#loss += loss;
    this.#right += right;
    if (inTopK !== undefined) this.#inTopK = (this.#inTopK ?? 0) + inTopK;
  }

  get sums(): Sums {
    const sums = { samples: this.#samples, loss: this.#loss, right: this.#right };
    return this.#inTopK === undefined ? sums : { ...sums, inTopK: this.#inTopK };
  }

  get means(): Evaluation {
    const share = (count: number) => count / this.#samples;
    const topK = this.#inTopK === undefined ? {} : { topK: share(this.#inTopK) };
    return { loss: share(this.#loss), accuracy: share(this.#right), ...topK };
  }
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
  const sum = new EvaluationSum();
  for (const indices of consecutiveBatches(samples, batchSize)) {
    const figures = await network.evaluate(indices);
    if (!figures.ok) return figures;
    sum.add(indices.length, figures.value);
    if (!(await breathe())) return success(undefined);
  }
  return success(sum.means);
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
