/** An ONNX model as data: what the writer takes, field by field as in onnx.proto. */
import type { Dims } from '../../ir/types';

/** Only the kinds that we write and read. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  /** Rounded to float32. */
  | { readonly float: number }
  | { readonly text: string };

/** float32 by its values as they lie in memory, int64 by whole numbers. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: Dims;
  readonly values: Float32Array | readonly number[];
}

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  /** Names of values; empty where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  /** Free text for people. */
  readonly doc?: string;
}

/** A float32 value; a text names a size that is not fixed. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  /** Version of the operators of the default domain. */
  readonly opset: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** TensorProto.DataType. */
export const tensorTypes = { float32: 1, int64: 7 } as const;

/** AttributeProto.AttributeType. */
export const attributeTypes = { float: 1, int: 2, text: 3, tensor: 4, ints: 7 } as const;
