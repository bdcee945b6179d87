/** Convolutions and dense layers as operators of ONNX, their kernels turned. */
import { dilatedWindow, type Padding, paddingAlong } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import conv2d from '../../nodes/convolution/conv2d';
import conv2dTranspose from '../../nodes/convolution/conv2d-transpose';
import depthwiseConv2d from '../../nodes/convolution/depthwise-conv2d';
import separableConv2d from '../../nodes/convolution/separable-conv2d';
import { required } from '../../util/assert';
import { paramsAs, type WeightValues } from '../model';
import { reshaped, transposed } from './layout';
import { type Attributes, type Constant, int, ints, type LayerWriter, type WriteLayer } from './writer';

type Pair = readonly [number, number];

interface Sliding {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly dilationRate: Pair;
  readonly padding: Padding;
}

/** Pixels before and after along height and width. */
export function sidesOf([height, width]: Shape, window: Pair, strides: Pair, padding: Padding) {
  const rows = paddingAlong(required(height, 'height'), window[0], strides[0], padding, 'height');
  const columns = paddingAlong(required(width, 'width'), window[1], strides[1], padding, 'width');
  return { rows, columns };
}

/** As ONNX has them: all that lie before, then all behind. Written out, since `auto_pad` is deprecated. */
export function padsOf({ rows, columns }: ReturnType<typeof sidesOf>): readonly number[] {
  return [rows[0], columns[0], rows[1], columns[1]];
}

function slidingAttributes(
  input: Shape,
  { kernelSize, strides, dilationRate, padding }: Sliding,
): Attributes {
  const window = dilatedWindow(kernelSize, dilationRate);
  return {
    kernel_shape: ints(kernelSize),
    strides: ints(strides),
    pads: ints(padsOf(sidesOf(input, window, strides, padding))),
    dilations: ints(dilationRate),
  };
}

const kernelOf = (weight: WeightValues): Constant => ({ as: 'kernel', ...weight });

function biasOf(writer: LayerWriter): readonly Constant[] {
  const bias = writer.optional('bias');
  return bias === undefined ? [] : [{ as: 'bias', ...bias }];
}

/** `[height, width, in / groups, out]` as `[out, in / groups, height, width]`. */
const outFirst = [3, 2, 0, 1];

export const writeConv2d: WriteLayer = (writer) => {
  const params = paramsAs(conv2d, writer.layer);
  const kernel = kernelOf(transposed(writer.weight('kernel'), outFirst));
  const attributes = { ...slidingAttributes(writer.inputShape, params), group: int(params.groups) };
  return writer.op('Conv', [writer.input, kernel, ...biasOf(writer)], attributes);
};

/** A convolution of as many groups as channels; `[height, width, channels, multiplier]` as `[channels * multiplier, 1, ...]`. */
function depthwise(writer: LayerWriter, kernel: WeightValues, params: Sliding, suffix = ''): string {
  const turned = transposed(kernel, [2, 3, 0, 1]);
  const [channels = 1, multiplier = 1, ...size] = turned.dims;
  const grouped = kernelOf(reshaped(turned, [channels * multiplier, 1, ...size]));
  const attributes = { ...slidingAttributes(writer.inputShape, params), group: int(channels) };
  const bias = suffix === '' ? biasOf(writer) : [];
  return writer.op('Conv', [writer.input, grouped, ...bias], attributes, suffix);
}

export const writeDepthwiseConv2d: WriteLayer = (writer) =>
  depthwise(writer, writer.weight('kernel'), paramsAs(depthwiseConv2d, writer.layer));

export const writeSeparableConv2d: WriteLayer = (writer) => {
  const params = paramsAs(separableConv2d, writer.layer);
  const each = depthwise(writer, writer.weight('depthwiseKernel'), params, 'depthwise');
  const mix = kernelOf(transposed(writer.weight('pointwiseKernel'), outFirst));
  const plain = { kernelSize: [1, 1], strides: [1, 1], dilationRate: [1, 1], padding: 'valid' } as const;
  const attributes = { ...slidingAttributes(writer.inputShape, plain), group: int(1) };
  return writer.op('Conv', [each, mix, ...biasOf(writer)], attributes);
};

/**
 * What is taken off the output along an axis, and what is added behind it. The gradient of a `same` convolution leaves
 * out what the padding of that took; Keras's `valid` reaches as far as the strides where they are longer than the kernel.
 */
export function transposedPadding(
  window: number,
  stride: number,
  padding: Padding,
  axis: 'height' | 'width',
): { readonly before: number; readonly after: number; readonly more: number } {
  const [excess, more] = [Math.max(window - stride, 0), Math.max(stride - window, 0)];
  if (padding === 'same') return { before: Math.floor(excess / 2), after: Math.ceil(excess / 2), more };
  if (padding === 'valid') return { before: 0, after: 0, more };
  const [before, after] = paddingAlong(0, window, stride, padding, axis);
  return { before, after, more: 0 };
}

export const writeConv2dTranspose: WriteLayer = (writer) => {
  const { kernelSize, strides, padding } = paramsAs(conv2dTranspose, writer.layer);
  const rows = transposedPadding(kernelSize[0], strides[0], padding, 'height');
  const columns = transposedPadding(kernelSize[1], strides[1], padding, 'width');
  // [height, width, out, in] as [in, out, height, width].
  const kernel = kernelOf(transposed(writer.weight('kernel'), [3, 2, 0, 1]));
  return writer.op('ConvTranspose', [writer.input, kernel, ...biasOf(writer)], {
    kernel_shape: ints(kernelSize),
    strides: ints(strides),
    pads: ints([rows.before, columns.before, rows.after, columns.after]),
    output_padding: ints([rows.more, columns.more]),
  });
};

export const writeDense: WriteLayer = (writer) => {
  const kernel = writer.weight('kernel');
  const { channelsFirst: image } = writer;
  const rows = image === undefined ? kernel : channelsFirstRows(kernel, image);
  return writer.op('Gemm', [writer.input, kernelOf(rows), ...biasOf(writer)]);
};

/** Rows for pixels of channels as rows for channels of pixels. */
function channelsFirstRows(kernel: WeightValues, image: Shape): WeightValues {
  const units = required(kernel.dims[1], 'units');
  return reshaped(transposed(reshaped(kernel, [...image, units]), [2, 0, 1, 3]), kernel.dims);
}
