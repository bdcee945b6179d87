/** Operations that move values without computing with them. */
import type { GraphBuilder } from '../ir/builder';
import { elementsPerSample } from '../ir/shape';
import { BATCH, type Dims, type TensorRef } from '../ir/types';
import { invariant, required } from '../util/assert';
import { floatScalar, intScalar, ints, type NoAttributes, type Primitive } from './primitive';
import { at, floatTypeOf, sameAsFirst, typeOfFirst } from './rules';

/**
 * A batch in the input must stay a batch: `dims` has it first, or the kernel would guess it from the rest. Pixels of all
 * samples may become rows of one matrix, [n, h, w, c] to [-1, c], and pixels again.
 */
export const Reshape: Primitive<{ readonly dims: Dims }> = {
  op: 'Reshape',
  infer(inputs, { dims }) {
    const x = at(inputs, 0);
    const [from, to] = [elementsPerSample(x.dims), elementsPerSample(dims)];
    const isBatched = dims.includes(BATCH);
    invariant(
      x.dims.includes(BATCH) === isBatched &&
        (from === to || (isBatched && (from % to === 0 || to % from === 0))),
      `cannot reshape [${x.dims.join(', ')}] to [${dims.join(', ')}]`,
    );
    return [{ dtype: x.dtype, dims }];
  },
  gradient: ({ b, inputs, gradient }) => [b.op('Reshape', [gradient], { dims: at(inputs, 0).dims })],
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, Tshape: { type: 'int32' } }),
  literals: ({ dims }) => [{ position: 1, literal: ints(dims) }],
  aliases: true,
};

/** Swaps the axes of a matrix. */
export const Transpose: Primitive<NoAttributes> = {
  op: 'Transpose',
  infer: (inputs) => [{ dtype: at(inputs, 0).dtype, dims: [...at(inputs, 0).dims].reverse() }],
  gradient: ({ b, gradient }) => [b.op('Transpose', [gradient], {})],
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, Tperm: { type: 'int32' } }),
  literals: () => [{ position: 1, literal: ints([1, 0]) }],
};

/** Joins along one axis in the order of the inputs. */
export const ConcatV2: Primitive<{ readonly axis: number }> = {
  op: 'ConcatV2',
  infer(inputs, { axis }) {
    const first = at(inputs, 0);
    const size = inputs.reduce((sum, { dims }) => sum + required(dims[axis], `axis ${axis}`), 0);
    return [{ dtype: first.dtype, dims: first.dims.map((old, i) => (i === axis ? size : old)) }];
  },
  gradient({ b, inputs, gradient, attributes: { axis } }) {
    let offset = 0;
    return inputs.map((input) => {
      const begin = input.dims.map((_, i) => (i === axis ? offset : 0));
      offset += required(input.dims[axis], `axis ${axis}`);
      return b.op('Slice', [gradient], { begin, size: input.dims });
    });
  },
  nodeDef: (_, inputs) => ({
    N: { int: inputs.length },
    T: { type: at(inputs, 0).dtype },
    Tidx: { type: 'int32' },
  }),
  // The axis comes after the values, however many there are.
  literals: ({ axis }) => [{ position: Number.POSITIVE_INFINITY, literal: intScalar(axis) }],
};

/** `size` -1 on the batch axis takes all of it. */
export const Slice: Primitive<{ readonly begin: readonly number[]; readonly size: Dims }> = {
  op: 'Slice',
  infer: (inputs, { size }) => [{ dtype: at(inputs, 0).dtype, dims: size }],
  gradient({ b, inputs, gradient, attributes: { begin, size } }) {
    const paddings = at(inputs, 0).dims.map((full, axis) => {
      const before = required(begin[axis], `axis ${axis}`);
      return [before, full === BATCH ? 0 : full - before - required(size[axis], `axis ${axis}`)] as const;
    });
    return [b.op('Pad', [gradient], { paddings })];
  },
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, Index: { type: 'int32' } }),
  literals: ({ begin, size }) => [
    { position: 1, literal: ints(begin) },
    { position: 2, literal: ints(size) },
  ],
};

interface Paddings {
  /** Before and after, per axis. */
  readonly paddings: readonly (readonly [number, number])[];
}

function padded(dims: Dims, { paddings }: Paddings): Dims {
  return dims.map((size, axis) => {
    const [before, after] = required(paddings[axis], `padding of axis ${axis}`);
    return size === BATCH ? size : size + before + after;
  });
}

