/** Where dense layers with many weights compute in mixed precision. */
import { describe, expect, it } from 'vitest';
import { tunedForMixedPrecision } from '@shared/compile/passes/processor';
import { GraphBuilder } from '@shared/ir/builder';
import { BATCH } from '@shared/ir/types';

/** A product of one row for each image with the weights of a layer, and what gives their gradient. */
function layer(width: number) {
  const b = new GraphBuilder();
  const placeholder = (dims: readonly number[]) => b.op('Placeholder', [], { dtype: 'float32', dims });
  const rows = placeholder([BATCH, width]);
  const product = b.op('MatMul', [rows, placeholder([width, width])], {
    transposeA: false,
    transposeB: false,
  });
  const gradient = b.op('MatMul', [rows, product], { transposeA: true, transposeB: false });
  return { graph: b.graph, products: [product.operation, gradient.operation] };
}

describe('wide layers in mixed precision', () => {
  it.each([
    ['stay in float32 under small batches', 2048, 16, true],
    ['compute in 16 bits under large ones', 2048, 128, false],
    ['compute in 16 bits where they are narrow', 512, 16, false],
  ])('%s', (_, width, batchSize, isExact) => {
    const { graph, products } = layer(width);
    expect(tunedForMixedPrecision(graph, batchSize).exact).toEqual(isExact ? products : []);
  });
});
