/**
 * The gradient of a mean over windows that do not overlap, by copying: each value goes, divided, to every pixel of its
 * window. TensorFlow's kernel is slow where the channels do not fill its vectors.
 */
import type { Operation, TensorRef } from '../../ir/types';
import { imageDims } from '../../ops/rules';
import { floatScalar } from '../../ops/primitive';
import { required } from '../../util/assert';
import { type Emitter, isOp } from './rewrite';

/** Channels in multiples of this suit the kernel: 8 floats to a vector. */
const VECTOR = 8;

/** Copies along rows, then whole rows: each is one concatenation of a tensor with itself. */
export function spreadMeans(operation: Operation, emit: Emitter): void {
  if (!isOp(operation, 'AvgPoolGrad')) return;
  const { window, strides, dims } = operation.attributes;
  const gradient = required(operation.inputs[1], 'the gradient of the means');
  const [batch, height, width, channels] = imageDims(gradient);
  const isTiled = dims[1] === height * window[0] && dims[2] === width * window[1];
  const isApart = window[0] === strides[0] && window[1] === strides[1];
  if (!isTiled || !isApart || channels % VECTOR === 0) return;
  const share = emit.op('Const', [], { value: floatScalar(1 / (window[0] * window[1])) });
  const divided = emit.op('Mul', [gradient, share], {});
  const across = repeated(emit, divided, window[1], 3);
  const row = emit.op('Reshape', [across], { dims: [batch, height, width * window[1] * channels] });
  const down = repeated(emit, row, window[0], 2);
  emit.instead('Reshape', [down], { dims });
}

function repeated(emit: Emitter, tensor: TensorRef, times: number, axis: number): TensorRef {
  return times === 1 ? tensor : emit.op('ConcatV2', Array<TensorRef>(times).fill(tensor), { axis });
}
