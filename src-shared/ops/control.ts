/** What runs in one case and not in the other: an operation runs only when all of its inputs are there. */
import type { NoAttributes, Primitive } from './primitive';
import { allSame, at, sameAsFirst, typeOfFirst } from './rules';

const onTheWay = { nonDifferentiable: 'only decides what runs' } as const;

/** Inputs: value, truth value. The value comes out of output 1 where it is true, else out of output 0. */
export const Switch: Primitive<NoAttributes> = {
  op: 'Switch',
  infer: (inputs) => [...sameAsFirst(inputs), ...sameAsFirst(inputs)],
  gradient: onTheWay,
  nodeDef: typeOfFirst,
};

/** Inputs: values of which one comes. Outputs: that value, and which one it was. */
export const Merge: Primitive<NoAttributes> = {
  op: 'Merge',
  infer: (inputs) => [...allSame(inputs), { dtype: 'int32', dims: [] }],
  gradient: onTheWay,
  nodeDef: (_, inputs) => ({ N: { int: inputs.length }, T: { type: at(inputs, 0).dtype } }),
};
