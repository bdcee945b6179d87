/** Dropout masks: what is left out, and how much the rest is scaled up. */
import type { LayerBuilder } from '../ir/builder';
import type { Dims, TensorRef } from '../ir/types';

/** `x` with each value of a mask of the given sizes dropped with probability `rate`; the mask broadcasts to `x`. */
export function dropped(
  b: LayerBuilder,
  x: TensorRef,
  rate: number,
  { sizes, dims }: { readonly sizes: TensorRef; readonly dims: Dims },
): TensorRef {
  const uniform = b.op('StatelessRandomUniform', [sizes, b.randomKey()], { dims });
  const isKept = b.op('Cast', [b.op('GreaterEqual', [uniform, b.float(rate)], {})], { to: 'float32' });
  return b.op('Mul', [x, b.op('Mul', [isKept, b.float(1 / (1 - rate))], {})], {});
}
