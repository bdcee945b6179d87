/** The loss of a run with its settings, the penalty on kernels, and the figures that are counted beside it. */
import type { GraphBuilder } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import type { Regularizer } from '../ir/weights';
import type { TrainingSettings } from '../training/schema';
import { lossOf } from '.';

export type ObjectiveSettings = Pick<TrainingSettings, 'loss' | 'labelSmoothing' | 'classWeights' | 'k'>;

/** A kernel as it enters the graph, with what its node asks of it. */
export interface PenalizedWeight {
  readonly value: TensorRef;
  readonly regularizer: Regularizer;
}

/** The k of top-k accuracy, where there are more classes than that: with fewer, every answer would be right. */
export function topKOf({ k }: Pick<TrainingSettings, 'k'>, classes: number): number | undefined {
  return classes > k ? k : undefined;
}

export class Objective {
  readonly #b: GraphBuilder;
  readonly #settings: ObjectiveSettings;
  readonly #classes: number;

  constructor(b: GraphBuilder, settings: ObjectiveSettings, classes: number) {
    this.#b = b;
    this.#settings = settings;
    this.#classes = classes;
  }

  /**
   * What a training step makes small: the mean over the batch of the losses, each times its class's weight (the sum is
   * divided by the number of samples, as in Keras, not by the sum of weights), and the penalties.
   */
  training(logits: TensorRef, labels: TensorRef, penalized: readonly PenalizedWeight[]): TensorRef {
    const b = this.#b;
    const weighted = this.#weighted(this.#losses(logits, labels), labels);
    const mean = b.op('Mean', [weighted], { axes: [0], keepDims: false });
    const penalties = penalized.flatMap((weight) => this.#penalties(weight));
    return penalties.length === 0 ? mean : b.op('AddN', [mean, ...penalties], {});
  }

  /** Sum of the losses alone over test images: neither class weights nor penalties. */
  evaluation(logits: TensorRef, labels: TensorRef): TensorRef {
    return this.#b.op('Sum', [this.#losses(logits, labels)], { axes: [0], keepDims: false });
  }

  /** Count of right answers and, where top-k accuracy is measured, count of labels among the k largest values. */
  counts(logits: TensorRef, labels: TensorRef): readonly TensorRef[] {
    const b = this.#b;
    const k = topKOf(this.#settings, this.#classes);
    const isRight = b.op('Equal', [b.op('ArgMax', [logits], { axis: 1 }), labels], {});
    const isAmongFirst = k === undefined ? [] : [b.op('InTopKV2', [logits, labels], { k })];
    return [isRight, ...isAmongFirst].map((each) =>
      b.op('Sum', [b.op('Cast', [each], { to: 'float32' })], { axes: [0], keepDims: false }),
    );
  }

  predict(logits: TensorRef, name: string): TensorRef {
    return lossOf(this.#settings.loss).predict(this.#b, logits, name);
  }

  #losses(logits: TensorRef, labels: TensorRef): TensorRef {
    const loss = lossOf(this.#settings.loss);
    const labelSmoothing = loss.usesLabelSmoothing ? this.#settings.labelSmoothing : 0;
    return loss.perSample({ b: this.#b, logits, labels, classes: this.#classes, labelSmoothing });
  }

  #weighted(losses: TensorRef, labels: TensorRef): TensorRef {
    const { classWeights } = this.#settings;
    if (classWeights.length === 0) return losses;
    const b = this.#b;
    const weights = b.constant({ dtype: 'float32', dims: [classWeights.length], values: classWeights });
    return b.op('Mul', [losses, b.op('GatherV2', [weights, labels], {})], {});
  }

  /** l1 * sum |w| and l2 * sum w^2. */
  #penalties({ value, regularizer: { l1, l2 } }: PenalizedWeight): readonly TensorRef[] {
    const b = this.#b;
    const axes = value.dims.map((_, axis) => axis);
    const scaled = (total: TensorRef, factor: number) => b.op('Mul', [total, b.float(factor)], {});
    return [
      ...(l1 === 0 ? [] : [scaled(b.op('Sum', [b.op('Abs', [value], {})], { axes, keepDims: false }), l1)]),
      ...(l2 === 0 ? [] : [scaled(b.op('L2Loss', [value], {}), 2 * l2)]),
    ];
  }
}
