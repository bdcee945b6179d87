/**
 * Channels in numbers that TensorFlow 2.21 with oneDNN gets right on processors with AVX-512 (seen on an AMD EPYC, and the
 * same from Python): its kernels work on blocks of channels, and a last block that is not full is wrong in these cases,
 * found by comparing some 20,000 random convolutions with those in float64. The channels that are added hold zeros.
 */
import { BATCH, type Operation, type TensorRef } from '../../ir/types';
import { imageDims } from '../../ops/rules';
import { ints } from '../../ops/primitive';
import { required } from '../../util/assert';
import { type Emitter, isOp } from './rewrite';

/** Channels of a block; a last one of up to half as many is wrong. */
const BLOCK = 32;

/**
 * Gradients by images under a stride, whose last block of channels is at most half full, and those of one filter over one
 * channel: with more channels, which are cut off again. In groups it is the channels of a group that count.
 */
export function fillChannelBlock(operation: Operation, emit: Emitter): void {
  if (!isOp(operation, 'Conv2DBackpropInput')) return;
  const { dims, strides } = operation.attributes;
  const [sizes, kernel, gradient] = operandsOf(operation);
  const [, , channels, filters] = imageDims(kernel);
  const [batch = BATCH, height = 1, width = 1, all = channels] = dims;
  const groups = all / channels;
  const isSingle = channels === 1 && filters === 1;
  const added = isSingle ? 1 : strides.some((step) => step > 1) ? missingChannels(channels) : 0;
  if (added === 0) return;
  const more = groups * added;
  const difference = emit.op('Const', [], { value: ints([0, 0, 0, more]) });
  const wide = emit.op(
    'Conv2DBackpropInput',
    [emit.op('AddV2', [sizes, difference], {}), withZeros(emit, kernel, 2, added), gradient],
    { ...operation.attributes, dims: [batch, height, width, all + more] },
  );
  if (groups === 1) return emit.instead('Slice', [wide], { begin: [0, 0, 0, 0], size: dims });
  const apart = { dims: [batch, height, width, groups, channels + added] };
  const cut = { begin: [0, 0, 0, 0, 0], size: [batch, height, width, groups, channels] };
  const narrow = emit.op('Slice', [emit.op('Reshape', [wide], apart)], cut);
  emit.instead('Reshape', [narrow], { dims });
}

function missingChannels(channels: number): number {
  const last = channels % BLOCK;
  return channels > BLOCK && last > 0 && last <= BLOCK / 2 ? BLOCK - last : 0;
}

/** In 16 bits, sums over an odd number of channels, and gradients of one filter: with one more of them. */
export function pairChannels(operation: Operation, emit: Emitter): void {
  if (!isUnpaired(operation) || groupsOf(operation) !== 1) return;
  if (isOp(operation, 'Conv2D')) {
    const [images, kernel] = [operandOf(operation, 0), operandOf(operation, 1)];
    const inputs = [withZeros(emit, images, 3, 1), withZeros(emit, kernel, 2, 1)];
    emit.instead('Conv2D', inputs, operation.attributes);
  } else if (isOp(operation, 'Conv2DBackpropInput')) {
    const [sizes, kernel, gradient] = operandsOf(operation);
    const inputs = [sizes, withZeros(emit, kernel, 3, 1), withZeros(emit, gradient, 3, 1)];
    emit.instead('Conv2DBackpropInput', inputs, operation.attributes);
  }
}

/** Whether it would be wrong in 16 bits. */
export function isUnpaired(operation: Operation): boolean {
  if (isOp(operation, 'Conv2D')) return imageDims(operandOf(operation, 1))[2] % 2 === 1;
  if (!isOp(operation, 'Conv2DBackpropInput')) return false;
  return imageDims(operandOf(operation, 1))[3] === groupsOf(operation);
}

/** Of a convolution or its gradient by images. */
function groupsOf(operation: Operation): number {
  const isGradient = isOp(operation, 'Conv2DBackpropInput');
  const images = isGradient ? operation.attributes : operandOf(operation, 0);
  return required(images.dims.at(-1), 'channels') / required(operandOf(operation, 1).dims[2], 'channels');
}

/** By PadV2: TensorFlow's layout pass takes any Pad before a convolution for one of its images. */
function withZeros(emit: Emitter, tensor: TensorRef, axis: number, count: number): TensorRef {
  const paddings = tensor.dims.map((_, each) => [0, each === axis ? count : 0] as const);
  return emit.op('PadV2', [tensor], { paddings, value: 0 });
}

/** Sizes of the images, kernel, gradient. */
function operandsOf(operation: Operation): readonly [TensorRef, TensorRef, TensorRef] {
  return [operandOf(operation, 0), operandOf(operation, 1), operandOf(operation, 2)];
}

function operandOf({ name, inputs }: Operation, index: number): TensorRef {
  return required(inputs[index], `operand ${index} of ${name}`);
}
