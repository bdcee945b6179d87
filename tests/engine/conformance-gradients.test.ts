/** Every gradient rule against numeric differences on the real kernels, and against tfjs's own differentiation. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { differentiate } from '@shared/compile/differentiate';
import { GraphBuilder } from '@shared/ir/builder';
import type { Capabilities } from '@shared/ir/capabilities';
import { BATCH, type Dims, type TensorRef } from '@shared/ir/types';
import { type OpAttributes, type OpName, ops, primitiveOf } from '@shared/ops';
import { ints } from '@shared/ops/primitive';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, int32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, type GraphSession, load, sample, size } from './graph-session';

const BATCH_SIZE = 2;

interface Row<N extends OpName = OpName> {
  readonly op: N;
  readonly note?: string;
  /** Shapes of the inputs; BATCH is run with two samples. */
  readonly inputs: readonly Dims[];
  readonly attributes: OpAttributes<N>;
  /** Keeps values away from kinks, or above zero. */
  readonly range?: { readonly low?: number; readonly high?: number; readonly gap?: number };
  /** A constant last input that takes no gradient, such as labels. */
  readonly labels?: readonly number[];
  /** Operands of the kernel before or after the inputs that take gradients, such as sizes. */
  readonly operands?: (b: GraphBuilder, inputs: readonly TensorRef[]) => readonly TensorRef[];
  /** Left out where this build of TensorFlow has no such kernel: its nodes have a second lowering. */
  readonly needs?: Exclude<keyof Capabilities, 'isProcessor'>;
  /** Where the operation moves pixels between batch and image. */
  readonly outputBatch?: number;
  /** The same computation in tfjs. */
  readonly peer: ((...inputs: tf.Tensor[]) => tf.Tensor) | { readonly none: string };
}

function row<N extends OpName>(
  op: N,
  attributes: OpAttributes<N>,
  inputs: readonly Dims[],
  rest: Omit<Row<N>, 'op' | 'attributes' | 'inputs'>,
): Row {
  return { op, attributes, inputs, ...rest };
}

const images = (height: number, width: number, channels: number) => [BATCH, height, width, channels];
const same = { padding: 'SAME' as const };
const valid = { padding: 'VALID' as const };
/** tfjs types its functions by rank; the rows know their ranks. */
const four = (x: tf.Tensor) => x.as4D(x.shape[0] ?? 0, x.shape[1] ?? 0, x.shape[2] ?? 0, x.shape[3] ?? 0);
const labels = [2, 0];
const targets = [0.1, 0.1, 0.7, 0.1, 0.4, 0.3, 0.2, 0.1];

function batchNormOf(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return x.sub(mean).div(variance.add(1e-3).sqrt()).mul(scale).add(offset);
}

/** Error function by its Taylor series, exact to float32 for |x| < 2. */
function erfOf(x: tf.Tensor): tf.Tensor {
  let term = x;
  let sum = x;
  for (let n = 1; n < 24; n++) {
    term = term
      .mul(x)
      .mul(x)
      .mul(-1 / n);
    sum = sum.add(term.mul(1 / (2 * n + 1)));
  }
  return sum.mul(2 / Math.sqrt(Math.PI));
}

