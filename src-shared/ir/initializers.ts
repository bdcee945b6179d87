/** Initial values of weights, in Keras's definitions and by seed. */
import { ints, type Literal } from '../ops/primitive';
import type { Text } from '../texts/text';
import { elementsPerSample } from './shape';
import type { GraphBuilder } from './builder';
import type { Dims, TensorRef } from './types';

export const initializerNames = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'normal',
  'zeros',
  'ones',
] as const;
export type InitializerName = (typeof initializerNames)[number];

export type InitializerSpec =
  | {
      readonly name: InitializerName;
      /** Standard deviation, for `normal` only. */
      readonly standardDeviation?: number;
    }
  /** Typed in; broadcast to the weight's shape. */
  | { readonly name: 'custom'; readonly value: Literal };

export const initializerLabels: Readonly<Record<InitializerName, Text>> = {
  glorotUniform: { en: 'Glorot uniform', 'zh-CN': 'Glorot 均匀' },
  glorotNormal: { en: 'Glorot normal', 'zh-CN': 'Glorot 正态' },
  heUniform: { en: 'He uniform', 'zh-CN': 'He 均匀' },
  heNormal: { en: 'He normal', 'zh-CN': 'He 正态' },
  normal: { en: 'Normal', 'zh-CN': '正态' },
  zeros: { en: 'Zeros', 'zh-CN': '全零' },
  ones: { en: 'Ones', 'zh-CN': '全一' },
};

/** Inputs and outputs of one unit, for `[in, out]` and `[kh, kw, in, out]`. */
export function fans(dims: Dims): { readonly fanIn: number; readonly fanOut: number } {
  const receptive = elementsPerSample(dims.slice(0, -2));
  const [inputs = 1, outputs = 1] = dims.length >= 2 ? dims.slice(-2) : [dims[0], dims[0]];
  return { fanIn: inputs * receptive, fanOut: outputs * receptive };
}

/** Standard deviation of a normal distribution truncated at two of its own (Keras divides by it). */
const TRUNCATED_DEVIATION = 0.87962566103423978;

type Scheme = (fan: { readonly fanIn: number; readonly fanOut: number }) => number;

/** Glorot and Bengio (2010). */
const glorot: Scheme = ({ fanIn, fanOut }) => 2 / (fanIn + fanOut);
/** He et al. (2015). */
const he: Scheme = ({ fanIn }) => 2 / fanIn;

type Draw = (b: GraphBuilder, dims: Dims, key: TensorRef, standardDeviation?: number) => TensorRef;

/** Uniform with the scheme's variance: limit = sqrt(3 * variance). */
const uniform =
  (scheme: Scheme): Draw =>
  (b, dims, key) => {
    const limit = Math.sqrt(3 * scheme(fans(dims)));
    const unit = b.op('StatelessRandomUniform', [b.constant(ints(dims)), key], { dims });
    return b.op('Mul', [b.op('Sub', [unit, b.float(0.5)], {}), b.float(2 * limit)], {});
  };

const truncatedNormal =
  (scheme: Scheme): Draw =>
  (b, dims, key) => {
    const deviation = Math.sqrt(scheme(fans(dims))) / TRUNCATED_DEVIATION;
    return b.op('Mul', [b.op('StatelessTruncatedNormal', [key], { dims }), b.float(deviation)], {});
  };

const draws: Readonly<Record<InitializerName, Draw>> = {
  glorotUniform: uniform(glorot),
  glorotNormal: truncatedNormal(glorot),
  heUniform: uniform(he),
  heNormal: truncatedNormal(he),
  normal: (b, dims, key, standardDeviation = 0.05) => {
    const unit = b.op('StatelessRandomNormal', [b.constant(ints(dims)), key], { dims });
    return b.op('Mul', [unit, b.float(standardDeviation)], {});
  },
  zeros: (b, dims) => b.op('Fill', [], { dims, value: 0 }),
  ones: (b, dims) => b.op('Fill', [], { dims, value: 1 }),
};

/** The initial value of a weight; `key` is int32 [2], made of the run's seed and the weight's name. */
export function initialValue(b: GraphBuilder, dims: Dims, spec: InitializerSpec, key: TensorRef): TensorRef {
  if (spec.name === 'custom') {
    return b.op('BroadcastTo', [b.constant(spec.value), b.constant(ints(dims))], { dims });
  }
  return draws[spec.name](b, dims, key, spec.standardDeviation);
}
