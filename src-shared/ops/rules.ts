/** Rules that many primitives share, by mathematical kind. */
import { sameDims } from '../ir/shape';
import { BATCH, type Dims, type DType, type FloatType, isFloat, type TensorType } from '../ir/types';
import { invariant, required } from '../util/assert';
import type { AttributeValue } from './primitive';

/** Input `index`, or an internal error naming the operation. */
export function at<T>(values: readonly T[], index: number): T {
  return required(values[index], `tensor ${index}`);
}

/** Output has the type of input 0. */
export function sameAsFirst(inputs: readonly TensorType[]): readonly TensorType[] {
  const { dtype, dims } = at(inputs, 0);
  return [{ dtype, dims }];
}

/** All inputs have one type, which is the output's. */
export function allSame(inputs: readonly TensorType[]): readonly TensorType[] {
  const first = at(inputs, 0);
  for (const input of inputs) {
    invariant(
      input.dtype === first.dtype && sameDims(input.dims, first.dims),
      `inputs differ: [${first.dims.join(', ')}] and [${input.dims.join(', ')}]`,
    );
  }
  return sameAsFirst(inputs);
}

/** NumPy's broadcasting of two shapes, the batch symbol matching itself and 1. */
export function broadcastDims(a: Dims, b: Dims): Dims {
  const ndim = Math.max(a.length, b.length);
  return Array.from({ length: ndim }, (_, axis) => {
    const sizeA = a[axis - ndim + a.length] ?? 1;
    const sizeB = b[axis - ndim + b.length] ?? 1;
    invariant(
      sizeA === sizeB || sizeA === 1 || sizeB === 1,
      `cannot broadcast [${a.join(', ')}] and [${b.join(', ')}]`,
    );
    return sizeA === 1 ? sizeB : sizeA;
  });
}

export function broadcastTypes(inputs: readonly TensorType[]): readonly TensorType[] {
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  invariant(a.dtype === b.dtype, `dtypes differ: ${a.dtype} and ${b.dtype}`);
  return [{ dtype: a.dtype, dims: broadcastDims(a.dims, b.dims) }];
}

/** Axes of `to` along which `from` was broadcast. */
export function broadcastAxes(from: Dims, to: Dims): readonly number[] {
  const shift = to.length - from.length;
  return to.flatMap((size, axis) => (axis < shift || (from[axis - shift] === 1 && size !== 1) ? [axis] : []));
}

/** The type of numbers with fractions. */
export function floatTypeOf({ dtype }: TensorType): FloatType {
  invariant(isFloat(dtype), `${dtype} has no fractions`);
  return dtype;
}

/** NodeDef attribute `T` from input 0. */
export function typeOfFirst(
  _attributes: unknown,
  inputs: readonly TensorType[],
): Record<string, AttributeValue> {
  return { T: { type: at(inputs, 0).dtype } };
}

export function typeAttribute(dtype: DType): Record<string, AttributeValue> {
  return { T: { type: dtype } };
}

/** `[batch, height, width, channels]` of an image tensor. */
export function imageDims(type: TensorType): readonly [number, number, number, number] {
  const [batch, height, width, channels, ...rest] = type.dims;
  invariant(
    batch !== undefined &&
      height !== undefined &&
      width !== undefined &&
      channels !== undefined &&
      rest.length === 0,
    `[${type.dims.join(', ')}] is no NHWC tensor`,
  );
  return [batch, height, width, channels];
}

/** True where a size is a number known when compiling. */
export function isStatic(dims: Dims): boolean {
  return dims.every((size) => size !== BATCH);
}
