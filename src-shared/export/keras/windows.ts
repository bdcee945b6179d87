/** Padding typed per side, which Keras's layers do not have: as `same` or `valid` where that is the same, else as layers. */
import { type Padding, paddingAlong, windowCount } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import { required } from '../../util/assert';
import { type KerasStage, type KerasStages, stages, unsupported } from './layer';

type Pair = readonly [number, number];

export interface Windows {
  readonly input: Shape;
  /** Dilation included. */
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

interface Axis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  /** Windows along it. */
  readonly count: number;
  /** What `same` would put before. */
  readonly sameBefore: number;
  readonly sameCount: number;
}

/** What becomes of the padding of a convolution: a word for the layer itself, and what has to pad before it. */
export interface LayerPadding {
  readonly padding: 'same' | 'valid';
  readonly before: readonly KerasStage[];
}

/** For everything that counts padding as zeros. */
export function paddingWithZeros(windows: Windows, { canBeSame = true } = {}): LayerPadding {
  const { padding } = windows;
  if (typeof padding === 'string') return { padding, before: [] };
  const axes = axesOf(windows);
  if (canBeSame && axes.every(equalsSame)) return { padding: 'same', before: [] };
  if (axes.every(({ before, after }) => before + after === 0)) return { padding: 'valid', before: [] };
  return { padding: 'valid', before: [zeroPadding(windows)] };
}

/** The layers of a maximum over windows, where padding may never win. */
export function maximum(windows: Windows, isNonNegative: boolean): KerasStages {
  const { padding, window, strides } = windows;
  const pool = (word: 'same' | 'valid', poolSize: Pair, by: Pair, suffix?: string): KerasStage => ({
    className: 'MaxPooling2D',
    config: { pool_size: poolSize, strides: by, padding: word, data_format: 'channels_last' },
    ...(suffix !== undefined && { suffix }),
  });
  if (typeof padding === 'string') return stages(pool(padding, window, strides));
  const axes = axesOf(windows);
  if (axes.every(equalsSame)) return stages(pool('same', window, strides));
  if (axes.every(({ before, after }) => before + after === 0)) return stages(pool('valid', window, strides));
  if (!axes.every(isReached)) return unsupported('padding', sides(padding));
  if (isNonNegative) return stages(zeroPadding(windows), pool('valid', window, strides));
  // `same` at stride 1 leaves out what lies beside the image; of its values those that are asked for are kept.
  const isStrided = strides.some((stride) => stride > 1);
  return stages(
    { ...pool('same', window, [1, 1]), outputShape: windows.input },
    ...croppingTo(windows.input, axes),
    ...(isStrided ? [pool('valid', [1, 1], strides, 'stride')] : []),
  );
}

function sides({ top, bottom, left, right }: Exclude<Padding, string>): string {
  return [top, bottom, left, right].join(',');
}

function axesOf({ input, window, strides, padding }: Windows): readonly Axis[] {
  return (['height', 'width'] as const).map((axis, index) => {
    const size = required(input[index], axis);
    const [length, stride] = [window[index] ?? 1, strides[index] ?? 1];
    const [before, after] = paddingAlong(size, length, stride, padding, axis);
    const [sameBefore, sameAfter] = paddingAlong(size, length, stride, 'same', axis);
    const count = windowCount(size, length, stride, before + after);
    const sameCount = windowCount(size, length, stride, sameBefore + sameAfter);
    return { size, window: length, stride, before, after, count, sameBefore, sameCount };
  });
}

/** The same windows at the same places: what lies behind the last one does not matter. */
function equalsSame({ before, sameBefore, count, sameCount }: Axis): boolean {
  return before === sameBefore && count === sameCount;
}

/** What `same` puts before a window at stride 1. */
const centre = ({ window }: Axis): number => Math.floor((window - 1) / 2);

/** Whether the first and the last window are among those of `same` at stride 1. */
function isReached(axis: Axis): boolean {
  const last = (axis.count - 1) * axis.stride - axis.before;
  return axis.before <= centre(axis) && last + centre(axis) < axis.size;
}

/** Takes off what lies before the first window and behind the last. */
function croppingTo(input: Shape, axes: readonly Axis[]): readonly KerasStage[] {
  const crops = axes.map((axis): Pair => {
    const first = centre(axis) - axis.before;
    return [first, axis.size - first - ((axis.count - 1) * axis.stride + 1)];
  });
  if (crops.flat().every((crop) => crop === 0)) return [];
  const outputShape = input.map((size, axis) => size - (crops[axis]?.[0] ?? 0) - (crops[axis]?.[1] ?? 0));
  return [{ ...cropping(crops), outputShape }];
}

/** `[[top, bottom], [left, right]]` pixels off the image. */
export function cropping(crops: readonly Pair[]): KerasStage {
  const config = { cropping: crops, data_format: 'channels_last' };
  return { className: 'Cropping2D', config, suffix: 'crop' };
}

function zeroPadding({ input: [height = 0, width = 0, ...channels], padding }: Windows): KerasStage {
  const { top, bottom, left, right } =
    typeof padding === 'string' ? { top: 0, bottom: 0, left: 0, right: 0 } : padding;
  const config = {
    padding: [
      [top, bottom],
      [left, right],
    ],
    data_format: 'channels_last',
  };
  const outputShape = [height + top + bottom, width + left + right, ...channels];
  return { className: 'ZeroPadding2D', config, outputShape, suffix: 'pad' };
}
