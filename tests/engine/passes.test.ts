/** What is computed by other means on a processor, against the plain operations on the real TensorFlow. */
import { describe, expect, it } from 'vitest';
import { differentiate } from '@shared/compile/differentiate';
import { tunedForProcessor } from '@shared/compile/passes/processor';
import { GraphBuilder } from '@shared/ir/builder';
import { BATCH, type Dims, type TensorRef } from '@shared/ir/types';
import { ints } from '@shared/ops/primitive';
import { templateOf } from '@shared/templates';
import type { JsonObject } from '@shared/util/json';
import { required } from '@shared/util/assert';
import { Sketch } from '../shared/sketch';
import {
  BATCH_SIZE,
  bothWays,
  expectSameTraining,
  images,
  same,
  trainedBothWays,
  type Trial,
  withSgd,
} from './both-ways';
import { expectClose, largestOf } from './closeness';

type Pair = readonly [number, number];

interface Convolution {
  readonly image: Pair;
  readonly kernel: Pair;
  readonly channels: number;
  readonly filters: number;
}

const sizesOf = (height: number, width: number, channels: number) =>
  ints([BATCH_SIZE, height, width, channels]);

describe('convolutions of small images', () => {
  const shapes: readonly Convolution[] = [
    { image: [3, 3], kernel: [3, 3], channels: 64, filters: 64 },
    { image: [1, 1], kernel: [3, 3], channels: 64, filters: 64 },
    { image: [2, 2], kernel: [5, 5], channels: 64, filters: 64 },
    { image: [4, 4], kernel: [3, 3], channels: 64, filters: 64 },
    { image: [1, 4], kernel: [2, 3], channels: 72, filters: 64 },
    { image: [3, 2], kernel: [1, 2], channels: 64, filters: 80 },
    { image: [3, 3], kernel: [5, 5], channels: 128, filters: 128 },
  ];

  it.each(shapes)('$image pixels, $kernel kernel', async ({ image, kernel, channels, filters }) => {
    const { plain, tuned, values } = await bothWays({
      inputs: [images(...image, channels), [...kernel, channels, filters]],
      build: (b, refs) => b.op('Conv2D', refs, same),
    });
    expect(plain).toContain('Conv2D');
    expect(tuned).not.toContain('Conv2D');
    expectClose(values);
  });

  it.each(shapes)(
    'its gradient by images of $image, $kernel kernel',
    async ({ image, kernel, channels, filters }) => {
      const { tuned, values } = await bothWays({
        inputs: [[...kernel, channels, filters], images(...image, filters)],
        build: (b, refs) =>
          b.op('Conv2DBackpropInput', [b.constant(sizesOf(...image, channels)), ...refs], {
            ...same,
            dims: images(...image, channels),
          }),
      });
      expect(tuned).not.toContain('Conv2DBackpropInput');
      expectClose(values);
    },
  );

  it.each(shapes)(
    'its gradient by a kernel of $kernel, $image pixels',
    async ({ image, kernel, channels, filters }) => {
      const { tuned, values } = await bothWays({
        inputs: [images(...image, channels), images(...image, filters)],
        build: (b, refs) =>
          b.op('Conv2DBackpropFilter', refs, { ...same, dims: [...kernel, channels, filters] }),
      });
      expect(tuned).not.toContain('Conv2DBackpropFilter');
      expectClose(values);
    },
  );

  it.each<Convolution & { why: string }>([
    { why: 'a large image', image: [5, 5], kernel: [3, 3], channels: 64, filters: 64 },
    { why: 'a small kernel', image: [3, 3], kernel: [3, 3], channels: 8, filters: 8 },
  ])('stay as they are over $why', async ({ image, kernel, channels, filters }) => {
    const { tuned } = await bothWays({
      inputs: [images(...image, channels), [...kernel, channels, filters]],
      build: (b, refs) => b.op('Conv2D', refs, same),
    });
    expect(tuned).toContain('Conv2D');
  });
});

describe('gradients of wide dense layers', () => {
  const wide = [2048, 2049] as const;

  it('by the input', async () => {
    const { tuned, values } = await bothWays({
      inputs: [[BATCH, wide[1]], wide],
      build: (b, refs) => b.op('MatMul', refs, { transposeA: false, transposeB: true }),
    });
    expect(tuned).toContain('Transpose');
    expectClose(values);
  });

  it('by the weights', async () => {
    const { tuned, values } = await bothWays({
      inputs: [
        [BATCH, wide[0]],
        [BATCH, wide[1]],
      ],
      build: (b, refs) => b.op('MatMul', refs, { transposeA: true, transposeB: false }),
    });
    expect(tuned).toContain('Transpose');
    expectClose(values);
  });
});

