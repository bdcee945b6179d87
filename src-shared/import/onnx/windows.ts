/** Poolings, edges and images of other sizes. */
import { nearestPixels } from '../../export/onnx/shapes';
import type { Shape } from '../../ir/types';
import type { OperatorReader } from './operator';
import { isNone, isSame, paddingOf, type Sides, sidesOf, typed, withCeiling } from './padding';
import { refuse, type Value } from './value';
import { asImage, refuseOrder } from './values';
import type { Entry } from './weighted';

const one = [1, 1] as const;

export const maxPool: Entry = (reader) => {
  const input = asImage(reader, reader.value());
  if (reader.ints('dilations', one).some((rate) => rate !== 1))
    refuse('dilations', String(reader.ints('dilations', [])));
  const poolSize = reader.pair('kernel_shape', one);
  const strides = reader.pair('strides', one);
  const window = { shape: input.shape, window: poolSize, strides };
  const given = sidesOf(reader, window);
  const sides = reader.int('ceil_mode', 0) === 1 ? withCeiling(given, window) : given;
  const params = { poolSize, strides, padding: paddingOf(sides, window) };
  return reader.network.emit({ type: 'MaxPooling2D', params, inputs: [input], form: 'image' });
};

/** Padding that does not count in the mean is `same` or nothing here; padding that does is typed per side. */
export const averagePool: Entry = (reader) => {
  const input = asImage(reader, reader.value());
  const poolSize = reader.pair('kernel_shape', one);
  const strides = reader.pair('strides', one);
  const window = { shape: input.shape, window: poolSize, strides };
  const sides = sidesOf(reader, window);
  if (reader.int('ceil_mode', 0) === 1) {
    const grown = withCeiling(sides, window);
    if (String([grown.rows, grown.columns]) !== String([sides.rows, sides.columns])) refuse('ceil_mode', 1);
  }
  const counts = reader.int('count_include_pad', 0) === 1;
  const params = { poolSize, strides, padding: averagePadding(sides, window, counts) };
  return reader.network.emit({ type: 'AveragePooling2D', params, inputs: [input], form: 'image' });
};

function averagePadding(sides: Sides, window: Parameters<typeof isSame>[1], counts: boolean) {
  if (isNone(sides)) return 'valid';
  if (counts) return typed(sides);
  return isSame(sides, window) ? 'same' : refuse('count_include_pad', 0);
}

