/** The worked examples of the course, as nodes on the real TensorFlow: tests/reference/concepts.json has their figures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyse } from '@shared/compile/analyse';
import { differentiate } from '@shared/compile/differentiate';
import { LoweringPass, WeightStore } from '@shared/compile/lower';
import { GraphBuilder } from '@shared/ir/builder';
import { initialValue } from '@shared/ir/initializers';
import { nodeTypes } from '@shared/nodes';
import { ints } from '@shared/ops/primitive';
import { parseParams } from '@shared/params/fields';
import { trainingProblems } from '@shared/training/settings';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { float32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { Sketch } from '../shared/sketch';
import { cpuRuntime, load, sample } from './graph-session';
import { NodeSession, type Values } from './lowered-node';

const matrix = z.array(z.array(z.number()));
const pair = z.tuple([z.number(), z.number()]);
const reference = z
  .object({ cases: z.array(z.looseObject({ concept: z.string() })) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../reference/concepts.json'), 'utf8')));

function concept<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  return schema.parse(
    required(
      reference.cases.find((each) => each.concept === name),
      name,
    ),
  );
}

type Matrix = readonly (readonly number[])[];

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

/** One image `[row][column]` per channel. */
function imageOf(...channels: readonly Matrix[]): Values {
  const [first = []] = channels;
  const [height, width] = [first.length, first[0]?.length ?? 0];
  const values = first.flatMap((row, i) => row.flatMap((_, j) => channels.map((each) => each[i]?.[j] ?? 0)));
  return { dims: [1, height, width, channels.length], values: Float32Array.from(values) };
}

/** The matrices of an image, one per channel. */
function channelsOf({ dims, values }: Values): Matrix[] {
  const [, height = 0, width = 0, channels = 0] = dims;
  const at = (i: number, j: number, k: number) => values[(i * width + j) * channels + k] ?? NaN;
  return Array.from({ length: channels }, (_, k) =>
    Array.from({ length: height }, (__, i) => Array.from({ length: width }, (___, j) => at(i, j, k))),
  );
}

/** The node's output for one input, with initial weights, or with those given. */
async function outputOf(
  type: string,
  params: JsonObject,
  input: Values,
  weights: Readonly<Record<string, Float32Array>> = {},
): Promise<Values> {
  const session = await NodeSession.open(runtime, type, params, [input.dims.slice(1)]);
  for (const [name, values] of Object.entries(weights)) await session.write(name, values);
  const { output } = await session.run([input]);
  session.dispose();
  return output;
}

/** Conv2D with its kernel typed in, one channel in and out. */
const typedIn = (kernel: Matrix): JsonObject => ({
  filters: 1,
  kernelSize: [kernel.length, kernel[0]?.length ?? 0],
  kernelInitializer: 'custom',
  kernelValues: kernel,
  useBias: false,
});

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) =>
    expect(Math.abs((actual[i] ?? NaN) - value), `value ${i}`).toBeLessThan(tolerance),
  );
}

const worked = z.object({ image: matrix, kernel: matrix, output: matrix });

describe('convolution', () => {
  it('a Conv2D node cross-correlates', async () => {
    const { image, kernel, output } = concept(
      'cross-correlation (what a convolution layer computes)',
      worked,
    );
    expect(channelsOf(await outputOf('Conv2D', typedIn(kernel), imageOf(image)))).toEqual([output]);
  });

  it('convolution is the same with the kernel flipped both ways', async () => {
    const { image, kernel, output } = concept('convolution (kernel flipped)', worked);
    const flipped = [...kernel].reverse().map((row) => [...row].reverse());
    expect(channelsOf(await outputOf('Conv2D', typedIn(flipped), imageOf(image)))).toEqual([output]);
  });
});

/** 6 rows of 8 pixels: columns 2 to 5 black, the others white. */
const stripes: Matrix = Array.from({ length: 6 }, () =>
  Array.from({ length: 8 }, (_, column) => (column >= 2 && column <= 5 ? 0 : 1)),
);
const edges: Matrix = Array.from({ length: 6 }, () => [0, 1, 0, 0, 0, -1, 0]);

