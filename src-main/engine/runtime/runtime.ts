/** What the engine needs of a runtime: load a program, call its functions with typed arrays, let it go. */
import type { FeedType, ProgramFunction } from '@shared/compile/program';
import type { RuntimeDescription } from '@shared/ipc/engine.contract';
import type { Dims } from '@shared/ir/types';
import type { Problem } from '@shared/problems/problem';
import type { Result } from '@shared/util/result';

export type TensorValues = Float32Array | Int32Array | Uint8Array;

/** Values on their way into a session; `dims` has no symbols: the batch is a number here. */
export interface Tensor {
  readonly type: FeedType;
  readonly dims: Dims;
  readonly values: TensorValues;
}

/** TensorFlow answers at once; a runtime on WebGPU answers later. */
export type Answer<T> = T | Promise<T>;

/** One fetched array for each of the function's fetches, in their order. Feeds may be reused after the answer. */
export type BoundFunction<F extends string> = (
  feeds: Readonly<Record<F, Tensor>>,
) => Answer<Result<readonly TensorValues[], Problem>>;

/** A loaded program with its variables and data. */
export interface Session {
  /** Prepares a function for many calls: names are joined once, not in every step. */
  bind<F extends string>(definition: ProgramFunction<F>): BoundFunction<F>;
  /** Frees variables and data; bound functions must not be called afterwards. */
  dispose(): void;
}

export interface Runtime {
  describe(): RuntimeDescription;
  /** `savedModel` is the content of saved_model.pb. */
  load(savedModel: Uint8Array): Answer<Result<Session, Problem>>;
}

export function float32(values: readonly number[] | Float32Array, dims: Dims = [values.length]): Tensor {
  return {
    type: 'float32',
    dims,
    values: values instanceof Float32Array ? values : Float32Array.from(values),
  };
}

export function int32(values: readonly number[] | Int32Array, dims: Dims = [values.length]): Tensor {
  return { type: 'int32', dims, values: values instanceof Int32Array ? values : Int32Array.from(values) };
}

/** A scalar: no dimensions. */
export function int32Scalar(value: number): Tensor {
  return int32([value], []);
}

export function float32Scalar(value: number): Tensor {
  return float32([value], []);
}

export function uint8(values: Uint8Array, dims: Dims): Tensor {
  return { type: 'uint8', dims, values };
}
