/** Sums, means and the position of the largest value along axes. */
import type { GraphBuilder } from '../ir/builder';
import { BATCH, type Dims, type TensorRef, type TensorType } from '../ir/types';
import { required } from '../util/assert';
import { intScalar, ints, type NoAttributes, type Primitive } from './primitive';
import { at } from './rules';

interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

function reduced(dims: Dims, { axes, keepDims }: Reduction): Dims {
  return dims.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
}

const reduction = {
  infer: (inputs: readonly TensorType[], attributes: Reduction): readonly TensorType[] => {
    const { dtype, dims } = at(inputs, 0);
    return [{ dtype, dims: reduced(dims, attributes) }];
  },
  nodeDef: ({ keepDims }: Reduction, inputs: readonly TensorType[]) => ({
    T: { type: at(inputs, 0).dtype },
    Tidx: { type: 'int32' as const },
    keep_dims: { bool: keepDims },
  }),
  literals: ({ axes }: Reduction) => [{ position: 1, literal: ints(axes) }],
};

/** Spreads a reduced gradient over the shape that was reduced. */
function spread(b: GraphBuilder, gradient: TensorRef, input: TensorRef, { axes }: Reduction): TensorRef {
  const kept = b.op('Reshape', [gradient], { dims: reduced(input.dims, { axes, keepDims: true }) });
  return b.op('BroadcastTo', [kept, b.op('Shape', [input], {})], { dims: input.dims });
}

export const Sum: Primitive<Reduction> = {
  op: 'Sum',
  ...reduction,
  gradient: ({ b, inputs, gradient, attributes }) => [spread(b, gradient, at(inputs, 0), attributes)],
};

export const Mean: Primitive<Reduction> = {
  op: 'Mean',
  ...reduction,
  gradient: ({ b, inputs, gradient, attributes }) => {
    const input = at(inputs, 0);
    const sizes = attributes.axes.map((axis) => required(input.dims[axis], `axis ${axis}`));
    if (!sizes.includes(BATCH)) {
      const share = b.op(
        'Mul',
        [gradient, b.float(1 / sizes.reduce((product, size) => product * size, 1))],
        {},
      );
      return [spread(b, share, input, attributes)];
    }
    // How many values each mean took is known only when the batch is.
    const count = b.op('RealDiv', [sizeOf(b, input), sizeOf(b, gradient)], {});
    return [spread(b, b.op('RealDiv', [gradient, count], {}), input, attributes)];
  },
};

function sizeOf(b: GraphBuilder, tensor: TensorRef): TensorRef {
  return b.op('Cast', [b.op('Size', [tensor], {})], { to: 'float32' });
}

/** Of truth values: whether all along the axes are true. */
export const All: Primitive<Reduction> = {
  op: 'All',
  infer: reduction.infer,
  gradient: { nonDifferentiable: 'gives truth values' },
  nodeDef: ({ keepDims }) => ({ Tidx: { type: 'int32' }, keep_dims: { bool: keepDims } }),
  literals: reduction.literals,
};

/** sum(x^2) / 2 over all elements, whose gradient is x. */
export const L2Loss: Primitive<NoAttributes> = {
  op: 'L2Loss',
  infer: (inputs) => [{ dtype: at(inputs, 0).dtype, dims: [] }],
  gradient: ({ b, inputs, gradient }) => [b.op('Mul', [gradient, at(inputs, 0)], {})],
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype } }),
};

/** Index of the largest value along the axis, as int32. */
export const ArgMax: Primitive<{ readonly axis: number }> = {
  op: 'ArgMax',
  infer: (inputs, { axis }) => [
    { dtype: 'int32', dims: reduced(at(inputs, 0).dims, { axes: [axis], keepDims: false }) },
  ],
  gradient: { nonDifferentiable: 'gives an index' },
  nodeDef: (_, inputs) => ({
    T: { type: at(inputs, 0).dtype },
    Tidx: { type: 'int32' },
    output_type: { type: 'int32' },
  }),
  literals: ({ axis }) => [{ position: 1, literal: intScalar(axis) }],
};
