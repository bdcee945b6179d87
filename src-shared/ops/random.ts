/** Stateless randomness: the same key gives the same numbers in every process. */
import type { Dims, TensorType } from '../ir/types';
import { ints, type Primitive } from './primitive';

interface RandomAttributes {
  /** Sizes of the output, the batch as a symbol. */
  readonly dims: Dims;
}

/** Inputs: key (int32 [2]). V2's 64-bit keys cannot be fed through the binding. */
export const StatelessTruncatedNormal: Primitive<RandomAttributes> = {
  ...sized('StatelessTruncatedNormal'),
  literals: ({ dims }) => [{ position: 0, literal: ints(dims) }],
};

/** Inputs: sizes (int32, known when the batch is), key (int32 [2]). Mean 0, deviation 1. */
export const StatelessRandomNormal = sized('StatelessRandomNormal');

/** Inputs: sizes (int32, known when the batch is), key (int32 [2]). Uniform on [0, 1). */
export const StatelessRandomUniform = sized('StatelessRandomUniform');

function sized(op: string): Primitive<RandomAttributes> {
  return {
    op,
    infer: (_, { dims }): readonly TensorType[] => [{ dtype: 'float32', dims }],
    gradient: { nonDifferentiable: 'is random' },
    nodeDef: () => ({ dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: 'int32' } }),
  };
}
