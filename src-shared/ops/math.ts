/** Elementwise arithmetic and matrix products. */
import type { DType } from '../ir/types';
import { invariant } from '../util/assert';
import type { NoAttributes, Primitive } from './primitive';
import { allSame, at, broadcastTypes, sameAsFirst, typeOfFirst } from './rules';

export const AddV2: Primitive<NoAttributes> = {
  op: 'AddV2',
  infer: broadcastTypes,
  gradient: ({ gradient }) => [gradient, gradient],
  nodeDef: typeOfFirst,
  broadcasts: true,
};

export const Sub: Primitive<NoAttributes> = {
  op: 'Sub',
  infer: broadcastTypes,
  gradient: ({ b, gradient }) => [gradient, b.op('Neg', [gradient], {})],
  nodeDef: typeOfFirst,
  broadcasts: true,
};

export const Mul: Primitive<NoAttributes> = {
  op: 'Mul',
  infer: broadcastTypes,
  gradient: ({ b, inputs, gradient }) => [
    b.op('Mul', [gradient, at(inputs, 1)], {}),
    b.op('Mul', [gradient, at(inputs, 0)], {}),
  ],
  nodeDef: typeOfFirst,
  broadcasts: true,
};

/** d(x/y) = dx/y - dy * (x/y)/y, written with the output so that x need not be kept. */
export const RealDiv: Primitive<NoAttributes> = {
  op: 'RealDiv',
  infer: broadcastTypes,
  gradient: ({ b, inputs, outputs, gradient }) => {
    const overDivisor = b.op('RealDiv', [gradient, at(inputs, 1)], {});
    return [overDivisor, b.op('Neg', [b.op('Mul', [overDivisor, at(outputs, 0)], {})], {})];
  },
  nodeDef: typeOfFirst,
  broadcasts: true,
};

export const Neg: Primitive<NoAttributes> = {
  op: 'Neg',
  infer: sameAsFirst,
  gradient: ({ b, gradient }) => [b.op('Neg', [gradient], {})],
  nodeDef: typeOfFirst,
};

export const Square: Primitive<NoAttributes> = {
  op: 'Square',
  infer: sameAsFirst,
  gradient: ({ b, inputs, gradient }) => [
    b.op('Mul', [gradient, b.op('Mul', [at(inputs, 0), b.float(2)], {})], {}),
  ],
  nodeDef: typeOfFirst,
};

export const Exp: Primitive<NoAttributes> = {
  op: 'Exp',
  infer: sameAsFirst,
  gradient: ({ b, outputs, gradient }) => [b.op('Mul', [gradient, at(outputs, 0)], {})],
  nodeDef: typeOfFirst,
};

/** Gradient 0 at 0. */
export const Abs: Primitive<NoAttributes> = {
  op: 'Abs',
  infer: sameAsFirst,
  gradient: ({ b, inputs, gradient }) => [b.op('Mul', [gradient, b.op('Sign', [at(inputs, 0)], {})], {})],
  nodeDef: typeOfFirst,
};

/** -1, 0 or 1. */
export const Sign: Primitive<NoAttributes> = {
  op: 'Sign',
  infer: sameAsFirst,
  gradient: { nonDifferentiable: 'is flat but for its jump' },
  nodeDef: typeOfFirst,
};

/** 1 / sqrt(x); d = -y^3 / 2. */
export const Rsqrt: Primitive<NoAttributes> = {
  op: 'Rsqrt',
  infer: sameAsFirst,
  gradient: ({ b, outputs, gradient }) => {
    const y = at(outputs, 0);
    const cube = b.op('Mul', [b.op('Square', [y], {}), y], {});
    return [b.op('Mul', [gradient, b.op('Mul', [cube, b.float(-0.5)], {})], {})];
  },
  nodeDef: typeOfFirst,
};

/** Of equal values the first takes the whole gradient. */
export const Maximum: Primitive<NoAttributes> = {
  op: 'Maximum',
  infer: broadcastTypes,
  gradient: ({ b, inputs, gradient }) => {
    const isFirst = b.op('GreaterEqual', [at(inputs, 0), at(inputs, 1)], {});
    const first = b.op('Mul', [gradient, b.op('Cast', [isFirst], { to: 'float32' })], {});
    return [first, b.op('Sub', [gradient, first], {})];
  },
  nodeDef: typeOfFirst,
  broadcasts: true,
};

