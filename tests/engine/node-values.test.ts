/** What nodes compute, against the definitions written out with tfjs, and convolutions against their sums. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Capabilities } from '@shared/ir/capabilities';
import type { Shape } from '@shared/ir/types';
import type { JsonObject } from '@shared/util/json';
import { required } from '@shared/util/assert';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import type { Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime } from './graph-session';
import { NodeSession, runNode, type Values } from './lowered-node';

const nothingNative: Capabilities = {
  isProcessor: true,
  groupedConvolution: false,
  dilatedConvolution: false,
  dilatedDepthwise: false,
  unevenDepthwise: false,
  bfloat16: false,
  float16: false,
};

let runtime: Runtime;
let probed: Capabilities;
beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await cpuRuntime();
  probed = await probeCapabilities(runtime);
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(1, ...Array.from(expected, Math.abs));
  Array.from(expected).forEach((value, i) =>
    expect(Math.abs(value - (actual[i] ?? NaN)), `value ${i}`).toBeLessThan(tolerance * largest),
  );
}

type Peer = (inputs: readonly tf.Tensor[], weight: (name: string) => tf.Tensor) => tf.Tensor;

interface Row {
  readonly type: string;
  readonly params: JsonObject;
  readonly shapes: readonly Shape[];
  readonly peer: Peer;
}

const image: Shape = [4, 5, 6];
const four = (x: tf.Tensor) => x.as4D(x.shape[0] ?? 0, x.shape[1] ?? 0, x.shape[2] ?? 0, x.shape[3] ?? 0);
const only = (inputs: readonly tf.Tensor[]) => required(inputs[0], 'an input');

function standardized(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  return x.sub(mean).div(variance.add(epsilon).sqrt());
}

/** Pixel i of the output lies at (i + 0.5) * in / out - 0.5 of the input; beyond the edge it is the edge. */
function resized(x: tf.Tensor, height: number, width: number, isNearest: boolean): tf.Tensor {
  const [, rows = 1, columns = 1] = x.shape;
  return along(along(x, 1, rows, height, isNearest), 2, columns, width, isNearest);
}

function along(x: tf.Tensor, axis: number, size: number, target: number, isNearest: boolean): tf.Tensor {
  const slices = Array.from({ length: target }, (_, i) => {
    const centre = ((i + 0.5) * size) / target;
    const pick = (index: number) => tf.gather(x, [Math.min(Math.max(index, 0), size - 1)], axis);
    if (isNearest) return pick(Math.floor(centre));
    const low = Math.floor(centre - 0.5);
    const share = centre - 0.5 - low;
    return pick(low)
      .mul(1 - share)
      .add(pick(low + 1).mul(share));
  });
  return tf.concat(slices, axis);
}

