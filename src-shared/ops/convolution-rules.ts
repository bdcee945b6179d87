/** What convolutions over all channels and over each share. */
import { dilatedWindow, windowedSize } from '../ir/shape';
import type { TensorType } from '../ir/types';
import type { AttributeValue, Window } from './primitive';
import { at, imageDims } from './rules';

export interface ConvolutionAttributes {
  /** Height, width. */
  readonly strides: readonly [number, number];
  /** EXPLICIT is left out on purpose: it is correct but leaves the fast kernels. Pad first, then VALID. */
  readonly padding: 'SAME' | 'VALID';
  /** Distance of a kernel's taps, height and width; absent means 1. */
  readonly dilations?: readonly [number, number];
}

export function convolutionNodeDef(
  { strides: [height, width], padding, dilations }: ConvolutionAttributes,
  inputs: readonly TensorType[],
): Record<string, AttributeValue> {
  return {
    T: { type: at(inputs, inputs.length - 1).dtype },
    strides: { ints: [1, height, width, 1] },
    padding: { string: padding },
    data_format: { string: 'NHWC' },
    ...(dilations ? { dilations: { ints: [1, ...dilations, 1] } } : {}),
  };
}

/** Height and width of what a kernel gives. */
export function convolvedSize(
  images: TensorType,
  kernel: TensorType,
  { strides, padding, dilations = [1, 1] }: ConvolutionAttributes,
): readonly [number, number] {
  const [, height, width] = imageDims(images);
  const [kernelHeight, kernelWidth] = imageDims(kernel);
  const window = dilatedWindow([kernelHeight, kernelWidth], dilations);
  return windowedSize([height, width], window, strides, padding === 'SAME' ? 'same' : 'valid');
}

/** What a kernel sees: its dilated size, and how it moves. */
export function convolutionWindow(
  { strides, dilations = [1, 1] }: ConvolutionAttributes,
  inputs: readonly TensorType[],
): Window {
  const [height, width] = imageDims(at(inputs, 1));
  return { size: dilatedWindow([height, width], dilations), strides };
}
