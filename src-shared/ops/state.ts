/** Constants, fed values, and variables that live in the session until it is deleted. */
import type { DType, Dims } from '../ir/types';
import { floatScalar, type Literal, type NoAttributes, type Primitive } from './primitive';
import { at } from './rules';

const effect = { nonDifferentiable: 'changes a variable' } as const;

export const Const: Primitive<{ readonly value: Literal }> = {
  op: 'Const',
  infer: (_, { value }) => [{ dtype: value.dtype, dims: value.dims }],
  gradient: { nonDifferentiable: 'is a constant' },
  nodeDef: ({ value }) => ({ dtype: { type: value.dtype }, value: { literal: value } }),
};

interface Typed {
  readonly dtype: DType;
  readonly dims: Dims;
}

export const Placeholder: Primitive<Typed> = {
  op: 'Placeholder',
  infer: (_, { dtype, dims }) => [{ dtype, dims }],
  gradient: { nonDifferentiable: 'is fed' },
  nodeDef: ({ dtype, dims }) => ({ dtype: { type: dtype }, shape: { shape: dims } }),
};

export const VarHandleOp: Primitive<Typed & { readonly sharedName: string }> = {
  op: 'VarHandleOp',
  infer: () => [{ dtype: 'resource', dims: [] }],
  gradient: { nonDifferentiable: 'is a handle' },
  nodeDef: ({ dtype, dims, sharedName }) => ({
    dtype: { type: dtype },
    shape: { shape: dims },
    shared_name: { string: sharedName },
    container: { string: '' },
  }),
};

/** Where a weight enters: its gradient is collected at the read, and nothing flows further. */
export const ReadVariableOp: Primitive<Typed> = {
  op: 'ReadVariableOp',
  infer: (_, { dtype, dims }) => [{ dtype, dims }],
  gradient: { nonDifferentiable: 'reads a handle' },
  nodeDef: ({ dtype }) => ({ dtype: { type: dtype } }),
};

/** Inputs: handle, value. Later operations wait for it through a control input. */
export const AssignVariableOp: Primitive<NoAttributes> = {
  op: 'AssignVariableOp',
  infer: () => [],
  gradient: effect,
  nodeDef: (_, inputs) => ({ dtype: { type: at(inputs, 1).dtype } }),
};

export const AssignSubVariableOp: Primitive<NoAttributes> = {
  op: 'AssignSubVariableOp',
  infer: () => [],
  gradient: effect,
  nodeDef: (_, inputs) => ({ dtype: { type: at(inputs, 1).dtype } }),
};

/** Inputs: variable, learning rate, gradient. */
export const ResourceApplyGradientDescent: Primitive<NoAttributes> = {
  op: 'ResourceApplyGradientDescent',
  infer: () => [],
  gradient: effect,
  nodeDef: () => ({ T: { type: 'float32' }, use_locking: { bool: false } }),
};

/** Inputs: variable, accumulator, learning rate, gradient. */
export const ResourceApplyMomentum: Primitive<{ readonly momentum: number; readonly isNesterov: boolean }> = {
  op: 'ResourceApplyMomentum',
  infer: () => [],
  gradient: effect,
  nodeDef: ({ isNesterov }) => ({
    T: { type: 'float32' },
    use_locking: { bool: false },
    use_nesterov: { bool: isNesterov },
  }),
  literals: ({ momentum }) => [{ position: 4, literal: floatScalar(momentum) }],
};

/** Inputs: variable, m, v, beta1^t, beta2^t, learning rate, gradient. */
export const ResourceApplyAdam: Primitive<{
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}> = {
  op: 'ResourceApplyAdam',
  infer: () => [],
  gradient: effect,
  nodeDef: () => ({ T: { type: 'float32' }, use_locking: { bool: false }, use_nesterov: { bool: false } }),
  literals: ({ beta1, beta2, epsilon }) =>
    [beta1, beta2, epsilon].map((value, i) => ({ position: 6 + i, literal: floatScalar(value) })),
};

/** Inputs: variable, mean square, accumulator, learning rate, gradient. The kernel adds epsilon inside the root, as Keras 3 does. */
export const ResourceApplyRMSProp: Primitive<{
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
}> = {
  op: 'ResourceApplyRMSProp',
  infer: () => [],
  gradient: effect,
  nodeDef: () => ({ T: { type: 'float32' }, use_locking: { bool: false } }),
  literals: ({ rho, momentum, epsilon }) =>
    [rho, momentum, epsilon].map((value, i) => ({ position: 4 + i, literal: floatScalar(value) })),
};
