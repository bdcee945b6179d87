/** Arithmetic over shapes: element counts, window sizes, and how shapes are written. */
import { BATCH, type Dims, type Shape } from './types';

/** Padding as in the document: TensorFlow's `same` (odd pixel below and right), `valid`, or pixels per side. */
export type Padding =
  | 'same'
  | 'valid'
  | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** Elements of one sample (the batch dimension left out); 1 for a scalar. */
export function elementsPerSample(dims: Dims): number {
  return dims.reduce((product, size) => (size === BATCH ? product : product * size), 1);
}

export function withBatch(shape: Shape): Dims {
  return [BATCH, ...shape];
}

export function sameDims(a: Dims, b: Dims): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `28 × 28 × 1`, as shown on nodes, wires and in messages. */
export function formatShape(shape: Shape): string {
  return shape.join('×');
}

/** Pixels added before and after along one axis. TensorFlow's rule for `same`: the odd one goes after. */
export function paddingAlong(
  size: number,
  window: number,
  stride: number,
  padding: Padding,
  axis: 'height' | 'width',
): readonly [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  return axis === 'height' ? [padding.top, padding.bottom] : [padding.left, padding.right];
}

/** Pixels that a window reaches across when its taps stand `dilation` pixels apart. */
export function dilatedWindow(
  window: readonly [number, number],
  dilations: readonly [number, number],
): readonly [number, number] {
  return [(window[0] - 1) * dilations[0] + 1, (window[1] - 1) * dilations[1] + 1];
}

/** Windows that fit: floor((n - k + p + s) / s); zero or less where the window is larger than the padded input. */
export function windowCount(size: number, window: number, stride: number, padded: number): number {
  return Math.floor((size - window + padded + stride) / stride);
}

/** Output height and width of a convolution or pooling over `[height, width, ...]`. */
export function windowedSize(
  [height, width]: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): readonly [number, number] {
  const [top, bottom] = paddingAlong(height, window[0], strides[0], padding, 'height');
  const [left, right] = paddingAlong(width, window[1], strides[1], padding, 'width');
  return [
    windowCount(height, window[0], strides[0], top + bottom),
    windowCount(width, window[1], strides[1], left + right),
  ];
}
