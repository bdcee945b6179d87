/** Sizes of tensors whose batch is known only in a run. */
import type { LayerBuilder } from '../ir/builder';
import type { TensorRef } from '../ir/types';
import { ints } from '../ops/primitive';

/** int32 [batch of `x`, ...sizes]. */
export function batchedSizes(b: LayerBuilder, x: TensorRef, sizes: readonly number[]): TensorRef {
  const batch = b.op('Slice', [b.op('Shape', [x], {})], { begin: [0], size: [1] });
  return b.op('ConcatV2', [batch, b.constant(ints(sizes))], { axis: 0 });
}
