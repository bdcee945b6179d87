/** Loss, accuracy and probabilities over the whole test split, in batches between which messages are heard. */
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import type { Split } from '../data/split';
import { type Batch, type BatchFigures, type Network, sizeOf } from '../network';
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

/** Which images of a test split, and how many at once. */
export interface TestImages {
  readonly test: Pick<Split, 'open'>;
  /** The first of them. */
  readonly samples: number;
  readonly batchSize: number;
}

/** Means over test images; undefined when it was ended early. */
export async function evaluateTest(
  network: Network,
  images: TestImages,
  breathe: Breathe,
): Promise<Result<Evaluation | undefined, Problem>> {
  const sum = new EvaluationSum();
  const finished = await overBatches(images, breathe, async (batch) => {
    const figures = await network.evaluate(batch);
    if (figures.ok) sum.add(sizeOf(batch), figures.value);
    return figures;
  });
  if (!finished.ok) return finished;
  return success(finished.value ? sum.means : undefined);
}

/** Probabilities `[samples, classes]` of test images. */
export async function predictWholeTest(
  network: Network,
  images: TestImages,
  breathe: Breathe,
): Promise<Result<Float32Array, Problem>> {
  const all = new Float32Array(images.samples * network.program.classes);
  let offset = 0;
  const finished = await overBatches(images, breathe, async (batch) => {
    const probabilities = await network.predictTest(batch);
    if (!probabilities.ok) return probabilities;
    all.set(probabilities.value, offset);
    offset += probabilities.value.length;
    return probabilities;
  });
  return finished.ok ? success(all) : finished;
}

/** Does something with batch after batch; false when it was ended early. */
async function overBatches(
  { test, samples, batchSize }: TestImages,
  breathe: Breathe,
  use: (batch: Batch) => Promise<Result<unknown, Problem>>,
): Promise<Result<boolean, Problem>> {
  const stream = test.open(consecutiveBatches(samples, batchSize));
  try {
    for (;;) {
      const batch = await stream.next();
      if (!batch.ok) return batch;
      if (batch.value === undefined) return success(true);
      const used = await use(batch.value);
      if (!used.ok) return used;
      if (!(await breathe())) return success(false);
    }
  } finally {
    await stream.close();
  }
}