describe('edge detection', () => {
  const { kernel } = concept('edge detection', z.object({ kernel: matrix }));

  it('finds vertical edges, and their direction', async () => {
    expect(channelsOf(await outputOf('Conv2D', typedIn(kernel), imageOf(stripes)))).toEqual([edges]);
  });

  it('is blind to horizontal ones', async () => {
    const transposed = Array.from({ length: 8 }, (_, i) => stripes.map((row) => row[i] ?? 0));
    const [found] = channelsOf(await outputOf('Conv2D', typedIn(kernel), imageOf(transposed)));
    expect(found).toEqual(Array.from({ length: 8 }, () => [0, 0, 0, 0, 0]));
  });
});

it('learning a kernel: gradient descent on the mean squared error finds [1, -1] from a random one', async () => {
  const { kernel: expected } = concept('edge detection', z.object({ kernel: matrix }));
  const b = new GraphBuilder();
  const store = new WeightStore(b);
  const pass = new LoweringPass(b, store, null);
  const definition = required(nodeTypes.get('Conv2D'), 'Conv2D');
  const params = parseParams(definition.params, { filters: 1, kernelSize: [1, 2], useBias: false }).values;
  const placeholder = (name: string, dims: readonly number[]) =>
    b.op('Placeholder', [], { dtype: 'float32', dims }, { name });
  const [x, target] = [placeholder('x', [-1, 6, 8, 1]), placeholder('target', [-1, 6, 7, 1])];
  const y = pass.lower({ id: 'conv2d_1', definition, params }, [x]);
  const errors = b.op('Square', [b.op('Sub', [y, target], {})], {});
  const loss = b.op('Mean', [errors], { axes: [0, 1, 2, 3], keepDims: false });
  const [weight] = store.all;
  const { variable, spec, name } = required(weight, 'the kernel');
  const [gradient] = differentiate(b, loss, [required(pass.reads.get(name), name)]);
  const update = b.effect(
    'ResourceApplyGradientDescent',
    [variable.handle, b.float(0.5), required(gradient, 'a gradient')],
    {},
  );
  const step = b.op('Identity', [loss], {}, { after: [update.name] });
  const initial = initialValue(b, spec.dims, spec.initializer, b.constant(ints([3, 1])));
  const assigned = b.effect('AssignVariableOp', [variable.handle, initial], {}).name;
  const initialized = b.op('Identity', [b.float(0)], {}, { after: [assigned] });
  const learned = b.op('ReadVariableOp', [variable.handle], { dtype: 'float32', dims: spec.dims });
  const session = await load(runtime, b);
  await session.run([], [initialized]);
  const [before] = await session.run([], [learned]);
  expect(Math.hypot(Number(before?.[0]) - 1, Number(before?.[1]) + 1)).toBeGreaterThan(0.1);
  const feeds = [
    [x, float32(imageOf(stripes).values, [1, 6, 8, 1])],
    [target, float32(imageOf(edges).values, [1, 6, 7, 1])],
  ] as const;
  const losses: number[] = [];
  for (let i = 0; i < 200; i++) losses.push((await session.run(feeds, [step]))[0]?.[0] ?? NaN);
  expect(losses.at(-1)).toBeLessThan(1e-4 * (losses[0] ?? NaN));
  const [after] = await session.run([], [learned]);
  expectNear(Array.from(after ?? []), expected.flat(), 1e-2);
  session.session.dispose();
});