function unpad(b: GraphBuilder, gradient: TensorRef, input: TensorRef, { paddings }: Paddings): TensorRef {
  return b.op('Slice', [gradient], { begin: paddings.map(([before]) => before), size: input.dims });
}

function paddingsLiteral({ paddings }: Paddings) {
  return {
    position: 1,
    literal: { dtype: 'int32' as const, dims: [paddings.length, 2], values: paddings.flat() },
  };
}

/** Pads with zeros. */
export const Pad: Primitive<Paddings> = {
  op: 'Pad',
  infer: (inputs, attributes) => [
    { dtype: at(inputs, 0).dtype, dims: padded(at(inputs, 0).dims, attributes) },
  ],
  gradient: ({ b, inputs, gradient, attributes }) => [unpad(b, gradient, at(inputs, 0), attributes)],
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, Tpaddings: { type: 'int32' } }),
  literals: (attributes) => [paddingsLiteral(attributes)],
};

/** Pads with a value. */
export const PadV2: Primitive<Paddings & { readonly value: number }> = {
  ...Pad,
  op: 'PadV2',
  literals: (attributes, inputs) => [
    paddingsLiteral(attributes),
    { position: 2, literal: { ...floatScalar(attributes.value), dtype: floatTypeOf(at(inputs, 0)) } },
  ],
};

/** Sizes as int32 [ndim], the batch as it is in this run. */
export const Shape: Primitive<NoAttributes> = {
  op: 'Shape',
  infer: (inputs) => [{ dtype: 'int32', dims: [at(inputs, 0).dims.length] }],
  gradient: { nonDifferentiable: 'gives sizes' },
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, out_type: { type: 'int32' } }),
};

/** Count of elements as int32 scalar. */
export const Size: Primitive<NoAttributes> = {
  op: 'Size',
  infer: () => [{ dtype: 'int32', dims: [] }],
  gradient: { nonDifferentiable: 'gives a count' },
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, out_type: { type: 'int32' } }),
};

/** Inputs: value, sizes (int32). Serves gradients of reductions. */
export const BroadcastTo: Primitive<{ readonly dims: Dims }> = {
  op: 'BroadcastTo',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 0).dtype, dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, Tidx: { type: 'int32' } }),
};

/** Inputs: sizes (constant), value. */
export const Fill: Primitive<{ readonly dims: Dims; readonly value: number }> = {
  op: 'Fill',
  infer: (_, { dims }) => [{ dtype: 'float32', dims }],
  gradient: { nonDifferentiable: 'is a constant' },
  nodeDef: () => ({ T: { type: 'float32' }, index_type: { type: 'int32' } }),
  literals: ({ dims, value }) => [
    { position: 0, literal: ints(dims) },
    { position: 1, literal: floatScalar(value) },
  ],
};

/** Stacks scalars into a vector: one fetch instead of several. */
export const Pack: Primitive<NoAttributes> = {
  op: 'Pack',
  infer: (inputs) => [{ dtype: at(inputs, 0).dtype, dims: [inputs.length, ...at(inputs, 0).dims] }],
  gradient: { nonDifferentiable: 'only gathers figures and seeds' },
  nodeDef: (_, inputs) => ({ N: { int: inputs.length }, T: { type: at(inputs, 0).dtype }, axis: { int: 0 } }),
};

/** Rows of input 0 at the indices of input 1 (int32 [n]); an index out of range is an error of the run. */
export const GatherV2: Primitive<NoAttributes> = {
  op: 'GatherV2',
  infer: (inputs) => [
    { dtype: at(inputs, 0).dtype, dims: [...at(inputs, 1).dims, ...at(inputs, 0).dims.slice(1)] },
  ],
  gradient: { nonDifferentiable: 'only picks samples of the data set' },
  nodeDef: (_, inputs) => ({
    Tparams: { type: at(inputs, 0).dtype },
    Tindices: { type: 'int32' },
    Taxis: { type: 'int32' },
    batch_dims: { int: 0 },
  }),
  literals: () => [{ position: 2, literal: intScalar(0) }],
};

/** Copies; a variable assigned from a fed array could otherwise adopt the JavaScript array's own memory. */
export const DeepCopy: Primitive<NoAttributes> = {
  op: 'DeepCopy',
  infer: sameAsFirst,
  gradient: { nonDifferentiable: 'only loads values' },
  nodeDef: typeOfFirst,
};
