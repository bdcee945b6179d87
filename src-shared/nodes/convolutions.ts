/** What convolutions share: checks, and a second lowering for what some builds of TensorFlow have no kernels for. */
import { dilatedWindow, formatShape, type Padding, paddingAlong } from '../ir/shape';
import type { LayerBuilder } from '../ir/builder';
import type { Shape, TensorRef } from '../ir/types';
import { imageDims } from '../ops/rules';
import { required } from '../util/assert';
import type { InferIssue, LowerContext } from './define';
import { lowerPadding } from './windows';

type Pair = readonly [number, number];

export interface Sliding {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilationRate: Pair;
}

/** Emits the kernel itself: plain, with what is left of padding. */
type Convolve = (
  x: TensorRef,
  how: { readonly strides: Pair; readonly padding: 'SAME' | 'VALID'; readonly dilations?: Pair },
) => TensorRef;

/** Keras has no convolution with both; neither have TensorFlow's space and batch operations. */
export function dilationIssues({ strides, dilationRate }: Omit<Sliding, 'padding'>): readonly InferIssue[] {
  if (!isAboveOne(strides) || !isAboveOne(dilationRate)) return [];
  const args = { dilation: formatShape(dilationRate), strides: formatShape(strides) };
  return [{ code: 'shape/dilated-and-strided', args, param: 'dilationRate' }];
}

/** Groups must divide the channels that come in, and the filters where there are any. */
export function groupIssues(groups: number, input: Shape, filters = groups): readonly InferIssue[] {
  const channels = required(input.at(-1), 'channels');
  const ofChannels: InferIssue = {
    code: 'shape/groups-channels',
    args: { groups, channels },
    param: 'groups',
  };
  const ofFilters: InferIssue = { code: 'shape/groups-filters', args: { groups, filters }, param: 'groups' };
  return [...(channels % groups === 0 ? [] : [ofChannels]), ...(filters % groups === 0 ? [] : [ofFilters])];
}

/** Cross-correlation of `x` with a kernel [kh, kw, channels / groups, filters]. */
export function lowerConvolution(
  { b, capabilities }: Pick<LowerContext<unknown>, 'b' | 'capabilities'>,
  x: TensorRef,
  kernel: TensorRef,
  sliding: Sliding,
): TensorRef {
  const [height, width, depth, filters] = imageDims(kernel);
  const groups = imageDims(x)[3] / depth;
  if (groups > 1 && depth === 1) {
    // Groups of one channel; oneDNN's gradient of the grouped kernel is wrong where each has one filter.
    const dims = [height, width, groups, filters / groups];
    return lowerDepthwise({ b, capabilities }, x, b.op('Reshape', [kernel], { dims }), sliding);
  }
  // One kernel for each group of several channels: oneDNN takes it for a depthwise one and sums wrongly (TensorFlow 2.21).
  const isMistaken = filters === groups;
  const isSplit = groups > 1 && (isMistaken || !capabilities.groupedConvolution);
  const convolve: Convolve = (images, how) =>
    isSplit ? convolveSplit(b, images, kernel, groups, how) : convolveSeen(b, images, kernel, how);
  return lowerSliding(b, x, kernel, sliding, { convolve, hasDilation: capabilities.dilatedConvolution });
}

/**
 * A strided 1×1 kernel sees some of the pixels only, and they are picked out first, as means over one value: oneDNN
 * divides by zero there for some numbers of channels (512 to 1024 in TensorFlow 2.21 on AVX-512), which ends the process.
 */
function convolveSeen(b: LayerBuilder, images: TensorRef, kernel: TensorRef, how: Parameters<Convolve>[1]) {
  const { strides } = how;
  const isPicking = kernelSize(kernel).every((size) => size === 1) && isAboveOne(strides);
  if (!isPicking) return b.op('Conv2D', [images, kernel], how);
  // SAME pads nothing around a window of one pixel.
  const seen = b.op('AvgPool', [images], { window: [1, 1], strides, padding: 'VALID' });
  return b.op('Conv2D', [seen, kernel], { strides: [1, 1], padding: 'VALID' });
}

/** Each channel of `x` with its own kernels [kh, kw, channels, multiplier]. */
export function lowerDepthwise(
  { b, capabilities }: Pick<LowerContext<unknown>, 'b' | 'capabilities'>,
  x: TensorRef,
  kernel: TensorRef,
  sliding: Sliding,
): TensorRef {
  // Of one channel it is the plain one. oneDNN mistakes a cached plain convolution of the same sizes for it and fails.
  if (imageDims(x)[3] === 1) return lowerConvolution({ b, capabilities }, x, kernel, sliding);
  const convolve: Convolve = (images, how) => {
    const [down, across] = how.strides;
    return down === across || capabilities.unevenDepthwise
      ? b.op('DepthwiseConv2dNative', [images, kernel], how)
      : depthwiseUneven(b, images, kernel, how);
  };
  return lowerSliding(b, x, kernel, sliding, { convolve, hasDilation: capabilities.dilatedDepthwise });
}

