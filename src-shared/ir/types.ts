/** The intermediate representation: a plain, typed graph of TensorFlow operations. */
import type { OpAttributes, OpName } from '../ops';

/** Of 32 bits, or of 16: bfloat16 with the range of float32 and 8 bits of precision, float16 up to 65504 with 11. */
export type FloatType = 'float32' | 'bfloat16' | 'float16';

export type DType = FloatType | 'int32' | 'uint8' | 'bool' | 'resource';

/** Element types that cross between JavaScript and the session. */
export type FeedType = Extract<DType, 'float32' | 'int32' | 'uint8'>;

/** The batch dimension is a symbol, written as TensorFlow writes an unknown size; every other size is a number. */
export const BATCH = -1;

export function isFloat(dtype: DType): dtype is FloatType {
  return dtype === 'float32' || dtype === 'bfloat16' || dtype === 'float16';
}

/** Sizes of a tensor, batch first where there is one: `[BATCH, height, width, channels]` (NHWC). */
export type Dims = readonly number[];

/** Sizes of one sample: `[height, width, channels]`, or `[features]`. */
export type Shape = readonly number[];

export interface TensorType {
  readonly dtype: DType;
  readonly dims: Dims;
}

/** Output `index` of the operation named `operation`. */
export interface TensorRef extends TensorType {
  readonly operation: string;
  readonly index: number;
}

export interface Operation {
  /** Unique, made of node ids and numbers: GraphDef refuses spaces and non-ASCII letters. */
  readonly name: string;
  readonly op: OpName;
  readonly inputs: readonly TensorRef[];
  /** Names of operations that must run before this one. */
  readonly controls: readonly string[];
  readonly attributes: OpAttributes<OpName>;
  readonly outputs: readonly TensorType[];
}

/** Operations in topological order. */
export interface Graph {
  readonly operations: readonly Operation[];
}
