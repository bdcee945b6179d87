/**
 * Convolutions of small images as one matrix product for each tap of the kernel. Of a 3×3 kernel over 3×3 pixels four
 * taps in ten meet nothing but padding; direct kernels multiply there too, and use a fraction of the processor.
 */
import { paddingAlong } from '../../ir/shape';
import type { Dims, Operation, TensorRef } from '../../ir/types';
import type { OpAttributes } from '../../ops';
import { imageDims } from '../../ops/rules';
import { required } from '../../util/assert';
import { type Emitter, isOp } from './rewrite';

/** Larger images are convolved faster by the direct kernels: measured up to 6×6. */
const LARGEST_IMAGE = 4;
/** Smaller kernels are not worth the calls that their taps take. */
const SMALLEST_KERNEL = 4096;
/** More taps than those of a 3×3 kernel take kernels of this many weights each. */
const FEW_TAPS = 9;
const LARGE_TAP = 16384;

/** Where along one axis a tap meets pixels: `length` of them, from `input` on, giving values from `output` on. */
interface Reach {
  readonly input: number;
  readonly output: number;
  readonly length: number;
}

/** One weight matrix of the kernel, and the part of the images that it sees. */
interface Tap {
  readonly index: number;
  readonly rows: Reach;
  readonly columns: Reach;
}

interface Plan {
  /** Of images and output alike: stride 1, SAME. */
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number, number, number];
  /** Those that meet a pixel at all. */
  readonly taps: readonly Tap[];
}

/** Rewrites a convolution or one of its two gradients. */
export function convolveByTaps(operation: Operation, emit: Emitter): void {
  if (isOp(operation, 'Conv2D')) forward(operation.inputs, operation.attributes, emit);
  else if (isOp(operation, 'Conv2DBackpropInput'))
    gradientByImages(operation.inputs, operation.attributes, emit);
  else if (isOp(operation, 'Conv2DBackpropFilter'))
    gradientByKernel(operation.inputs, operation.attributes, emit);
}

function forward(inputs: readonly TensorRef[], how: OpAttributes<'Conv2D'>, emit: Emitter): void {
  const [x, kernel] = pair(inputs);
  const plan = planOf(x.dims, kernel.dims, how);
  if (!plan) return;
  const weights = stacked(emit, kernel);
  const parts = plan.taps.map((tap) => {
    const seen = pixels(emit, x, plan, tap, 'input');
    const product = emit.op('MatMul', [seen, weightsOf(emit, weights, tap)], plain);
    return placed(emit, product, plan, tap, 'output');
  });
  emit.instead('AddN', parts, {});
}

function gradientByImages(
  inputs: readonly TensorRef[],
  how: OpAttributes<'Conv2DBackpropInput'>,
  emit: Emitter,
): void {
  const [, kernel, gradient] = [inputs[0], ...pair(inputs.slice(1))];
  const plan = planOf(how.dims, kernel.dims, how);
  if (!plan) return;
  const weights = stacked(emit, kernel);
  const parts = plan.taps.map((tap) => {
    const given = pixels(emit, gradient, plan, tap, 'output');
    const operands = [given, weightsOf(emit, weights, tap)];
    const product = emit.op('MatMul', operands, { transposeA: false, transposeB: true });
    return placed(emit, product, plan, tap, 'input');
  });
  emit.instead('AddN', parts, {});
}

function gradientByKernel(
  inputs: readonly TensorRef[],
  how: OpAttributes<'Conv2DBackpropFilter'>,
  emit: Emitter,
): void {
  const [x, gradient] = pair(inputs);
  const plan = planOf(x.dims, how.dims, how);
  if (!plan) return;
  const [height, width, channels, filters] = plan.kernel;
  const none = emit.op('Fill', [], { dims: [1, channels, filters], value: 0 });
  const parts = Array.from({ length: height * width }, (_, index) => {
    const tap = plan.taps.find((each) => each.index === index);
    if (!tap) return none;
    const operands = [pixels(emit, x, plan, tap, 'input'), pixels(emit, gradient, plan, tap, 'output')];
    const product = emit.op('MatMul', operands, { transposeA: true, transposeB: false });
    return emit.op('Reshape', [product], { dims: [1, channels, filters] });
  });
  const all = emit.op('ConcatV2', parts, { axis: 0 });
  emit.instead('Reshape', [all], { dims: how.dims });
}