const rows: readonly Row[] = [
  {
    type: 'Conv2DTranspose',
    params: { filters: 3, kernelSize: [3, 2] },
    shapes: [image],
    peer: ([x], weight) =>
      tf
        .conv2dTranspose(four(x!), four(weight('kernel')), [2, 9, 10, 3], [2, 2], 'valid')
        .add(weight('bias')),
  },
  {
    type: 'Conv2DTranspose',
    params: { filters: 2, padding: 'same', useBias: false },
    shapes: [image],
    peer: ([x], weight) =>
      tf.conv2dTranspose(four(x!), four(weight('kernel')), [2, 8, 10, 2], [2, 2], 'same'),
  },
  {
    type: 'Conv2DTranspose',
    params: { filters: 2, useBias: false, padding: { top: 1, bottom: 1, left: 2, right: 0 } },
    shapes: [image],
    // PyTorch: the whole output, then the padding off.
    peer: ([x], weight) =>
      tf
        .conv2dTranspose(four(x!), four(weight('kernel')), [2, 9, 11, 2], [2, 2], 'valid')
        .slice([0, 1, 2, 0], [2, 7, 9, 2]),
  },
  {
    type: 'SeparableConv2D',
    params: { filters: 4, depthMultiplier: 2, strides: [2, 2], padding: 'same' },
    shapes: [image],
    peer: ([x], weight) =>
      tf
        .separableConv2d(
          four(x!),
          four(weight('depthwise_kernel')),
          four(weight('pointwise_kernel')),
          [2, 2],
          'same',
        )
        .add(weight('bias')),
  },
  {
    type: 'LayerNormalization',
    params: {},
    shapes: [image],
    peer: (inputs, weight) => standardized(only(inputs), [3], 1e-3).mul(weight('gamma')).add(weight('beta')),
  },
  {
    type: 'GroupNormalization',
    params: { groups: 3 },
    shapes: [image],
    peer(inputs, weight) {
      const grouped = only(inputs).reshape([2, 4, 5, 3, 2]);
      const even = standardized(grouped, [1, 2, 4], 1e-3).reshape([2, 4, 5, 6]);
      return even.mul(weight('gamma')).add(weight('beta'));
    },
  },
  ...(['heightAndWidth', 'none'] as const).map((sharedAxes): Row => ({
    type: 'PReLU',
    params: { sharedAxes },
    shapes: [image],
    peer: (inputs, weight) => tf.prelu(only(inputs), weight('alpha')),
  })),
  { type: 'Softmax', params: {}, shapes: [image], peer: (inputs) => tf.softmax(only(inputs)) },
  { type: 'GlobalMaxPooling2D', params: {}, shapes: [image], peer: (inputs) => tf.max(only(inputs), [1, 2]) },
  {
    type: 'Multiply',
    params: {},
    shapes: [image, [1, 1, 6], image],
    peer: ([a, b, c]) => a!.mul(b!).mul(c!),
  },
  {
    type: 'Average',
    params: {},
    shapes: [image, image, image],
    peer: ([a, b, c]) => a!.add(b!).add(c!).div(3),
  },
  {
    type: 'Maximum',
    params: {},
    shapes: [image, image, image],
    peer: ([a, b, c]) => tf.maximum(tf.maximum(a!, b!), c!),
  },
  { type: 'Add', params: {}, shapes: [image, image], peer: ([a, b]) => a!.add(b!) },
  {
    type: 'Reshape',
    params: { targetShape: [2, -1, 3] },
    shapes: [image],
    peer: (inputs) => only(inputs).reshape([2, 2, 20, 3]),
  },
  {
    type: 'ZeroPadding2D',
    params: { padding: [1, 0, 2, 3] },
    shapes: [image],
    peer: (inputs) =>
      tf.pad(only(inputs), [
        [0, 0],
        [1, 0],
        [2, 3],
        [0, 0],
      ]),
  },
  {
    type: 'Cropping2D',
    params: { cropping: [1, 0, 2, 1] },
    shapes: [image],
    peer: (inputs) => tf.slice(only(inputs), [0, 1, 2, 0], [2, 3, 2, 6]),
  },
  {
    type: 'Rescaling',
    params: { scale: -3, offset: 0.5 },
    shapes: [image],
    peer: (inputs) => only(inputs).mul(-3).add(0.5),
  },
  ...(['nearest', 'bilinear'] as const).flatMap((interpolation): Row[] => [
    {
      type: 'UpSampling2D',
      params: { size: [3, 2], interpolation },
      shapes: [image],
      peer: (inputs) => resized(only(inputs), 12, 10, interpolation === 'nearest'),
    },
    {
      type: 'Resizing',
      params: { height: 3, width: 7, interpolation },
      shapes: [image],
      peer: (inputs) => resized(only(inputs), 3, 7, interpolation === 'nearest'),
    },
  ]),
];

describe.each(rows)('$type $params', ({ type, params, shapes, peer }) => {
  it('computes its definition, and has its gradient', async () => {
    const { inputs, weights, output, gradients } = await runNode(runtime, type, params, shapes);
    const names = [...weights.keys()];
    const tensors = [...inputs, ...weights.values()].map(({ values, dims }) => tf.tensor(values, [...dims]));
    const of = (...all: tf.Tensor[]) =>
      peer(all.slice(0, inputs.length), (name) =>
        required(all[inputs.length + names.indexOf(name)], `weight ${name}`),
      );
    const expected = of(...tensors);
    expect(output.dims).toEqual(expected.shape);
    expectClose(output.values, await expected.data());
    const peers = tf.grads((...all) => tf.sum(tf.square(of(...all))))(tensors);
    for (const [i, each] of peers.entries()) expectClose(gradients[i] ?? [], await each.data());
  });
});

interface Convolution {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Top and left. */
  readonly before: readonly [number, number];
  readonly groups: number;
}

/** The sum that defines a grouped, dilated cross-correlation, in double precision. */
function crossCorrelated(
  x: Values,
  kernel: Values,
  bias: Values | undefined,
  output: Values,
  how: Convolution,
) {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.dims;
  const [, outHeight = 0, outWidth = 0, filters = 0] = output.dims;
  const share = channels / how.groups;
  const found: number[] = [];
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let filter = 0; filter < filters; filter++) {
          const group = Math.floor(filter / (filters / how.groups));
          let sum = bias?.values[filter] ?? 0;
          for (let i = 0; i < how.kernelSize[0]; i++)
            for (let j = 0; j < how.kernelSize[1]; j++) {
              const r = row * how.strides[0] - how.before[0] + i * how.dilation[0];
              const c = column * how.strides[1] - how.before[1] + j * how.dilation[1];
              if (r < 0 || c < 0 || r >= height || c >= width) continue;
              for (let k = 0; k < share; k++) {
                const value = x.values[((n * height + r) * width + c) * channels + group * share + k] ?? 0;
                const weight = kernel.values[((i * how.kernelSize[1] + j) * share + k) * filters + filter];
                sum += value * (weight ?? 0);
              }
            }
          found.push(sum);
        }
  return found;
}