describe('sizes', () => {
  const sizes = concept(
    'convolution output size',
    z.object({ cases: z.array(z.object({ n: pair, k: pair, p: pair, s: pair, out: pair })) }),
  ).cases;

  it.each(sizes)('a convolution of $n, kernel $k, padding $p, stride $s gives $out', async (each) => {
    const { n, k, p, s, out } = each;
    const half = (total: number) => [Math.floor(total / 2), Math.ceil(total / 2)] as const;
    const [[top, bottom], [left, right]] = [half(p[0]), half(p[1])];
    const params = { filters: 2, kernelSize: k, strides: s, padding: { top, bottom, left, right } };
    const image: Values = { dims: [1, ...n, 1], values: sample(n[0] * n[1], 1) };
    expect((await outputOf('Conv2D', params, image)).values).toHaveLength(out[0] * out[1] * 2);
  });

  const poolings = concept(
    'pooling output size',
    z.object({
      cases: z.array(
        z.object({ n: z.number(), k: z.number(), p: z.number(), s: z.number(), out: z.number() }),
      ),
    }),
  ).cases;

  it.each(poolings)('a pooling of $n, window $k, padding $p, stride $s gives $out', async (each) => {
    const { n, k, p, s, out } = each;
    const padding = { top: p, bottom: p, left: p, right: p };
    const image: Values = { dims: [1, n, n, 1], values: sample(n * n, 1) };
    for (const type of ['MaxPooling2D', 'AveragePooling2D']) {
      const output = await outputOf(type, { poolSize: [k, k], strides: [s, s], padding }, image);
      expect(output.values).toHaveLength(out * out);
    }
  });
});

describe('pooling', () => {
  const schema = z.object({ image: matrix, window: pair, stride: z.number(), output: matrix });

  it.each([
    ['max pooling', 'MaxPooling2D'],
    ['average pooling', 'AveragePooling2D'],
  ])('%s', async (name, type) => {
    const { image, window, stride, output } = concept(name, schema);
    const params = { poolSize: window, strides: [stride, stride] };
    expect(channelsOf(await outputOf(type, params, imageOf(image)))).toEqual([output]);
  });
});

