/** 1×1 kernels against their formulas: TensorFlow's own are wrong on some processors, or end the process. */
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeSavedModel } from '@shared/compile/graphdef';
import { tunedForInference, tunedForProcessor } from '@shared/compile/passes/processor';
import { GraphBuilder } from '@shared/ir/builder';
import { BATCH } from '@shared/ir/types';
import { ints } from '@shared/ops/primitive';
import { required } from '@shared/util/assert';
import { float32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, expectOk, GraphSession, sample } from './graph-session';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

const [BATCH_SIZE, FILTERS] = [3, 24];

describe('gradients by images', () => {
  it.each([
    { channels: 512, size: 1, stride: 1 },
    { channels: 832, size: 3, stride: 1 },
    { channels: 464, size: 5, stride: 2 },
    { channels: 512, size: 4, stride: 3 },
    { channels: 5, size: 6, stride: 2 },
  ])('$channels channels, image of $size, stride $stride', async ({ channels, size, stride }) => {
    const outer = Math.ceil(size / stride);
    const b = new GraphBuilder();
    const placeholder = (name: string, dims: readonly number[]) =>
      b.op('Placeholder', [], { dtype: 'float32', dims }, { name });
    const kernel = placeholder('kernel', [1, 1, channels, FILTERS]);
    const gradient = placeholder('gradient', [BATCH, outer, outer, FILTERS]);
    const sizes = b.constant(ints([BATCH_SIZE, size, size, channels]));
    const output = b.op('Conv2DBackpropInput', [sizes, kernel, gradient], {
      strides: [stride, stride],
      padding: 'VALID',
      dims: [BATCH, size, size, channels],
    });
    const weights = sample(channels * FILTERS, 1);
    const given = sample(BATCH_SIZE * outer * outer * FILTERS, 2);
    const graph = tunedForProcessor(b.graph);
    expect(graph.operations.map(({ op }) => op)).not.toContain('Conv2DBackpropInput');
    const session = new GraphSession(expectOk(await runtime.load(encodeSavedModel(graph))));
    const feeds = [
      [kernel, float32(weights, [1, 1, channels, FILTERS])],
      [gradient, float32(given, [BATCH_SIZE, outer, outer, FILTERS])],
    ] as const;
    const found = required((await session.run(feeds, [output]))[0], 'the output');
    session.session.dispose();
    expect(found).toHaveLength(BATCH_SIZE * size * size * channels);
    const worst = Array.from(found, (value, i) => {
      const [channel, pixel] = [i % channels, Math.floor(i / channels)];
      const [column, row, image] = [
        pixel % size,
        Math.floor(pixel / size) % size,
        Math.floor(pixel / size ** 2),
      ];
      const isMet = row % stride === 0 && column % stride === 0;
      const at = ((image * outer + row / stride) * outer + column / stride) * FILTERS;
      const products = Array.from({ length: FILTERS }, (_, k) =>
        isMet ? (given[at + k] ?? NaN) * (weights[channel * FILTERS + k] ?? NaN) : 0,
      );
      return Math.abs(value - products.reduce((sum, each) => sum + each, 0));
    }).reduce((a, c) => Math.max(a, c), 0);
    expect(worst).toBeLessThan(1e-5);
  });
});

