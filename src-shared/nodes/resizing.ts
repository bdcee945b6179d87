/** Resizing of images, for the nodes that do it. */
import type { LayerBuilder } from '../ir/builder';
import type { TensorRef } from '../ir/types';

export function resize(
  b: LayerBuilder,
  x: TensorRef,
  size: readonly [number, number],
  interpolation: 'nearest' | 'bilinear',
): TensorRef {
  return b.op(interpolation === 'nearest' ? 'ResizeNearestNeighbor' : 'ResizeBilinear', [x], { size });
}