function lowerSliding(
  b: LayerBuilder,
  x: TensorRef,
  kernel: TensorRef,
  { strides, padding, dilationRate }: Sliding,
  { convolve, hasDilation }: { readonly convolve: Convolve; readonly hasDilation: boolean },
): TensorRef {
  const window = dilatedWindow(kernelSize(kernel), dilationRate);
  const padded = lowerPadding(b, x, { window, strides, padding, param: 'kernelSize' });
  if (!isAboveOne(dilationRate)) return convolve(padded.input, { strides, padding: padded.padding });
  return hasDilation
    ? convolve(padded.input, { strides, padding: padded.padding, dilations: dilationRate })
    : convolveInBlocks(b, padded.input, { window, padding: padded.padding, dilationRate }, convolve);
}

/** Group after group: each kernel meets the channels of its own group. */
function convolveSplit(
  b: LayerBuilder,
  x: TensorRef,
  kernel: TensorRef,
  groups: number,
  how: Parameters<Convolve>[1],
): TensorRef {
  const parts = Array.from({ length: groups }, (_, group) =>
    b.op('Conv2D', [channelShare(b, x, group, groups), channelShare(b, kernel, group, groups)], how),
  );
  return b.op('ConcatV2', parts, { axis: 3 });
}

function channelShare(b: LayerBuilder, tensor: TensorRef, index: number, count: number): TensorRef {
  const [first, height, width, channels] = imageDims(tensor);
  const share = channels / count;
  return b.op('Slice', [tensor], { begin: [0, 0, 0, index * share], size: [first, height, width, share] });
}

/**
 * Dilation by a kernel that knows none: every `rate`th pixel becomes an image of its own, in which the kernel's taps are
 * neighbours. Rows and columns that complete the last block are zeros, and what they give is cropped.
 */
function convolveInBlocks(
  b: LayerBuilder,
  x: TensorRef,
  { window, padding, dilationRate: block }: { window: Pair; padding: 'SAME' | 'VALID'; dilationRate: Pair },
  convolve: Convolve,
): TensorRef {
  const sides = ([0, 1] as const).map((axis) => {
    const size = imageSize(x)[axis];
    const [before, after] = paddingOf(size, window[axis], 1, padding);
    const total = size + before + after;
    return { before, after, rest: Math.ceil(total / block[axis]) * block[axis] - total };
  });
  const [down, across] = [required(sides[0], 'rows'), required(sides[1], 'columns')];
  const paddings = [
    [down.before, down.after + down.rest],
    [across.before, across.after + across.rest],
  ] as const;
  const dealt = b.op('SpaceToBatchND', [x], { block, paddings });
  const convolved = convolve(dealt, { strides: [1, 1], padding: 'VALID' });
  return b.op('BatchToSpaceND', [convolved], {
    block,
    crops: [
      [0, down.rest],
      [0, across.rest],
    ],
  });
}

/** Every position, of which unequal strides then keep some: a mean over one value. */
function depthwiseUneven(
  b: LayerBuilder,
  x: TensorRef,
  kernel: TensorRef,
  { strides, padding }: Parameters<Convolve>[1],
): TensorRef {
  const [height, width] = imageSize(x);
  const window = kernelSize(kernel);
  const paddings = [
    [0, 0],
    paddingOf(height, window[0], strides[0], padding),
    paddingOf(width, window[1], strides[1], padding),
    [0, 0],
  ] as const;
  const padded = paddings.flat().some((pixels) => pixels > 0) ? b.op('Pad', [x], { paddings }) : x;
  const everywhere = b.op('DepthwiseConv2dNative', [padded, kernel], { strides: [1, 1], padding: 'VALID' });
  return b.op('AvgPool', [everywhere], { window: [1, 1], strides, padding: 'VALID' });
}

function paddingOf(size: number, window: number, stride: number, padding: 'SAME' | 'VALID'): Pair {
  return paddingAlong(size, window, stride, padding === 'SAME' ? 'same' : 'valid', 'height');
}

function imageSize(x: TensorRef): Pair {
  const [, height, width] = imageDims(x);
  return [height, width];
}

function kernelSize(kernel: TensorRef): Pair {
  const [height, width] = imageDims(kernel);
  return [height, width];
}

function isAboveOne([down, across]: Pair): boolean {
  return down > 1 || across > 1;
}