const rows: readonly Row[] = [
  row(
    'AddV2',
    {},
    [
      [BATCH, 3],
      [BATCH, 3],
    ],
    { peer: (a, b) => tf.add(a, b) },
  ),
  row('AddV2', {}, [images(2, 2, 3), [3]], { note: 'broadcast vector', peer: (a, b) => tf.add(a, b) }),
  row('AddV2', {}, [[BATCH, 3], []], { note: 'broadcast scalar', peer: (a, b) => tf.add(a, b) }),
  row(
    'Sub',
    {},
    [
      [1, 3],
      [BATCH, 3],
    ],
    { note: 'broadcast size 1', peer: (a, b) => tf.sub(a, b) },
  ),
  row('Mul', {}, [[BATCH, 3], [3]], { note: 'broadcast', peer: (a, b) => tf.mul(a, b) }),
  row(
    'RealDiv',
    {},
    [
      [BATCH, 3],
      [BATCH, 3],
    ],
    { range: { gap: 0.5 }, peer: (a, b) => tf.div(a, b) },
  ),
  row('Neg', {}, [[BATCH, 3]], { peer: (x) => tf.neg(x) }),
  row('Square', {}, [[BATCH, 3]], { peer: (x) => tf.square(x) }),
  row('Abs', {}, [[BATCH, 5]], { range: { gap: 0.2 }, peer: (x) => tf.abs(x) }),
  row('L2Loss', {}, [[4, 3]], { peer: (x) => tf.mul(tf.sum(tf.square(x)), 0.5) }),
  row('Exp', {}, [[BATCH, 3]], { peer: (x) => tf.exp(x) }),
  row('Erf', {}, [[BATCH, 5]], { peer: (x) => erfOf(x) }),
  row('Rsqrt', {}, [[BATCH, 5]], { range: { low: 0.5, high: 2 }, peer: (x) => tf.rsqrt(x) }),
  row(
    'Maximum',
    {},
    [
      [BATCH, 4],
      [BATCH, 4],
    ],
    { peer: (a, b) => tf.maximum(a, b) },
  ),
  row('Maximum', {}, [[BATCH, 4], [4]], {
    note: 'broadcast',
    peer: { none: 'tfjs does not sum the gradient over what was broadcast' },
  }),
  row(
    'AddN',
    {},
    [
      [BATCH, 3],
      [BATCH, 3],
      [BATCH, 3],
    ],
    { peer: (a, b, c) => tf.addN([a, b, c]) },
  ),
  row(
    'MatMul',
    { transposeA: false, transposeB: false },
    [
      [BATCH, 4],
      [4, 3],
    ],
    { peer: (a, b) => tf.matMul(a, b) },
  ),
  row('Cast', { to: 'float32' }, [[BATCH, 3]], { peer: (x) => tf.cast(x, 'float32') }),
  row('Identity', {}, [[BATCH, 3]], { peer: (x) => tf.mul(x, 1) }),
  row('Sum', { axes: [0], keepDims: false }, [[BATCH, 3]], { peer: (x) => tf.sum(x, 0) }),
  row('Sum', { axes: [1, 2], keepDims: true }, [images(2, 3, 2)], { peer: (x) => tf.sum(x, [1, 2], true) }),
  row('Mean', { axes: [0], keepDims: false }, [[BATCH]], {
    note: 'over the batch',
    peer: (x) => tf.mean(x),
  }),
  row('Mean', { axes: [1, 2], keepDims: false }, [images(2, 3, 2)], { peer: (x) => tf.mean(x, [1, 2]) }),
  row('Mean', { axes: [1], keepDims: false }, [[BATCH, 1, 3]], {
    note: 'over one value',
    peer: (x) => tf.mean(x, 1),
  }),
  row('Relu', {}, [[BATCH, 5]], { range: { gap: 0.1 }, peer: (x) => tf.relu(x) }),
  row('Sigmoid', {}, [[BATCH, 5]], { peer: (x) => tf.sigmoid(x) }),
  row('Tanh', {}, [[BATCH, 5]], { peer: (x) => tf.tanh(x) }),
  row('LeakyRelu', { alpha: 0.2 }, [[BATCH, 5]], { range: { gap: 0.1 }, peer: (x) => tf.leakyRelu(x, 0.2) }),
  row('Softplus', {}, [[BATCH, 5]], { range: { low: -6, high: 6 }, peer: (x) => tf.softplus(x) }),
  row('Softmax', {}, [[BATCH, 4]], { peer: (x) => tf.softmax(x) }),
  row('Softmax', {}, [images(2, 3, 4)], { note: 'of every pixel', peer: (x) => tf.softmax(x) }),
  row('SparseSoftmaxCrossEntropyWithLogits', {}, [[BATCH, 4]], {
    labels,
    peer: (x) => tf.neg(tf.sum(tf.mul(tf.oneHot(tf.tensor1d(labels, 'int32'), 4), tf.logSoftmax(x)), 1)),
  }),
  row('SoftmaxCrossEntropyWithLogits', {}, [[BATCH, 4]], {
    operands: (b, inputs) => [...inputs, b.constant({ dtype: 'float32', dims: [2, 4], values: targets })],
    peer: (x) => tf.neg(tf.sum(tf.mul(tf.tensor2d(targets, [2, 4]), tf.logSoftmax(x)), 1)),
  }),
  row('Conv2D', { strides: [1, 1], ...same }, [images(5, 4, 2), [3, 3, 2, 3]], {
    peer: (x, k) => tf.conv2d(four(x), four(k), [1, 1], 'same'),
  }),
  row('Conv2D', { strides: [2, 1], ...valid }, [images(6, 5, 2), [3, 2, 2, 2]], {
    note: 'unequal strides',
    peer: (x, k) => tf.conv2d(four(x), four(k), [2, 1], 'valid'),
  }),
  row('Conv2D', { strides: [2, 2], ...same }, [images(5, 5, 1), [2, 2, 1, 2]], {
    note: 'the odd pixel below and right',
    peer: (x, k) => tf.conv2d(four(x), four(k), [2, 2], 'same'),
  }),
  row('Conv2D', { strides: [1, 1], ...same }, [images(4, 5, 4), [3, 3, 2, 6]], {
    note: 'two groups',
    needs: 'groupedConvolution',
    peer: (x, k) => {
      const kernels = tf.split(four(k), 2, 3);
      const parts = tf
        .split(four(x), 2, 3)
        .map((part, i) => tf.conv2d(four(part), four(kernels[i]!), [1, 1], 'same'));
      return tf.concat(parts, 3);
    },
  }),
  row('Conv2D', { strides: [1, 1], dilations: [2, 3], ...same }, [images(6, 7, 2), [3, 2, 2, 2]], {
    note: 'dilated',
    needs: 'dilatedConvolution',
    peer: { none: 'tfjs has no gradient of a dilated convolution' },
  }),
  // Two filters a group: with one, which lowering never emits, oneDNN sums wrongly (nodes/convolutions.ts).
  row('Conv2D', { strides: [1, 1], dilations: [2, 2], ...valid }, [images(6, 6, 4), [3, 2, 2, 4]], {
    note: 'dilated, two groups',
    needs: 'dilatedConvolution',
    peer: { none: 'tfjs has no gradient of a dilated convolution' },
  }),
  row('DepthwiseConv2dNative', { strides: [1, 1], ...same }, [images(4, 5, 3), [3, 3, 3, 2]], {
    peer: (x, k) => tf.depthwiseConv2d(four(x), four(k), [1, 1], 'same'),
  }),
  row('DepthwiseConv2dNative', { strides: [2, 2], ...valid }, [images(6, 5, 2), [3, 2, 2, 1]], {
    peer: (x, k) => tf.depthwiseConv2d(four(x), four(k), [2, 2], 'valid'),
  }),
  row('DepthwiseConv2dNative', { strides: [2, 1], ...same }, [images(5, 4, 2), [3, 3, 2, 2]], {
    note: 'unequal strides',
    needs: 'unevenDepthwise',
    peer: (x, k) => tf.depthwiseConv2d(four(x), four(k), [2, 1], 'same'),
  }),
  row(
    'DepthwiseConv2dNative',
    { strides: [1, 1], dilations: [2, 3], ...same },
    [images(6, 7, 2), [3, 2, 2, 2]],
    {
      note: 'dilated',
      needs: 'dilatedDepthwise',
      peer: { none: 'tfjs has no gradient of a dilated convolution' },
    },
  ),
  row(
    'Conv2DBackpropInput',
    { strides: [2, 2], ...valid, dims: images(7, 9, 3) },
    [[3, 3, 3, 2], images(3, 4, 2)],
    {
      note: 'as a transposed convolution',
      operands: (b, [kernel, x]) => [b.constant(ints([BATCH_SIZE, 7, 9, 3])), kernel!, x!],
      peer: (k, x) => tf.conv2dTranspose(four(x), four(k), [BATCH_SIZE, 7, 9, 3], [2, 2], 'valid'),
    },
  ),
  row(
    'Conv2DBackpropInput',
    { strides: [1, 2], ...same, dims: images(3, 8, 2) },
    [[3, 3, 2, 3], images(3, 4, 3)],
    {
      note: 'as a transposed convolution, same',
      operands: (b, [kernel, x]) => [b.constant(ints([BATCH_SIZE, 3, 8, 2])), kernel!, x!],
      peer: (k, x) => tf.conv2dTranspose(four(x), four(k), [BATCH_SIZE, 3, 8, 2], [1, 2], 'same'),
    },
  ),
  row(
    'SpaceToBatchND',
    {
      block: [2, 3],
      paddings: [
        [1, 0],
        [0, 2],
      ],
    },
    [images(3, 4, 2)],
    {
      outputBatch: 12,
      peer: (x) =>
        tf.spaceToBatchND(
          x,
          [2, 3],
          [
            [1, 0],
            [0, 2],
          ],
        ),
    },
  ),
  row(
    'BatchToSpaceND',
    {
      block: [2, 1],
      crops: [
        [1, 0],
        [0, 1],
      ],
    },
    [images(2, 3, 2)],
    {
      note: 'a batch of one, from two',
      outputBatch: 1,
      peer: (x) =>
        tf.batchToSpaceND(
          x,
          [2, 1],
          [
            [1, 0],
            [0, 1],
          ],
        ),
    },
  ),
  row('ResizeNearestNeighbor', { size: [6, 5] }, [images(3, 2, 2)], {
    peer: { none: 'the backend of tfjs in JavaScript picks pixels by another rule at half pixels' },
  }),
  row('ResizeNearestNeighbor', { size: [2, 3] }, [images(5, 4, 1)], {
    note: 'smaller',
    peer: { none: 'as above' },
  }),
  row('ResizeBilinear', { size: [6, 5] }, [images(3, 2, 2)], {
    peer: { none: 'tfjs has no gradient of it at half pixels' },
  }),
  row('ResizeBilinear', { size: [2, 3] }, [images(5, 4, 1)], { note: 'smaller', peer: { none: 'as above' } }),
  row('BiasAdd', {}, [images(2, 2, 3), [3]], { peer: (x, b) => tf.add(x, b) }),
  row('BiasAdd', {}, [[BATCH, 3], [3]], { peer: (x, b) => tf.add(x, b) }),
  row('MaxPool', { window: [2, 2], strides: [2, 2], ...valid }, [images(4, 4, 2)], {
    peer: (x) => tf.maxPool(four(x), [2, 2], [2, 2], 'valid'),
  }),
  row('MaxPool', { window: [3, 3], strides: [2, 1], ...same }, [images(5, 4, 1)], {
    note: 'overlapping windows',
    peer: (x) => tf.maxPool(four(x), [3, 3], [2, 1], 'same'),
  }),
  row('AvgPool', { window: [2, 2], strides: [2, 2], ...valid }, [images(4, 4, 2)], {
    peer: (x) => tf.avgPool(four(x), [2, 2], [2, 2], 'valid'),
  }),
  row('AvgPool', { window: [3, 3], strides: [1, 1], ...same }, [images(4, 3, 1)], {
    note: 'padding left out of the mean',
    peer: {
      none: 'tfjs spreads the gradient as if padding counted: its avgPool gradient divides by the window size',
    },
  }),
  row('FusedBatchNormV3', { epsilon: 1e-3, isTraining: true }, [images(3, 2, 3), [3], [3]], {
    operands: (b, inputs) => {
      const empty = b.constant({ dtype: 'float32', dims: [0], values: [] });
      return [...inputs, empty, empty];
    },
    peer: (x, scale, offset) => batchNormOf(x, scale, offset),
  }),
  row('Reshape', { dims: [BATCH, 6] }, [images(1, 2, 3)], { peer: (x) => tf.reshape(x, [-1, 6]) }),
  row('Transpose', {}, [[BATCH, 6]], { peer: (x) => tf.transpose(x) }),
  row('ConcatV2', { axis: 3 }, [images(2, 2, 1), images(2, 2, 3), images(2, 2, 2)], {
    peer: (a, b, c) => tf.concat([a, b, c], 3),
  }),
  row('Slice', { begin: [0, 1, 0, 1], size: [BATCH, 2, 3, 2] }, [images(4, 3, 4)], {
    peer: (x) => tf.slice(x, [0, 1, 0, 1], [-1, 2, 3, 2]),
  }),
  row(
    'Pad',
    {
      paddings: [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
    },
    [images(2, 2, 2)],
    {
      peer: (x) =>
        tf.pad(x, [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ]),
    },
  ),
  row(
    'PadV2',
    {
      paddings: [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      value: -7,
    },
    [images(2, 2, 2)],
    {
      peer: (x) =>
        tf.pad(
          x,
          [
            [0, 0],
            [1, 2],
            [0, 1],
            [0, 0],
          ],
          -7,
        ),
    },
  ),
];

const isDifferentiable = (op: OpName) => typeof primitiveOf(op).gradient === 'function';
const opNames = Object.keys(ops).filter((name): name is OpName => Object.hasOwn(ops, name));

/** The row's graph: inputs, the operation, and the gradients of sum(output * projection). */
class RowGraph {
  readonly dims: readonly Dims[];
  readonly values: readonly Float32Array[];
  readonly projection: Float32Array;
  readonly #b = new GraphBuilder();
  readonly #inputs: readonly TensorRef[];
  readonly #constants: readonly (readonly [TensorRef, ReturnType<typeof int32>])[];
  readonly #output: TensorRef;
  readonly #projected: TensorRef;
  readonly #gradients: readonly TensorRef[];
  #session: GraphSession | undefined;

  constructor(readonly row: Row) {
    const b = this.#b;
    this.dims = row.inputs.map((dims) => dims.map((each) => (each === BATCH ? BATCH_SIZE : each)));
    this.values = this.dims.map((dims, i) => sample(size(dims), 17 + i, row.range));
    this.#inputs = row.inputs.map((dims, i) =>
      b.op('Placeholder', [], { dtype: 'float32', dims }, { name: `x${i}` }),
    );
    const labelled = row.labels
      ? [b.op('Placeholder', [], { dtype: 'int32', dims: [BATCH] }, { name: 'labels' })]
      : [];
    this.#constants = labelled.map((ref) => [ref, int32(row.labels ?? [])] as const);
    const operands = row.operands?.(b, this.#inputs) ?? [...this.#inputs, ...labelled];
    this.#output = b.op(row.op, operands, row.attributes);
    this.#projected = b.op(
      'Placeholder',
      [],
      { dtype: 'float32', dims: this.#output.dims },
      { name: 'projection' },
    );
    const weighted = b.op('Mul', [this.#output, this.#projected], {});
    const loss = b.op('Sum', [weighted], { axes: weighted.dims.map((_, axis) => axis), keepDims: false });
    this.#gradients = differentiate(b, loss, this.#inputs);
    this.projection = sample(size(this.outputDims), 99);
  }

  get outputDims(): readonly number[] {
    return this.#output.dims.map((each) => (each === BATCH ? (this.row.outputBatch ?? BATCH_SIZE) : each));
  }

  async open(runtime: Runtime): Promise<void> {
    this.#session = await load(runtime, this.#b);
  }

  async gradients(): Promise<readonly Float32Array[]> {
    const projection = [this.#projected, float32(this.projection, this.outputDims)] as const;
    const fetched = await this.#session!.run([...this.#feeds(this.values), projection], this.#gradients);
    return fetched.map((values) => Float32Array.from(values));
  }

  /** sum(output * projection), summed in double precision. */
  async #loss(values: readonly Float32Array[]): Promise<number> {
    const [output] = await this.#session!.run(this.#feeds(values), [this.#output]);
    return Array.from(output ?? []).reduce((sum, value, i) => sum + value * (this.projection[i] ?? 0), 0);
  }

  async numericGradient(input: number, epsilon: number): Promise<readonly number[]> {
    const found: number[] = [];
    for (let i = 0; i < (this.values[input]?.length ?? 0); i++) {
      const at = async (shift: number) => {
        const moved = this.values.map((each, k) =>
          k === input ? each.map((value, j) => (j === i ? value + shift : value)) : each,
        );
        return this.#loss(moved);
      };
      found.push(((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon));
    }
    return found;
  }

  #feeds(values: readonly Float32Array[]) {
    return [
      ...this.#inputs.map((ref, i) => [ref, float32(values[i] ?? [], this.dims[i] ?? [])] as const),
      ...this.#constants,
    ];
  }
}

// Before the suites are collected: they depend on what this TensorFlow can.
const runtime: Runtime = await cpuRuntime();
const capabilities = await probeCapabilities(runtime);
const isAvailable = ({ needs }: Row): boolean => needs === undefined || capabilities[needs];

it('there is a row for every differentiable primitive', () => {
  const covered = new Set(rows.map(({ op }) => op));
  expect(opNames.filter((op) => isDifferentiable(op) && !covered.has(op))).toEqual([]);
});

it('every primitive bears the name under which it is found', () => {
  expect(opNames.filter((name) => ops[name].op !== name)).toEqual([]);
});

describe.each(rows.filter(isAvailable))('$op $note $inputs', (each) => {
  const graph = new RowGraph(each);
  beforeAll(() => graph.open(runtime));

  it('agrees with central differences', async () => {
    const gradients = await graph.gradients();
    for (const [input, gradient] of gradients.entries()) {
      const numeric = await graph.numericGradient(input, 1e-2);
      numeric.forEach((value, i) =>
        expect(Math.abs(value - (gradient[i] ?? NaN)), `input ${input}, value ${i}`).toBeLessThan(
          2e-3 * Math.max(1, Math.abs(value)),
        ),
      );
    }
  });

  const { peer } = each;
  if (typeof peer !== 'function') return;
  it('agrees with tfjs', async () => {
    const gradients = await graph.gradients();
    const inputs = graph.values.map((values, i) => tf.tensor(values, [...(graph.dims[i] ?? [])]));
    const projection = tf.tensor(graph.projection, [...graph.outputDims]);
    const peers = tf.grads((...tensors: tf.Tensor[]) => tf.sum(tf.mul(peer(...tensors), projection)))(inputs);
    for (const [input, tensor] of peers.entries()) {
      const expected = await tensor.data();
      const largest = Math.max(1, ...Array.from(expected, Math.abs));
      expected.forEach((value, i) =>
        expect(Math.abs(value - (gradients[input]?.[i] ?? NaN)), `input ${input}, value ${i}`).toBeLessThan(
          1e-5 * largest,
        ),
      );
    }
  });
});

it('a ReLU passes no gradient at zero, and the first of equal values takes that of a maximum', async () => {
  const b = new GraphBuilder();
  const x = b.op('Placeholder', [], { dtype: 'float32', dims: [1, 2, 2, 1] }, { name: 'x' });
  const total = (of: TensorRef) => b.op('Sum', [of], { axes: [0, 1, 2, 3], keepDims: false });
  const [relu] = differentiate(b, total(b.op('Relu', [x], {})), [x]);
  const pooled = b.op('MaxPool', [x], { window: [2, 2], strides: [2, 2], padding: 'VALID' });
  const [pool] = differentiate(b, total(pooled), [x]);
  const session = await load(runtime, b);
  const zeros = [[x, float32([0, 0, 0, 0], [1, 2, 2, 1])]] as const;
  expect(await session.run(zeros, [relu!, pool!])).toEqual([
    Float32Array.of(0, 0, 0, 0),
    Float32Array.of(1, 0, 0, 0),
  ]);
});

it('a primitive without a gradient on the way to the loss is named', () => {
  const b = new GraphBuilder();
  const x = b.op('Placeholder', [], { dtype: 'float32', dims: [2, 3] });
  const backward = b.op('ReluGrad', [x, x], {});
  const loss = b.op('Sum', [backward], { axes: [0, 1], keepDims: false });
  expect(() => differentiate(b, loss, [x])).toThrow(/ReluGrad .*second derivatives/);
});