describe('channels', () => {
  const images: readonly Matrix[] = [
    [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
    ],
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
  ];
  const kernels: readonly Matrix[] = [
    [
      [0, 1],
      [2, 3],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  ];
  /** `[out][in][height][width]`, as the notes write it, in Keras's order. */
  const ours = (weights: readonly (readonly Matrix[])[]) =>
    [0, 1].map((i) =>
      [0, 1].map((j) => [0, 1].map((input) => weights.map((each) => each[input]?.[i]?.[j] ?? 0))),
    );

  it('several in: each channel has a kernel of its own, and the results add up', async () => {
    const single = await Promise.all(
      images.map((image, i) => outputOf('Conv2D', typedIn(kernels[i] ?? []), imageOf(image))),
    );
    const params = { ...typedIn([[0]]), kernelSize: [2, 2], kernelValues: ours([kernels]) };
    const output = await outputOf('Conv2D', params, imageOf(...images));
    expect(output.dims).toEqual([1, 2, 2, 1]);
    const sums = Array.from(output.values, (_, i) =>
      single.reduce((sum, { values }) => sum + (values[i] ?? 0), 0),
    );
    expect(Array.from(output.values)).toEqual(sums);
  });

  it('several out: three kernels of 2×2×2 give three channels', async () => {
    const shifted = [0, 1, 2].map((by) => kernels.map((each) => each.map((row) => row.map((v) => v + by))));
    const params = { ...typedIn([[0]]), filters: 3, kernelSize: [2, 2] };
    const output = await outputOf('Conv2D', { ...params, kernelValues: ours(shifted) }, imageOf(...images));
    expect(output.dims).toEqual([1, 2, 2, 3]);
    const alone = await Promise.all(
      shifted.map((each) =>
        outputOf('Conv2D', { ...params, filters: 1, kernelValues: ours([each]) }, imageOf(...images)),
      ),
    );
    expect(channelsOf(output)).toEqual(alone.flatMap(channelsOf));
  });

  it('a 1×1 convolution is a dense layer over the channels of every pixel', async () => {
    const kernel = sample(3 * 2, 5);
    const bias = sample(2, 6);
    const image: Values = { dims: [1, 4, 5, 3], values: sample(60, 4) };
    const params = { filters: 2, kernelSize: [1, 1] };
    const convolved = await outputOf('Conv2D', params, image, { kernel, bias });
    const pixels: Values = { dims: [20, 3], values: image.values };
    const dense = await outputOf('Dense', { units: 2 }, pixels, { kernel, bias });
    expectNear(convolved.values, dense.values, 1e-6);
  });

  it('shared kernels need far fewer parameters than a dense layer', () => {
    const { dense, convolution } = concept(
      'parameters',
      z.object({
        dense: z.object({ inputs: z.number(), units: z.number(), weights: z.number() }),
        convolution: z.object({ kernel: pair, in: z.number(), out: z.number(), weights: z.number() }),
      }),
    );
    const sketch = new Sketch();
    const flat = sketch.add('Flatten', {}, sketch.add('Input', { shape: [1000, 1000, 1] }));
    sketch.add('Dense', { units: dense.units, useBias: false }, flat);
    const colours = sketch.add('Input', { shape: [8, 8, convolution.in] });
    const { kernel: kernelSize, out: filters } = convolution;
    sketch.add('Conv2D', { filters, kernelSize, useBias: false }, colours);
    const { nodes } = analyse(sketch.document);
    expect(nodes[flat]?.outputShape).toEqual([dense.inputs]);
    expect(nodes['dense_1']?.params).toBe(dense.weights);
    expect(nodes['conv2d_1']?.params).toBe(convolution.weights);
  });
});

describe('batch normalisation', () => {
  const [momentum, epsilon] = [0.9, 1e-5];

  /** Mean and biased variance of each channel over everything else. */
  function statistics({ dims, values }: Values) {
    const channels = required(dims.at(-1), 'channels');
    return Array.from({ length: channels }, (_, k) => {
      const own = Array.from(values).filter((__, i) => i % channels === k);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
      return { mean, variance, count: own.length };
    });
  }

  it.each([
    ['per feature after a dense layer', [16, 3]],
    ['per channel over batch, height and width after a convolution', [4, 3, 5, 2]],
  ])('%s', async (_, dims) => {
    const x: Values = {
      dims,
      values: sample(
        dims.reduce((a, b) => a * b, 1),
        9,
        { low: -1, high: 3 },
      ),
    };
    const session = await NodeSession.open(runtime, 'BatchNormalization', {}, [dims.slice(1)], {
      isTraining: true,
    });
    const channels = required(dims.at(-1), 'channels');
    const [gamma, beta] = [sample(channels, 1, { low: 0.5, high: 2 }), sample(channels, 2)];
    await session.write('gamma', gamma);
    await session.write('beta', beta);
    const found = statistics(x);
    const { output } = await session.run([x]);
    const normalised = Array.from(x.values, (value, i) => {
      const k = i % channels;
      const { mean, variance } = required(found[k], 'statistics');
      return ((value - mean) / Math.sqrt(variance + epsilon)) * (gamma[k] ?? 0) + (beta[k] ?? 0);
    });
    expectNear(output.values, normalised, 1e-4);
    // From 0 and 1; the moving variance takes the unbiased one.
    const moving = {
      mean: await session.read('moving_mean'),
      variance: await session.read('moving_variance'),
    };
    session.dispose();
    expectNear(
      moving.mean,
      found.map(({ mean }) => (1 - momentum) * mean),
    );
    expectNear(
      moving.variance,
      found.map(({ variance, count }) => momentum + ((1 - momentum) * variance * count) / (count - 1)),
    );
    const weights = { gamma, beta, moving_mean: moving.mean, moving_variance: moving.variance };
    const predicted = await outputOf('BatchNormalization', {}, x, weights);
    const expected = Array.from(x.values, (value, i) => {
      const k = i % channels;
      const scale = Math.sqrt((moving.variance[k] ?? NaN) + epsilon);
      return ((value - (moving.mean[k] ?? NaN)) / scale) * (gamma[k] ?? 0) + (beta[k] ?? 0);
    });
    expectNear(predicted.values, expected, 1e-4);
  });

  it('a batch of one is refused after a dense layer, not after a convolution', () => {
    const refusals = (...layers: readonly string[]) => {
      const sketch = new Sketch();
      let last = sketch.add('Input', {});
      for (const type of layers) last = sketch.add(type, {}, last);
      sketch.add('Output', {}, sketch.add('Dense', {}, last));
      sketch.run({ kind: 'setTraining', setting: 'batchSize', value: 1 });
      const found = trainingProblems(analyse(sketch.document), sketch.document.training);
      return found.map(({ code }) => code);
    };
    expect(refusals('Flatten', 'Dense', 'BatchNormalization')).toEqual(['run/batch-of-one']);
    expect(refusals('Conv2D', 'BatchNormalization', 'Flatten')).toEqual([]);
  });
});

it('a residual connection is relu(F(x) + x); where channels or size differ, a 1×1 convolution fits the shortcut', async () => {
  const shape = [4, 4, 3];
  const values = (seed: number): Values => ({ dims: [2, ...shape], values: sample(96, seed) });
  const [f, x] = [values(1), values(2)];
  const session = await NodeSession.open(runtime, 'Add', {}, [shape, shape]);
  const { output } = await session.run([f, x]);
  session.dispose();
  const relu = await outputOf('Activation', {}, output);
  expectNear(
    relu.values,
    Array.from(f.values, (value, i) => Math.max(0, value + (x.values[i] ?? 0))),
  );

  const sketch = new Sketch();
  const input = sketch.add('Input', { shape: [8, 8, 3] });
  const body = sketch.add('Conv2D', { filters: 6, strides: [2, 2], padding: 'same' }, input);
  const add = sketch.add('Add', {}, body, input);
  const [mismatch] = analyse(sketch.document).nodes[add]?.problems ?? [];
  const fix = required(mismatch?.fixes?.[0], 'a fix');
  expect(fix).toMatchObject({ code: 'fix/strided-convolution', args: { filters: 6, strides: '2' } });
  for (const command of fix.commands) sketch.run(command);
  expect(analyse(sketch.document).nodes[add]?.outputShape).toEqual([4, 4, 6]);
});

describe('blocks', () => {
  const counts = z.object({ in: z.number(), out: z.number() });
  const dense = concept('dense block', counts.extend({ growth: z.number(), layers: z.number() }));
  const transition = concept('transition layer', counts);
  const imageWith = (channels: number): Values => ({
    dims: [1, 8, 6, channels],
    values: sample(48 * channels, 7),
  });

  it.each(
    concept(
      'Inception block',
      z.object({
        cases: z.array(
          z.object({
            branches: z.tuple([z.number(), z.number(), z.number(), z.number()]),
            channels: z.number(),
          }),
        ),
      }),
    ).cases,
  )(
    'an Inception block joins branches of $branches to $channels channels',
    async ({ branches, channels }) => {
      const [c1, to3, to5, c4] = branches;
      const output = await outputOf('InceptionBlock', { c1, c2: [6, to3], c3: [4, to5], c4 }, imageWith(3));
      expect(output.values).toHaveLength(8 * 6 * channels);
    },
  );

  it('a dense block puts its growth behind its input, layer by layer', async () => {
    const image = imageWith(dense.in);
    const params = { layers: dense.layers, growthRate: dense.growth };
    const output = await outputOf('DenseBlock', params, image);
    expect(output.values).toHaveLength(8 * 6 * dense.out);
    expect(channelsOf(output).slice(0, dense.in)).toEqual(channelsOf(image));
  });

  it('a transition layer narrows to its channels and halves height and width', async () => {
    const output = await outputOf('TransitionLayer', { filters: transition.out }, imageWith(transition.in));
    expect(output.values).toHaveLength(4 * 3 * transition.out);
  });
});
