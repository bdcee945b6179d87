/** Stateless randomness: the same key gives the same numbers in every process. */
import type { Dims, TensorType } from '../ir/types';
import { ints, type Primitive } from './primitive';

interface RandomAttributes {
  /** Sizes where they are constant; absent when input 1 brings them. */
  readonly dims: Dims;
}

/** Inputs: key (int32 [2]). V2's 64-bit keys cannot be fed through the binding. */
const random = (op: string): Primitive<RandomAttributes> => ({
  op,
  infer: (_, { dims }): readonly TensorType[] => [{ dtype: 'float32', dims }],
  gradient: { nonDifferentiable: 'is random' },
  nodeDef: () => ({ dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: 'int32' } }),
  literals: ({ dims }) => [{ position: 0, literal: ints(dims) }],
});

export const StatelessRandomNormal = random('StatelessRandomNormal');
export const StatelessTruncatedNormal = random('StatelessTruncatedNormal');

/** Inputs: sizes (int32, known when the batch is), key (int32 [2]). Uniform on [0, 1). */
export const StatelessRandomUniform: Primitive<RandomAttributes> = {
  op: 'StatelessRandomUniform',
  infer: (_, { dims }) => [{ dtype: 'float32', dims }],
  gradient: { nonDifferentiable: 'is random' },
  nodeDef: () => ({ dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: 'int32' } }),
};