describe('gradients by kernels', () => {
  it.each([
    { channels: 5, filters: 24, size: 6 },
    { channels: 512, filters: 40, size: 1 },
    { channels: 33, filters: 48, size: 4 },
  ])('$channels to $filters channels, image of $size', async ({ channels, filters, size }) => {
    const b = new GraphBuilder();
    const placeholder = (last: number) =>
      b.op('Placeholder', [], { dtype: 'float32', dims: [BATCH, size, size, last] });
    const [images, gradient] = [placeholder(channels), placeholder(filters)];
    const output = b.op('Conv2DBackpropFilter', [images, gradient], {
      strides: [1, 1],
      padding: 'VALID',
      dims: [1, 1, channels, filters],
    });
    const graph = tunedForProcessor(b.graph);
    expect(graph.operations.map(({ op }) => op)).not.toContain('Conv2DBackpropFilter');
    const pixels = BATCH_SIZE * size * size;
    const [given, gradients] = [sample(pixels * channels, 5), sample(pixels * filters, 6)];
    const session = new GraphSession(expectOk(await runtime.load(encodeSavedModel(graph))));
    const feeds = [
      [images, float32(given, [BATCH_SIZE, size, size, channels])],
      [gradient, float32(gradients, [BATCH_SIZE, size, size, filters])],
    ] as const;
    const found = required((await session.run(feeds, [output]))[0], 'the output');
    session.session.dispose();
    expect(found).toHaveLength(channels * filters);
    const worst = Array.from(found, (value, i) => {
      const [channel, filter] = [Math.floor(i / filters), i % filters];
      const products = Array.from(
        { length: pixels },
        (_, pixel) =>
          (given[pixel * channels + channel] ?? NaN) * (gradients[pixel * filters + filter] ?? NaN),
      );
      return Math.abs(value - products.reduce((sum, each) => sum + each, 0));
    }).reduce((a, c) => Math.max(a, c), 0);
    expect(worst).toBeLessThan(1e-4);
  });

  it('stay where kernels are larger, strided or in groups', () => {
    const b = new GraphBuilder();
    const gradientOf = (dims: readonly number[], stride: number) => {
      const [images, gradient] = [6, 6 / stride].map((size, i) =>
        b.op('Placeholder', [], { dtype: 'float32', dims: [BATCH, size, size, i === 0 ? 8 : 4] }),
      );
      return b.op('Conv2DBackpropFilter', [required(images, 'images'), required(gradient, 'a gradient')], {
        strides: [stride, stride],
        padding: 'SAME',
        dims,
      });
    };
    gradientOf([3, 3, 8, 4], 1);
    gradientOf([1, 1, 8, 4], 2);
    gradientOf([1, 1, 4, 4], 1);
    expect(tunedForProcessor(b.graph)).toEqual(b.graph);
  });
});

describe('convolutions', () => {
  /** A 1×1 convolution in the form that evaluation gives it. */
  const convolution = (channels: number, filters: number) => {
    const b = new GraphBuilder();
    const [images, kernel] = [
      [BATCH, 2, 3, channels],
      [1, 1, channels, filters],
    ].map((dims) => b.op('Placeholder', [], { dtype: 'float32', dims }));
    const operands = [required(images, 'images'), required(kernel, 'a kernel')] as const;
    const logits = b.op('Conv2D', operands, { strides: [1, 1], padding: 'SAME' });
    return { operands, ...tunedForInference(b.graph, logits) };
  };
  const hasConvolution = ({ graph }: ReturnType<typeof convolution>) =>
    graph.operations.some(({ op }) => op === 'Conv2D');

  it('of many channels are matrix products', async () => {
    const [channels, filters, pixels] = [256, 1024, BATCH_SIZE * 6];
    const form = convolution(channels, filters);
    expect(hasConvolution(form)).toBe(false);
    const session = new GraphSession(expectOk(await runtime.load(encodeSavedModel(form.graph))));
    const [given, weights] = [sample(pixels * channels, 3), sample(channels * filters, 4)];
    const feeds = [
      [form.operands[0], float32(given, [BATCH_SIZE, 2, 3, channels])],
      [form.operands[1], float32(weights, [1, 1, channels, filters])],
    ] as const;
    const found = required((await session.run(feeds, [form.logits]))[0], 'the output');
    session.session.dispose();
    expect(found).toHaveLength(pixels * filters);
    const worst = Array.from(found, (value, i) => {
      const [pixel, filter] = [Math.floor(i / filters), i % filters];
      let sum = 0;
      for (let k = 0; k < channels; k++) {
        sum += (given[pixel * channels + k] ?? NaN) * (weights[k * filters + filter] ?? NaN);
      }
      return Math.abs(value - sum);
    }).reduce((a, c) => Math.max(a, c), 0);
    expect(worst).toBeLessThan(1e-4);
  });

  it('of fewer stay', () => {
    expect(hasConvolution(convolution(256, 512))).toBe(true);
  });
});
