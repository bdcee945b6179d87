/** Channels first: weights and values turned from our layout into that of ONNX. */
import { elementsPerSample } from '../../ir/shape';
import type { Dims, Shape } from '../../ir/types';
import { required } from '../../util/assert';
import type { WeightValues } from '../model';

/** The same values with their axes in another order: axis `i` of the result is axis `order[i]` of the tensor. */
export function transposed({ dims, values }: WeightValues, order: readonly number[]): WeightValues {
  const strides = stridesOf(dims);
  const sizes = order.map((axis) => required(dims[axis], 'an axis'));
  const steps = order.map((axis) => required(strides[axis], 'a stride'));
  const result = new Float32Array(values.length);
  const [inner = 1, innerStep = 0] = [sizes.at(-1), steps.at(-1)];
  const position = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to += inner) {
    for (let i = 0; i < inner; i++) result[to + i] = values[from + i * innerStep] ?? 0;
    for (let axis = sizes.length - 2; axis >= 0; axis--) {
      const [size = 1, step = 0, at = 0] = [sizes[axis], steps[axis], position[axis]];
      from += step;
      position[axis] = at + 1;
      if (at + 1 < size) break;
      from -= step * size;
      position[axis] = 0;
    }
  }
  return { dims: sizes, values: result };
}

function stridesOf(dims: Dims): readonly number[] {
  return dims.map((_, axis) => elementsPerSample(dims.slice(axis + 1)));
}

/** The same values under other sizes. */
export function reshaped({ values }: WeightValues, dims: Dims): WeightValues {
  return { dims, values };
}

/** Of one sample: `[channels, height, width]` for an image. */
export function channelsFirst(shape: Shape): Shape {
  const [height, width, channels, ...rest] = shape;
  const isImage = height !== undefined && width !== undefined && channels !== undefined && rest.length === 0;
  return isImage ? [channels, height, width] : shape;
}

/** Whether values lie in the same order with channels first as with channels last. */
export function isSameOrder(shape: Shape): boolean {
  const [height, width, channels] = shape;
  return shape.length !== 3 || channels === 1 || (height === 1 && width === 1);
}

/** Axes of `[n, height, width, channels]` from `[n, channels, height, width]`, and back. */
export const toChannelsLast = [0, 2, 3, 1];
export const toChannelsFirst = [0, 3, 1, 2];

/** For values that are combined with an image channel by channel: `[channels, 1, 1]`; as they are beside a vector. */
export function perChannel(weight: WeightValues, shape: Shape): WeightValues {
  return shape.length === 3 ? reshaped(weight, [weight.values.length, 1, 1]) : weight;
}
