/**
 * 1×1 kernels as matrix products. What TensorFlow 2.21 with oneDNN takes for them on processors with AVX-512 (seen on an
 * AMD EPYC, and the same from Python) gives wrong gradients in the last channels, for many numbers of channels from 464
 * on, and divides by zero in convolutions such as 256 or 512 to 1024 channels, which ends the process. Its gradients of
 * kernels are right there, but take twice as long as the product.
 */
import { BATCH, type Operation } from '../../ir/types';
import { imageDims } from '../../ops/rules';
import { required } from '../../util/assert';
import { type Emitter, isOp } from './rewrite';

/** Weights of the smallest kernel that was seen to end the process: 256 to 1024 channels. */
const MANY_WEIGHTS = 2 ** 18;

/** A convolution whose kernel has many weights: every pixel times the kernel. */
export function multiplyManyChannels(operation: Operation, emit: Emitter): void {
  if (!isOp(operation, 'Conv2D')) return;
  const [images, kernel] = [0, 1].map((index) => required(operation.inputs[index], 'an operand'));
  if (!images || !kernel) return;
  const [kernelHeight, kernelWidth, channels, filters] = imageDims(kernel);
  const isPointwise =
    kernelHeight * kernelWidth === 1 && operation.attributes.strides.every((step) => step === 1);
  const isGrouped = channels !== images.dims.at(-1);
  if (!isPointwise || isGrouped || channels * filters < MANY_WEIGHTS) return;
  const [batch, height, width] = imageDims(images);
  const rows = emit.op('Reshape', [images], { dims: [batch, channels] });
  const weights = emit.op('Reshape', [kernel], { dims: [channels, filters] });
  const products = emit.op('MatMul', [rows, weights], { transposeA: false, transposeB: false });
  emit.instead('Reshape', [products], { dims: [batch, height, width, filters] });
}

/** Every pixel's gradient times the transposed kernel; under a stride, back at the pixels that the kernel met. */
export function multiplyPixels(operation: Operation, emit: Emitter): void {
  if (!isOp(operation, 'Conv2DBackpropInput')) return;
  const { dims, strides } = operation.attributes;
  const [sizes, kernel, gradient] = [0, 1, 2].map((index) => required(operation.inputs[index], 'an operand'));
  if (!sizes || !kernel || !gradient) return;
  const [kernelHeight, kernelWidth, channels, filters] = imageDims(kernel);
  const isGrouped = channels !== dims.at(-1);
  if (kernelHeight * kernelWidth !== 1 || isGrouped) return;
  const [batch, height, width] = imageDims(gradient);
  const rows = emit.op('Reshape', [gradient], { dims: [batch, filters] });
  const weights = emit.op('Reshape', [kernel], { dims: [channels, filters] });
  const products = emit.op('MatMul', [rows, weights], { transposeA: false, transposeB: true });
  const pixels = { dims: [batch, height, width, channels] };
  if (strides.every((step) => step === 1)) {
    emit.instead('Reshape', [products], pixels);
    return;
  }
  // The gradient of means over one value each.
  const met = emit.op('Reshape', [products], pixels);
  emit.instead('AvgPoolGrad', [sizes, met], { window: [1, 1], strides, padding: 'VALID', dims });
}

/** The gradient of a kernel: every pixel's channels times the gradients there, summed over all pixels. */
export function sumOverPixels(operation: Operation, emit: Emitter): void {
  if (!isOp(operation, 'Conv2DBackpropFilter')) return;
  const { dims, strides } = operation.attributes;
  const [images, gradient] = [0, 1].map((index) => required(operation.inputs[index], 'an operand'));
  if (!images || !gradient) return;
  const [kernelHeight, kernelWidth, channels, filters] = imageDims({ dims, dtype: images.dtype });
  const isPointwise = kernelHeight * kernelWidth === 1 && strides.every((step) => step === 1);
  if (!isPointwise || channels !== images.dims.at(-1)) return;
  const rows = emit.op('Reshape', [images], { dims: [BATCH, channels] });
  const gradients = emit.op('Reshape', [gradient], { dims: [BATCH, filters] });
  const sums = emit.op('MatMul', [rows, gradients], { transposeA: true, transposeB: false });
  emit.instead('Reshape', [sums], { dims });
}
