/** What a primitive is: shape rule, gradient rule and GraphDef rendering of one TensorFlow operation. */
import type { GraphBuilder } from '../ir/builder';
import type { DType, Dims, FloatType, TensorRef, TensorType } from '../ir/types';

export type NoAttributes = Readonly<Record<string, never>>;

/** A constant tensor that an operation takes as an operand, known when the graph is built. */
export interface Literal {
  readonly dtype: FloatType | 'int32';
  readonly dims: Dims;
  /** A Float32Array where there are many: weights in an exported graph. */
  readonly values: readonly number[] | Float32Array;
}

/** One attribute of a NodeDef, as tensorflow.AttrValue has them. */
export type AttributeValue =
  | { readonly type: DType }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly shape: Dims }
  | { readonly literal: Literal };

export interface GradientContext<A> {
  readonly b: GraphBuilder;
  readonly attributes: A;
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** Gradient with respect to output 0; the other outputs of our primitives carry none. */
  readonly gradient: TensorRef;
}

/** One gradient per input, null where none flows. */
export type GradientRule<A> = (context: GradientContext<A>) => readonly (TensorRef | null)[];

/** How far an operation looks along height and width, and how it strides: for receptive fields. */
export interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
}

export interface Primitive<A> {
  /** The exact TensorFlow name. */
  readonly op: string;
  /** Types of the outputs; a wrong input is a bug of the lowering and throws. */
  infer(inputs: readonly TensorType[], attributes: A): readonly TensorType[];
  readonly gradient: GradientRule<A> | { readonly nonDifferentiable: string };
  /** Attributes of the NodeDef. */
  nodeDef(
    attributes: A,
    inputs: readonly TensorType[],
    outputs: readonly TensorType[],
  ): Readonly<Record<string, AttributeValue>>;
  /** Constant operands and where they stand in the NodeDef's inputs. */
  literals?(
    attributes: A,
    inputs: readonly TensorType[],
  ): readonly { readonly position: number; readonly literal: Literal }[];
  /** The walker sums gradients over the axes along which an input was broadcast. */
  readonly broadcasts?: true;
  /** The output is the input's memory under another name: it costs nothing to keep. */
  readonly aliases?: true;
  /** Multiply-adds for one sample. */
  macs?(inputs: readonly TensorType[], outputs: readonly TensorType[]): number;
  window?(attributes: A, inputs: readonly TensorType[]): Window;
}

export function ints(values: readonly number[]): Literal {
  return { dtype: 'int32', dims: [values.length], values };
}

export function intScalar(value: number): Literal {
  return { dtype: 'int32', dims: [], values: [value] };
}

export function floatScalar(value: number): Literal {
  return { dtype: 'float32', dims: [], values: [value] };
}