export const globalPool =
  (type: 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D'): Entry =>
  (reader) => {
    const input = asImage(reader, reader.value());
    return reader.network.emit({ type, params: {}, inputs: [input], form: 'pooled' });
  };

/** Over all pixels, which is a global pooling. */
export const reduce =
  (type: 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D'): Entry =>
  (reader) => {
    const input = reader.value();
    const { form } = input;
    const axes = reader.numbers(1, 'axes') ?? [];
    const wanted = form === 'image' ? '2,3' : form === 'pixels' ? '1,2' : 'none';
    const found = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort((a, b) => a - b);
    if (String(found) !== wanted) refuse('axes', String(axes));
    const isKept = reader.int('keepdims', 1) === 1;
    if (isKept && form === 'pixels') refuse('keepdims', 1);
    const inputs = [input];
    return reader.network.emit({ type, params: {}, inputs, form: isKept ? 'pooled' : 'vector' });
  };

/** By axis of the file, pixels before and behind; images only, in either order. */
function spatial(reader: OperatorReader): {
  readonly input: Value;
  readonly rows: number;
  readonly shape: Shape;
} {
  const input = reader.value();
  const { form, shape } = input;
  if ((form !== 'image' && form !== 'pixels') || shape === undefined) return refuseOrder();
  return { input, rows: form === 'image' ? 2 : 1, shape };
}

export const pad: Entry = (reader) => {
  const { input, rows } = spatial(reader);
  reader.onlyText('mode', 'constant');
  const value = reader.hasInput(2)
    ? reader.network.numbersOf(reader.node.inputs[2] ?? '')?.[0]
    : reader.float('value', 0);
  if (value !== 0) refuse('constant_value', value ?? 'unknown');
  const pads = reader.numbers(1, 'pads') ?? [];
  const axes = reader.hasInput(3) ? (reader.numbers(3, 'axes') ?? []) : [0, 1, 2, 3];
  const sides = [0, 0, 0, 0, 0, 0, 0, 0];
  axes.forEach((axis, index) => {
    const at = axis < 0 ? axis + 4 : axis;
    sides[at] = pads[index] ?? 0;
    sides[at + 4] = pads[index + axes.length] ?? 0;
  });
  const padding = [sides[rows], sides[rows + 4], sides[rows + 1], sides[rows + 5]].map((side) => side ?? 0);
  const others = sides.filter((_, axis) => axis % 4 !== rows && axis % 4 !== rows + 1);
  if (others.some((side) => side !== 0) || padding.some((side) => side < 0)) refuse('pads', String(pads));
  return reader.network.emit({
    type: 'ZeroPadding2D',
    params: { padding },
    inputs: [input],
    form: input.form,
  });
};

export const slice: Entry = (reader) => {
  const { input, rows, shape } = spatial(reader);
  const starts = reader.numbers(1, 'starts') ?? [];
  const ends = reader.numbers(2, 'ends') ?? [];
  const axes = reader.numbers(3, 'axes') ?? starts.map((_, axis) => axis);
  if ((reader.numbers(4, 'steps') ?? []).some((step) => step !== 1)) refuse('steps', 'above 1');
  const cropping = [0, 0, 0, 0];
  axes.forEach((given, index) => {
    const axis = (given < 0 ? given + 4 : given) - rows;
    const size = shape[axis];
    if (size === undefined || axis > 1) return refuse('axes', given);
    const at = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
    cropping[2 * axis] = at(starts[index] ?? 0);
    cropping[2 * axis + 1] = size - at(ends[index] ?? size);
  });
  return reader.network.emit({ type: 'Cropping2D', params: { cropping }, inputs: [input], form: input.form });
};

/** Sizes of the image, from sizes or scales of the file; those that it leaves out stay. */
function targetOf(reader: OperatorReader, [height = 1, width = 1]: Shape) {
  const axes = reader.ints('axes', [0, 1, 2, 3]);
  const isUpsample = reader.node.op === 'Upsample';
  const at = (numbers: readonly number[], axis: number, initial: number): number => {
    const index = axes.findIndex((each) => (each < 0 ? each + 4 : each) === axis);
    return numbers[index] ?? initial;
  };
  const sizes = reader.hasInput(3) ? (reader.numbers(3, 'sizes') ?? []) : [];
  if (sizes.length > 0) return { size: [at(sizes, 2, height), at(sizes, 3, width)] as const };
  const scales = reader.numbers(isUpsample ? 1 : 2, 'scales') ?? [];
  const factors = [at(scales, 2, 1), at(scales, 3, 1)] as const;
  const size = [Math.floor(height * factors[0]), Math.floor(width * factors[1])] as const;
  return { size, factors };
}

export const resize: Entry = (reader) => {
  const input = asImage(reader, reader.value());
  if (input.shape === undefined) return refuseOrder();
  const interpolation = reader.onlyText('mode', 'nearest', 'linear') === 'linear' ? 'bilinear' : 'nearest';
  reader.only('antialias', 0);
  const { size, factors } = targetOf(reader, input.shape);
  const isWhole = factors?.every((factor) => Number.isInteger(factor) && factor >= 1) ?? false;
  checkCoordinates(reader, interpolation, isWhole, size);
  const emit = (type: string, params: Readonly<Record<string, string | number | readonly number[]>>) =>
    reader.network.emit({ type, params, inputs: [input], form: 'image' });
  if (factors !== undefined && isWhole) return emit('UpSampling2D', { size: factors, interpolation });
  return emit('Resizing', { height: size[0], width: size[1], interpolation });
};

/** Pixel centres at halves; the nearest pixel of whole factors is the same under every rule. */
function checkCoordinates(
  reader: OperatorReader,
  interpolation: 'nearest' | 'bilinear',
  isWhole: boolean,
  [height, width]: readonly [number, number],
): void {
  const isOld = reader.node.op === 'Upsample' || reader.opset < 11;
  const mode = isOld ? 'asymmetric' : reader.text('coordinate_transformation_mode', 'half_pixel');
  const rounding = reader.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const isHalf = mode === 'half_pixel' || (mode === 'pytorch_half_pixel' && height > 1 && width > 1);
  if (interpolation === 'bilinear') {
    if (!isHalf) refuse('coordinate_transformation_mode', mode);
    return;
  }
  if (isHalf && rounding === 'round_prefer_ceil') return;
  const isSame =
    isWhole && ((isHalf && rounding.startsWith('round')) || (mode === 'asymmetric' && rounding === 'floor'));
  if (!isSame) refuse('nearest_mode', `${mode} ${rounding}`);
}

/** Rows and columns that are taken one by one, where they are those of the nearest pixel. */
export function nearestRows(
  reader: OperatorReader,
  input: Value,
  down: readonly number[],
  across: readonly number[],
) {
  const image = asImage(reader, input);
  const [height, width] = image.shape ?? [];
  if (height === undefined || width === undefined) return refuseOrder();
  const isNearest =
    String(nearestPixels(height, down.length)) === String(down) &&
    String(nearestPixels(width, across.length)) === String(across);
  if (!isNearest) refuse('indices', String(down));
  const params = { height: down.length, width: across.length, interpolation: 'nearest' };
  return reader.network.emit({ type: 'Resizing', params, inputs: [image], form: 'image' });
}