const plain = { transposeA: false, transposeB: false };

/** The taps of a convolution that is worth it; both sizes are known when compiling. */
function planOf(
  images: Dims,
  kernel: Dims,
  { strides, padding, dilations = [1, 1] }: OpAttributes<'Conv2D'>,
): Plan | undefined {
  const isPlain = padding === 'SAME' && [...strides, ...dilations].every((step) => step === 1);
  const [, height, width, channels] = imageDims({ dtype: 'float32', dims: images });
  const sizes = imageDims({ dtype: 'float32', dims: kernel });
  const [kernelHeight, kernelWidth, kernelChannels, filters] = sizes;
  if (!isPlain || channels !== kernelChannels || kernelHeight * kernelWidth === 1) return undefined;
  if (Math.max(height, width) > LARGEST_IMAGE || channels * filters < SMALLEST_KERNEL) return undefined;
  const rows = reaches(height, kernelHeight);
  const columns = reaches(width, kernelWidth);
  const taps = rows.flatMap((down, i) =>
    columns.flatMap((across, j) =>
      down && across ? [{ index: i * kernelWidth + j, rows: down, columns: across }] : [],
    ),
  );
  if (taps.length > FEW_TAPS && channels * filters < LARGE_TAP) return undefined;
  return { size: [height, width], kernel: sizes, taps };
}

/** What each tap of a kernel meets along an axis under SAME at stride 1. */
function reaches(size: number, window: number): readonly (Reach | undefined)[] {
  const [before] = paddingAlong(size, window, 1, 'same', 'height');
  return Array.from({ length: window }, (_, tap) => {
    const shift = tap - before;
    const length = size - Math.abs(shift);
    return length > 0 ? { input: Math.max(shift, 0), output: Math.max(-shift, 0), length } : undefined;
  });
}

/** The kernel as a stack of matrices: a slice of the first axis shares its memory. */
function stacked(emit: Emitter, kernel: TensorRef): TensorRef {
  const [height, width, channels, filters] = imageDims(kernel);
  return emit.op('Reshape', [kernel], { dims: [height * width, channels, filters] });
}

function weightsOf(emit: Emitter, stack: TensorRef, { index }: Tap): TensorRef {
  const [, channels = 1, filters = 1] = stack.dims;
  const slice = emit.op('Slice', [stack], { begin: [index, 0, 0], size: [1, channels, filters] });
  return emit.op('Reshape', [slice], { dims: [channels, filters] });
}

/** The pixels that a tap reads or writes, as rows of a matrix. */
function pixels(
  emit: Emitter,
  images: TensorRef,
  { size }: Plan,
  { rows, columns }: Tap,
  side: 'input' | 'output',
): TensorRef {
  const [batch, , , channels] = imageDims(images);
  const isWhole = rows.length === size[0] && columns.length === size[1];
  const part = isWhole
    ? images
    : emit.op('Slice', [images], {
        begin: [0, rows[side], columns[side], 0],
        size: [batch, rows.length, columns.length, channels],
      });
  return emit.op('Reshape', [part], { dims: [batch, channels] });
}

/** Rows of a matrix back at their pixels, zeros elsewhere. */
function placed(
  emit: Emitter,
  matrix: TensorRef,
  { size }: Plan,
  { rows, columns }: Tap,
  side: 'input' | 'output',
): TensorRef {
  const [batch = 1, channels = 1] = matrix.dims;
  const part = emit.op('Reshape', [matrix], { dims: [batch, rows.length, columns.length, channels] });
  if (rows.length === size[0] && columns.length === size[1]) return part;
  const around = (reach: Reach, whole: number) => [reach[side], whole - reach[side] - reach.length] as const;
  const paddings = [[0, 0], around(rows, size[0]), around(columns, size[1]), [0, 0]] as const;
  return emit.op('Pad', [part], { paddings });
}

function pair(tensors: readonly TensorRef[]): readonly [TensorRef, TensorRef] {
  return [required(tensors[0], 'the first operand'), required(tensors[1], 'the second operand')];
}
