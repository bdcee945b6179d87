/** 1×1 convolutions of the same images as one, against several on the real TensorFlow. */
import { describe, expect, it } from 'vitest';
import { tunedForTraining } from '@shared/compile/passes/processor';
import type { RewrittenGraph } from '@shared/compile/passes/substitution';
import { prune } from '@shared/compile/prune';
import { GraphBuilder } from '@shared/ir/builder';
import type { Dims, TensorRef } from '@shared/ir/types';
import type { JsonObject } from '@shared/util/json';
import { Sketch } from '../shared/sketch';
import { expectSameTraining, images, same, trainedBothWays, withSgd } from './both-ways';

describe('1×1 convolutions of the same images', () => {
  const branch = (sketch: Sketch, from: string, params: JsonObject) => {
    const convolved = sketch.add('Conv2D', { kernelSize: [1, 1], ...params }, from);
    return sketch.add('Activation', { activation: 'relu' }, convolved);
  };
  const network = (layers: (sketch: Sketch, images: string) => readonly string[]) => {
    const sketch = withSgd(new Sketch());
    const input = sketch.add('Input', { shape: [6, 6, 3] });
    const joined = sketch.add('Concatenate', {}, ...layers(sketch, input));
    sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, joined)));
    return sketch.document;
  };

  it('train alike as one', async () => {
    const document = network((sketch, images) => {
      const [first, second, third] = [4, 5, 2].map((filters) => branch(sketch, images, { filters }));
      const behind = sketch.add('Conv2D', { filters: 3, kernelSize: [3, 3], padding: 'same' }, second ?? '');
      return [first ?? '', behind, third ?? '', branch(sketch, first ?? '', { filters: 2 })];
    });
    expectSameTraining(await trainedBothWays(document, 4));
  });

  it('are one behind channels that were added for normalisation, too', async () => {
    const document = network((sketch, images) => {
      const convolved = sketch.add('Conv2D', { filters: 6, kernelSize: [3, 3], padding: 'same' }, images);
      const active = sketch.add(
        'Activation',
        { activation: 'relu' },
        sketch.add('BatchNormalization', {}, convolved),
      );
      return [branch(sketch, active, { filters: 4 }), branch(sketch, active, { filters: 3 })];
    });
    expectSameTraining(await trainedBothWays(document, 4));
  });

  it.each<[string, number, (b: GraphBuilder, x: TensorRef, y: TensorRef) => readonly TensorRef[]]>([
    ['are one', 1, (b, x) => [pointwise(b, x), pointwise(b, x), pointwise(b, x)]],
    ['stay apart where one has no bias', 2, (b, x) => [pointwise(b, x), pointwise(b, x, { bias: false })]],
    [
      'stay apart where one has no activation',
      2,
      (b, x) => [pointwise(b, x), pointwise(b, x, { relu: false })],
    ],
    ['stay apart over other images', 2, (b, x, y) => [pointwise(b, x), pointwise(b, y)]],
    [
      'stay apart where kernels see more',
      2,
      (b, x) => [pointwise(b, x, { size: 3 }), pointwise(b, x, { size: 3 })],
    ],
  ])('%s', (_, count, layers) => {
    const b = new GraphBuilder();
    const [x, y] = [placeholder(b, images(6, 6, 4)), placeholder(b, images(6, 6, 4))];
    const logits = b.op('ConcatV2', [...layers(b, x, y)], { axis: 3 });
    expect(countOf('Conv2D', tunedForTraining(b.graph, logits))).toBe(count);
  });
});

const placeholder = (b: GraphBuilder, dims: Dims) => b.op('Placeholder', [], { dtype: 'float32', dims });

function pointwise(
  b: GraphBuilder,
  x: TensorRef,
  { bias = true, relu = true, size: pixels = 1 } = {},
): TensorRef {
  const convolved = b.op('Conv2D', [x, placeholder(b, [pixels, pixels, 4, 2])], same);
  const shifted = bias ? b.op('BiasAdd', [convolved, placeholder(b, [2])], {}) : convolved;
  return relu ? b.op('Relu', [shifted], {}) : shifted;
}

function countOf(op: string, { graph, logits }: RewrittenGraph): number {
  return prune(graph, [logits.operation]).operations.filter((operation) => operation.op === op).length;
}
