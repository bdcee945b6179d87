/** Losses: what training makes small, and what the network's last values mean under each. */
import type { GraphBuilder } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import type { Text } from '../texts/text';

export const lossNames = ['softmaxCrossEntropy', 'binaryCrossEntropy', 'meanSquaredError'] as const;
export type LossName = (typeof lossNames)[number];

export interface LossContext {
  readonly b: GraphBuilder;
  /** float32 [n, classes]: what the node before the Output gives. */
  readonly logits: TensorRef;
  /** int32 [n]. */
  readonly labels: TensorRef;
  readonly classes: number;
  /** From 0 to below 1; 0 for losses that do not use it. */
  readonly labelSmoothing: number;
}

export interface Loss {
  readonly title: Text;
  readonly doc: Text;
  readonly usesLabelSmoothing: boolean;
  /** One loss per sample, float32 [n]. */
  perSample(context: LossContext): TensorRef;
  /** What the network says of each class, float32 [n, classes]; the largest value is its answer. */
  predict(b: GraphBuilder, logits: TensorRef, name: string): TensorRef;
}

/** Labels as numbers per class. `on` at the label, `off` elsewhere. */
function targetsOf(
  { b, labels, classes: depth }: LossContext,
  { on, off }: { readonly on: number; readonly off: number },
): TensorRef {
  return b.op('OneHot', [labels], { depth, on, off });
}

/** A share of the target is dealt to all classes, the label included (Szegedy et al., 2015). */
function softmaxCrossEntropy(context: LossContext): TensorRef {
  const { b, logits, labels, classes, labelSmoothing } = context;
  if (labelSmoothing === 0) return b.op('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], {});
  const off = labelSmoothing / classes;
  const targets = targetsOf(context, { on: 1 - labelSmoothing + off, off });
  return b.op('SoftmaxCrossEntropyWithLogits', [logits, targets], {});
}

/**
 * Mean over classes of -z log s(x) - (1 - z) log(1 - s(x)), s the sigmoid: z softplus(-x) + (1 - z) softplus(x), which
 * neither overflows nor cancels, and has the right gradient at 0. Smoothing moves the targets towards 1/2, as in Keras.
 */
function binaryCrossEntropy(context: LossContext): TensorRef {
  const { b, logits, labelSmoothing } = context;
  const half = labelSmoothing / 2;
  const targets = targetsOf(context, { on: 1 - half, off: half });
  const others = b.op('Sub', [b.float(1), targets], {});
  const missed = b.op('Mul', [targets, b.op('Softplus', [b.op('Neg', [logits], {})], {})], {});
  const alarmed = b.op('Mul', [others, b.op('Softplus', [logits], {})], {});
  return b.op('Mean', [b.op('AddV2', [missed, alarmed], {})], { axes: [1], keepDims: false });
}

function meanSquaredError(context: LossContext): TensorRef {
  const { b, logits } = context;
  const differences = b.op('Sub', [logits, targetsOf(context, { on: 1, off: 0 })], {});
  return b.op('Mean', [b.op('Square', [differences], {})], { axes: [1], keepDims: false });
}

const losses: Readonly<Record<LossName, Loss>> = {
  softmaxCrossEntropy: {
    title: { en: 'Softmax cross entropy', 'zh-CN': 'softmax 交叉熵' },
    doc: {
      en: 'The classes exclude each other: softmax makes one distribution of all values, whose probability of the label is to be large.',
      'zh-CN': '各类别互斥：softmax 把所有值变为一个分布，标签的概率应尽量大。',
    },
    usesLabelSmoothing: true,
    perSample: softmaxCrossEntropy,
    predict: (b, logits, name) => b.op('Softmax', [logits], {}, { name }),
  },
  binaryCrossEntropy: {
    title: { en: 'Binary cross entropy', 'zh-CN': '二元交叉熵' },
    doc: {
      en: 'Asks of each class by itself whether it is the label: a sigmoid per class, whose probabilities need not add up to 1.',
      'zh-CN': '对每个类别单独判断它是否为标签：每类一个 sigmoid，概率之和不必为 1。',
    },
    usesLabelSmoothing: true,
    perSample: binaryCrossEntropy,
    predict: (b, logits, name) => b.op('Sigmoid', [logits], {}, { name }),
  },
  meanSquaredError: {
    title: { en: 'Mean squared error', 'zh-CN': '均方误差' },
    doc: {
      en: 'Squared distance of the values themselves to 1 for the label and 0 for every other class; predictions are these values, not probabilities.',
      'zh-CN': '输出值与目标（标签为 1，其他类别为 0）之差的平方；预测即这些值，而不是概率。',
    },
    usesLabelSmoothing: false,
    perSample: meanSquaredError,
    predict: (b, logits, name) => b.op('Identity', [logits], {}, { name }),
  },
};

export function lossOf(name: LossName): Loss {
  return losses[name];
}