/** d erf(x) = 2/sqrt(pi) * exp(-x^2). */
export const Erf: Primitive<NoAttributes> = {
  op: 'Erf',
  infer: sameAsFirst,
  gradient: ({ b, inputs, gradient }) => {
    const bell = b.op('Exp', [b.op('Neg', [b.op('Square', [at(inputs, 0)], {})], {})], {});
    return [b.op('Mul', [gradient, b.op('Mul', [bell, b.float(2 / Math.sqrt(Math.PI))], {})], {})];
  },
  nodeDef: typeOfFirst,
};

/** For bias corrections of optimisers, never on the way from weights to loss. */
export const Pow: Primitive<NoAttributes> = {
  op: 'Pow',
  infer: broadcastTypes,
  gradient: { nonDifferentiable: 'only computes factors of update rules' },
  nodeDef: typeOfFirst,
};

/** Sums any number of equal shapes in one pass over memory. */
export const AddN: Primitive<NoAttributes> = {
  op: 'AddN',
  infer: allSame,
  gradient: ({ inputs, gradient }) => inputs.map(() => gradient),
  nodeDef: (_, inputs) => ({ N: { int: inputs.length }, T: { type: at(inputs, 0).dtype } }),
};

export const MatMul: Primitive<{ readonly transposeA: boolean; readonly transposeB: boolean }> = {
  op: 'MatMul',
  infer([a, b], { transposeA, transposeB }) {
    invariant(a?.dims.length === 2 && b?.dims.length === 2, 'MatMul takes matrices');
    const [rows, innerA] = transposeA ? [a.dims[1], a.dims[0]] : a.dims;
    const [innerB, columns] = transposeB ? [b.dims[1], b.dims[0]] : b.dims;
    invariant(
      rows !== undefined && columns !== undefined && innerA === innerB,
      'inner sizes of MatMul differ',
    );
    return [{ dtype: a.dtype, dims: [rows, columns] }];
  },
  gradient({ b, inputs, gradient, attributes }) {
    const [x, w] = [at(inputs, 0), at(inputs, 1)];
    invariant(
      !attributes.transposeA && !attributes.transposeB,
      'MatMul with a transposed operand has no gradient here',
    );
    return [
      b.op('MatMul', [gradient, w], { transposeA: false, transposeB: true }),
      b.op('MatMul', [x, gradient], { transposeA: true, transposeB: false }),
    ];
  },
  nodeDef: (attributes, inputs) => ({
    T: { type: at(inputs, 0).dtype },
    transpose_a: { bool: attributes.transposeA },
    transpose_b: { bool: attributes.transposeB },
  }),
  macs: ([, w]) => (w?.dims[0] ?? 0) * (w?.dims[1] ?? 0),
};

export const Cast: Primitive<{ readonly to: DType }> = {
  op: 'Cast',
  infer: ([x], { to }) => [{ dtype: to, dims: at([x], 0)?.dims ?? [] }],
  gradient: ({ b, inputs, gradient, attributes }) => [
    attributes.to === 'float32' && at(inputs, 0).dtype === 'float32'
      ? b.op('Identity', [gradient], {})
      : null,
  ],
  nodeDef: ({ to }, inputs) => ({ SrcT: { type: at(inputs, 0).dtype }, DstT: { type: to } }),
};

const comparison = (op: string): Primitive<NoAttributes> => ({
  op,
  infer: (inputs) => [{ dtype: 'bool', dims: at(broadcastTypes(inputs), 0).dims }],
  gradient: { nonDifferentiable: 'gives truth values' },
  nodeDef: typeOfFirst,
});

export const IsFinite: Primitive<NoAttributes> = {
  op: 'IsFinite',
  infer: (inputs) => [{ dtype: 'bool', dims: at(inputs, 0).dims }],
  gradient: { nonDifferentiable: 'gives truth values' },
  nodeDef: typeOfFirst,
};

/** Inputs: truth value (a scalar here), the value where it is true, the value where it is not. */
export const SelectV2: Primitive<NoAttributes> = {
  op: 'SelectV2',
  infer: ([, ...values]) => allSame(values),
  gradient: { nonDifferentiable: 'only chooses between figures of the training step' },
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 1).dtype } }),
};

export const GreaterEqual = comparison('GreaterEqual');

export const Equal: Primitive<NoAttributes> = {
  ...comparison('Equal'),
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, incompatible_shape_error: { bool: true } }),
};

/** Also what gives a fetch its name, and control inputs something to hang on. */
export const Identity: Primitive<NoAttributes> = {
  op: 'Identity',
  infer: sameAsFirst,
  gradient: ({ gradient }) => [gradient],
  nodeDef: typeOfFirst,
  aliases: true,
};
