/** Normalisation of each sample by itself: what layer and group normalisation share. */
import type { LayerBuilder } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import { required } from '../util/assert';

/** (x - mean) / sqrt(variance + epsilon) over the given axes, with the biased variance. */
export function standardize(
  b: LayerBuilder,
  x: TensorRef,
  axes: readonly number[],
  epsilon: number,
): TensorRef {
  const centred = b.op('Sub', [x, b.op('Mean', [x], { axes, keepDims: true })], {});
  const variance = b.op('Mean', [b.op('Square', [centred], {})], { axes, keepDims: true });
  const scale = b.op('Rsqrt', [b.op('AddV2', [variance, b.float(epsilon)], {})], {});
  return b.op('Mul', [centred, scale], {});
}

/** Learned scale γ and shift β along the last axis. */
export function scaleAndShift(b: LayerBuilder, x: TensorRef): TensorRef {
  const dims = [required(x.dims.at(-1), 'channels')];
  const gamma = b.weight({ role: 'gamma', dims, initializer: { name: 'ones' } });
  const beta = b.weight({ role: 'beta', dims, initializer: { name: 'zeros' } });
  return b.op('AddV2', [b.op('Mul', [x, gamma], {}), beta], {});
}