describe('the gradient of a mean over windows', () => {
  const meanGradient = (dims: Dims, window: readonly [number, number], strides = window): Trial => {
    const [, height = 0, width = 0, channels = 0] = dims;
    const out = [
      Math.floor((height - window[0]) / strides[0]) + 1,
      Math.floor((width - window[1]) / strides[1]) + 1,
    ];
    return {
      inputs: [images(out[0] ?? 0, out[1] ?? 0, channels)],
      build: (b, refs) =>
        b.op('AvgPoolGrad', [b.constant(sizesOf(height, width, channels)), ...refs], {
          window,
          strides,
          padding: 'VALID',
          dims,
        }),
    };
  };

  it.each([
    { dims: images(4, 6, 6), window: [2, 2] },
    { dims: images(6, 3, 5), window: [3, 1] },
    { dims: images(2, 8, 1), window: [1, 4] },
  ] as const)('$dims by $window', async ({ dims, window }) => {
    const { tuned, values } = await bothWays(meanGradient(dims, window));
    expect(tuned).not.toContain('AvgPoolGrad');
    expectClose(values, 1e-6);
  });

  it.each([
    { dims: images(5, 4, 6), window: [2, 2], strides: [2, 2], why: 'pixels are left over' },
    { dims: images(4, 4, 6), window: [2, 2], strides: [1, 1], why: 'windows overlap' },
    { dims: images(4, 4, 8), window: [2, 2], strides: [2, 2], why: 'the kernel is fast' },
  ] as const)('stays where $why', async ({ dims, window, strides }) => {
    const { tuned } = await bothWays(meanGradient(dims, window, strides));
    expect(tuned).toContain('AvgPoolGrad');
  });
});

describe('batch normalisation over an odd number of channels', () => {
  const norm = (sketch: Sketch, from: string) => sketch.add('BatchNormalization', {}, from);
  const conv = (sketch: Sketch, from: string, params: JsonObject) =>
    sketch.add('Conv2D', { kernelSize: [3, 3], padding: 'same', ...params }, from);
  const finish = (sketch: Sketch, from: string) =>
    sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, from)));

  it.each<[string, (sketch: Sketch, images: string) => string]>([
    [
      'between convolutions, through activation and pooling',
      (sketch, images) => {
        const active = sketch.add(
          'Activation',
          { activation: 'sigmoid' },
          norm(sketch, conv(sketch, images, { filters: 6 })),
        );
        const pooled = sketch.add('AveragePooling2D', {}, active);
        return norm(sketch, conv(sketch, pooled, { filters: 10 }));
      },
    ],
    ['as the first layer', (sketch, images) => conv(sketch, norm(sketch, images), { filters: 4 })],
    [
      'of a convolution that another layer sees too',
      (sketch, images) => {
        const shared = conv(sketch, images, { filters: 5, useBias: false });
        return sketch.add('Add', {}, norm(sketch, shared), shared);
      },
    ],
    [
      'before a grouped convolution and before a depthwise one',
      (sketch, images) => {
        const normed = norm(sketch, conv(sketch, images, { filters: 6 }));
        const grouped = conv(sketch, normed, { filters: 6, groups: 3 });
        const depthwise = sketch.add('DepthwiseConv2D', { kernelSize: [3, 3], padding: 'same' }, normed);
        return sketch.add('Concatenate', {}, grouped, depthwise);
      },
    ],
  ])('%s', async (_, layers) => {
    const sketch = withSgd(new Sketch());
    const input = sketch.add('Input', { shape: [6, 6, 3] });
    finish(sketch, layers(sketch, input));
    expectSameTraining(await trainedBothWays(sketch.document, 4));
  });

  it('LeNet with batch normalisation', async () => {
    const document = required(templateOf('lenet-bn'), 'lenet-bn').create();
    const sgd = { ...document.training, optimizer: 'sgd' };
    expectSameTraining(await trainedBothWays({ ...document, training: sgd }, 3));
  });
});

describe('biases before batch normalisation', () => {
  it('keep their values, under Adam too', async () => {
    const document = required(templateOf('lenet-bn'), 'lenet-bn').create();
    const { tuned, plain } = await trainedBothWays(document, 3);
    const bias = (weights: typeof tuned.weights, node: string) =>
      Array.from(weights.get(`${node}/bias`) ?? []);
    expect(bias(tuned.weights, 'conv2d_1')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(bias(tuned.weights, 'dense_1')).toEqual(Array<number>(120).fill(0));
    // Without normalisation behind it, a bias learns.
    expect(largestOf(bias(tuned.weights, 'dense_3'))).toBeGreaterThan(1e-4);
    // What is left out was noise, which Adam makes steps of.
    expect(largestOf(bias(plain.weights, 'conv2d_1'))).toBeGreaterThan(1e-4);
  });

  it('are found through concatenation, and not behind an activation', () => {
    const b = new GraphBuilder();
    const given = (name: string, dims: Dims) => b.op('Placeholder', [], { dtype: 'float32', dims }, { name });
    const layer = (name: string, x: TensorRef) => {
      const bias = given(`${name}/bias`, [4]);
      const kernel = given(`${name}/kernel`, [3, 3, required(x.dims[3], 'channels'), 4]);
      return { bias, y: b.op('BiasAdd', [b.op('Conv2D', [x, kernel], same), bias], {}) };
    };
    const x = given('x', images(8, 8, 4));
    const silent = layer('silent', x);
    const joined = b.op('ConcatV2', [x, silent.y], { axis: 3 });
    const empty = b.constant({ dtype: 'float32', dims: [0], values: [] });
    const normed = b.op('FusedBatchNormV3', [joined, given('gamma', [8]), given('beta', [8]), empty, empty], {
      epsilon: 1e-5,
      isTraining: true,
    });
    const heard = layer('heard', b.op('Relu', [normed], {}));
    const loss = b.op('Sum', [b.op('Square', [heard.y], {})], { axes: [0, 1, 2, 3], keepDims: false });
    const [ofSilent, ofHeard] = differentiate(b, loss, [silent.bias, heard.bias]);
    const makers = new Map(tunedForProcessor(b.graph).operations.map(({ name, op }) => [name, op]));
    expect(makers.get(ofSilent?.operation ?? '')).toBe('Fill');
    expect(makers.get(ofHeard?.operation ?? '')).toBe('BiasAddGrad');
  });
});