/** A depthwise kernel [kh, kw, channels, multiplier] is one of as many groups as channels: [kh, kw, 1, all]. */
const convolutions = [
  ['Conv2D', { filters: 6, groups: 2, padding: 'same' }, [5, 4, 4], { before: [1, 1], groups: 2 }],
  [
    'Conv2D',
    { filters: 6, groups: 3, strides: [2, 1], padding: { top: 0, bottom: 1, left: 2, right: 0 } },
    [6, 5, 3],
    { before: [0, 2], strides: [2, 1], groups: 3 },
  ],
  [
    'Conv2D',
    { filters: 3, dilationRate: [2, 3], padding: 'same' },
    [9, 8, 2],
    { before: [2, 3], dilation: [2, 3] },
  ],
  ['Conv2D', { filters: 3, dilationRate: [3, 1] }, [8, 5, 2], { dilation: [3, 1] }],
  [
    'Conv2D',
    { filters: 4, groups: 2, dilationRate: [2, 2], padding: { top: 1, bottom: 2, left: 0, right: 1 } },
    [6, 7, 4],
    { before: [1, 0], dilation: [2, 2], groups: 2 },
  ],
  [
    'DepthwiseConv2D',
    { depthMultiplier: 2, padding: 'same', strides: [2, 1] },
    [7, 5, 3],
    { before: [1, 1], strides: [2, 1], groups: 3 },
  ],
  ['DepthwiseConv2D', { strides: [1, 3] }, [5, 9, 2], { strides: [1, 3], groups: 2 }],
  [
    'DepthwiseConv2D',
    { dilationRate: [2, 3], padding: 'same' },
    [7, 8, 2],
    { before: [2, 3], dilation: [2, 3], groups: 2 },
  ],
  [
    'DepthwiseConv2D',
    { strides: [2, 2], padding: 'same' },
    [6, 6, 2],
    { before: [0, 0], strides: [2, 2], groups: 2 },
  ],
  [
    'DepthwiseConv2D',
    { depthMultiplier: 2, padding: 'same', strides: [2, 1] },
    [7, 5, 1],
    { before: [1, 1], strides: [2, 1] },
  ],
] as const satisfies readonly (readonly [string, JsonObject, Shape, Partial<Convolution>])[];

describe.each(convolutions)('%s %j on %j', (type, params, shape, given) => {
  const how: Convolution = {
    kernelSize: [3, 3],
    strides: [1, 1],
    dilation: [1, 1],
    before: [0, 0],
    groups: 1,
    ...given,
  };

  function expectDefinition({ inputs, weights, output }: Awaited<ReturnType<typeof runNode>>): void {
    const kernel = required(weights.get('kernel'), 'kernel');
    const x = required(inputs[0], 'x');
    expectClose(output.values, crossCorrelated(x, kernel, weights.get('bias'), output, how));
  }

  it('is the sum that defines it, with the kernels at hand and with the second lowering', async () => {
    expectDefinition(await runNode(runtime, type, params, [shape], probed));
    expectDefinition(await runNode(runtime, type, params, [shape], nothingNative));
  });

  it('has the same gradients either way, where this TensorFlow has both', async (context) => {
    context.skip(!Object.values(probed).includes(true), 'this build of TensorFlow has the second way only');
    const native = await runNode(runtime, type, params, [shape], probed);
    const second = await runNode(runtime, type, params, [shape], nothingNative);
    for (const [i, gradient] of native.gradients.entries()) expectClose(second.gradients[i] ?? [], gradient);
  });
});

describe('randomness', () => {
  const ones: Values = { dims: [64, 4, 5, 6], values: new Float32Array(64 * 120).fill(1) };

  async function throughNode(type: string, params: JsonObject, isTraining: boolean): Promise<Float32Array> {
    const session = await NodeSession.open(runtime, type, params, [image], { isTraining });
    const { output } = await session.run([ones]);
    session.dispose();
    return output.values;
  }

  it('SpatialDropout2D drops whole channels of a sample and scales up the others', async () => {
    const values = await throughNode('SpatialDropout2D', { rate: 0.25 }, true);
    const channels = Array.from({ length: 64 * 6 }, (_, i) => {
      const [sample, channel] = [Math.floor(i / 6), i % 6];
      return Array.from({ length: 20 }, (__, pixel) => values[sample * 120 + pixel * 6 + channel] ?? NaN);
    });
    for (const [first = NaN, ...others] of channels) {
      expect(others.every((value) => value === first)).toBe(true);
      expect([0, Math.fround(1 / 0.75)]).toContain(first);
    }
    const share = channels.filter(([first]) => first === 0).length / channels.length;
    // Four deviations of 384 draws.
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 384));
  });

  it('GaussianNoise adds numbers of mean 0 and of its deviation', async () => {
    const noise = Array.from(await throughNode('GaussianNoise', { stddev: 0.5 }, true), (value) => value - 1);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan((4 * 0.5) / Math.sqrt(noise.length));
    expect(Math.abs(Math.sqrt(variance) / 0.5 - 1)).toBeLessThan(4 / Math.sqrt(2 * noise.length));
  });

  it.each(['SpatialDropout2D', 'GaussianNoise', 'Dropout'])('%s does nothing at inference', async (type) => {
    expect(await throughNode(type, {}, false)).toEqual(ones.values);
  });
});
