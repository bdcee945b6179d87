/**
 * Gradients of wide dense layers with the large matrix as the first factor. The layer's weights are read from memory once
 * either way, but the kernel for a batch of few rows reads them at half the speed.
 */
import { elementsPerSample } from '../../ir/shape';
import { BATCH, type Operation } from '../../ir/types';
import { required } from '../../util/assert';
import { type Emitter, isOp } from './rewrite';

/** Weights of a layer that does not fit the processor's inner caches: 16 MiB. */
const WIDE = 2 ** 22;

/** g Wᵀ as (W gᵀ)ᵀ, and xᵀ g with xᵀ in memory. */
export function multiplyWideFirst(operation: Operation, emit: Emitter): void {
  if (!isOp(operation, 'MatMul')) return;
  const { inputs, attributes, outputs } = operation;
  const a = required(inputs[0], 'the first factor');
  const b = required(inputs[1], 'the second factor');
  if (attributes.transposeB && !attributes.transposeA && isWide(b.dims)) {
    const product = emit.op('MatMul', [b, a], { transposeA: false, transposeB: true });
    emit.instead('Transpose', [product], {});
  }
  if (attributes.transposeA && !attributes.transposeB && isWide(outputs[0]?.dims ?? [])) {
    emit.instead('MatMul', [emit.op('Transpose', [a], {}), b], { transposeA: false, transposeB: false });
  }
}

/** A product with the weights of a wide layer, or one that gives their gradient. */
export function isWideProduct({ op, inputs, outputs }: Operation): boolean {
  return op === 'MatMul' && [...inputs, ...outputs].some(({ dims }) => isWide(dims));
}

function isWide(dims: readonly number[]): boolean {
  return !dims.includes(BATCH) && elementsPerSample(dims) >= WIDE;
}
