/** Update rules, each as the fused kernel that TensorFlow has for it, and the slots that each keeps. */
import type { GraphBuilder, VariableHandle } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import type { Text } from '../texts/text';

export const optimizerNames = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw', 'rmsprop'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export interface UpdateContext {
  readonly b: GraphBuilder;
  readonly variable: VariableHandle;
  /** The variable's value before the step. */
  readonly value: TensorRef;
  readonly gradient: TensorRef;
  /** In the order of the optimiser's `slots`; each has the variable's shape and starts at zero. */
  readonly slots: readonly VariableHandle[];
  /** float32 scalars. `count` is 1 in the first step. */
  readonly learningRate: TensorRef;
  readonly count: TensorRef;
  readonly momentum: number;
  /** 0 for everything but kernels. */
  readonly weightDecay: number;
}

export interface Optimizer {
  readonly title: Text;
  readonly doc: Text;
  readonly slots: readonly string[];
  readonly usesMomentum: boolean;
  readonly usesWeightDecay: boolean;
  /** Emits the update and returns the name of the operation that completes it. */
  update(context: UpdateContext): string;
}

/** L2 decay: the gradient of weightDecay / 2 * |w|^2 joins that of the loss. */
function decayedGradient({ b, value, gradient, weightDecay }: UpdateContext): TensorRef {
  if (weightDecay === 0) return gradient;
  return b.op('AddV2', [gradient, b.op('Mul', [value, b.float(weightDecay)], {})], {});
}

/** accumulator = momentum * accumulator + gradient; Nesterov looks one step ahead. PyTorch's formulas. */
const momentumUpdate =
  (isNesterov: boolean): Optimizer['update'] =>
  (context) => {
    const { b, variable, slots, learningRate, momentum } = context;
    const inputs = [
      variable.handle,
      ...slots.map((slot) => slot.handle),
      learningRate,
      decayedGradient(context),
    ];
    return b.effect('ResourceApplyMomentum', inputs, { momentum, isNesterov }).name;
  };

/** Kingma and Ba (2014), with Keras's constants. */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

function adamUpdate(
  { b, variable, slots, learningRate, count, gradient }: UpdateContext,
  after: readonly string[],
): string {
  const power = (beta: number) => b.op('Pow', [b.float(beta), count], {});
  const handles = [variable.handle, ...slots.map((slot) => slot.handle)];
  const inputs = [...handles, power(adam.beta1), power(adam.beta2), learningRate, gradient];
  return b.effect('ResourceApplyAdam', inputs, adam, { after }).name;
}

/** Loshchilov and Hutter (2017): the decay is no part of the gradient. The two updates of one variable are ordered. */
function adamwUpdate(context: UpdateContext): string {
  const { b, variable, value, learningRate, weightDecay } = context;
  if (weightDecay === 0) return adamUpdate(context, []);
  const decay = b.op('Mul', [value, b.op('Mul', [learningRate, b.float(weightDecay)], {})], {});
  return adamUpdate(context, [b.effect('AssignSubVariableOp', [variable.handle, decay], {}).name]);
}

const optimizers: Readonly<Record<OptimizerName, Optimizer>> = {
  sgd: {
    title: { en: 'SGD', 'zh-CN': 'SGD' },
    doc: { en: 'Steps along the negative gradient.', 'zh-CN': '沿负梯度方向更新。' },
    slots: [],
    usesMomentum: false,
    usesWeightDecay: true,
    update(context) {
      const inputs = [context.variable.handle, context.learningRate, decayedGradient(context)];
      return context.b.effect('ResourceApplyGradientDescent', inputs, {}).name;
    },
  },
  momentum: {
    title: { en: 'Momentum', 'zh-CN': '动量' },
    doc: {
      en: 'SGD that keeps moving in the direction of earlier steps.',
      'zh-CN': '保持先前方向惯性的 SGD。',
    },
    slots: ['momentum'],
    usesMomentum: true,
    usesWeightDecay: true,
    update: momentumUpdate(false),
  },
  nesterov: {
    title: { en: 'Nesterov', 'zh-CN': 'Nesterov 动量' },
    doc: { en: 'Momentum whose gradient looks one step ahead.', 'zh-CN': '梯度向前看一步的动量法。' },
    slots: ['momentum'],
    usesMomentum: true,
    usesWeightDecay: true,
    update: momentumUpdate(true),
  },
  adam: {
    title: { en: 'Adam', 'zh-CN': 'Adam' },
    doc: {
      en: 'Scales each weight’s step by the size of its recent gradients.',
      'zh-CN': '按每个权重近期梯度的大小缩放步长。',
    },
    slots: ['m', 'v'],
    usesMomentum: false,
    usesWeightDecay: false,
    update: (context) => adamUpdate(context, []),
  },
  adamw: {
    title: { en: 'AdamW', 'zh-CN': 'AdamW' },
    doc: { en: 'Adam with weight decay apart from the gradient.', 'zh-CN': '权重衰减与梯度分离的 Adam。' },
    slots: ['m', 'v'],
    usesMomentum: false,
    usesWeightDecay: true,
    update: adamwUpdate,
  },
  rmsprop: {
    title: { en: 'RMSprop', 'zh-CN': 'RMSprop' },
    doc: {
      en: 'Divides each step by the root mean square of recent gradients.',
      'zh-CN': '用近期梯度的均方根除以步长。',
    },
    slots: ['velocity', 'momentum'],
    usesMomentum: false,
    usesWeightDecay: false,
    update({ b, variable, slots, learningRate, gradient }) {
      const inputs = [variable.handle, ...slots.map((slot) => slot.handle), learningRate, gradient];
      return b.effect('ResourceApplyRMSProp', inputs, { rho: 0.9, momentum: 0, epsilon: 1e-7 }).name;
    },
  },
};

export function optimizerOf(name: OptimizerName): Optimizer {
  return optimizers[name];
}
