/** What convolutions and poolings share: sizes, mistakes, and padding that stays on the fast kernels. */
import { formatShape, type Padding, sameDims, windowedSize } from '../ir/shape';
import type { LayerBuilder } from '../ir/builder';
import type { Shape, TensorRef } from '../ir/types';
import type { Locale, Text } from '../texts/text';
import { failure, type Result, success } from '../util/result';
import type { InferIssue } from './define';

export interface WindowParams {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  /** The parameter that bears the window, for the problem. */
  readonly param: string;
}

/** `[height, width, channels]`, or the issue that the input is no image. */
export function expectImage(
  shape: Shape | undefined,
): Result<readonly [number, number, number], readonly InferIssue[]> {
  const [height, width, channels, ...rest] = shape ?? [];
  if (height === undefined || width === undefined || channels === undefined || rest.length > 0) {
    return failure([{ code: 'shape/not-image', args: { shape: formatShape(shape ?? []) }, port: 'in' }]);
  }
  return success([height, width, channels]);
}

/** `[features]`, or the issue that the input is no vector. */
export function expectVector(shape: Shape | undefined): Result<number, readonly InferIssue[]> {
  const [features, ...rest] = shape ?? [];
  if (features === undefined || rest.length > 0) {
    return failure([{ code: 'shape/not-vector', args: { shape: formatShape(shape ?? []) }, port: 'in' }]);
  }
  return success(features);
}

/** Shape after sliding a window, with `filters` channels (or as many as came in). */
export function inferWindowed(
  input: Shape | undefined,
  { window, strides, padding, param }: WindowParams,
  filters?: number,
): Result<Shape, readonly InferIssue[]> {
  const image = expectImage(input);
  if (!image.ok) return image;
  const [height, width, channels] = image.value;
  const size = windowedSize([height, width], window, strides, padding);
  if (size[0] < 1 || size[1] < 1) {
    const args = { window: formatShape(window), input: formatShape([height, width]) };
    return failure([{ code: 'shape/window-too-large', args, param }]);
  }
  return success([...size, filters ?? channels]);
}

/** The input, padded where it must be, and the padding that is left for the kernel to do. */
export interface PaddedInput {
  readonly input: TensorRef;
  readonly padding: 'SAME' | 'VALID';
}

/** `SAME` is the same thing as explicit padding only for stride 1, odd windows and (k - 1) / 2 on every side. */
function equalsSame({ window, strides, padding }: WindowParams): boolean {
  if (typeof padding === 'string') return padding === 'same';
  const [height, width] = window.map((size) => (size - 1) / 2);
  return (
    strides.every((stride) => stride === 1) &&
    padding.top === height &&
    padding.bottom === height &&
    padding.left === width &&
    padding.right === width
  );
}

/**
 * Lowers padding. TensorFlow's own EXPLICIT leaves the fast kernels (2 to 40 times slower), so it is written as SAME
 * where that is equal, else as a Pad before VALID. `value` fills the pad: zero, or the lowest number for a maximum.
 * `countsPadding` is for averages: SAME leaves the padding out of the mean, explicit padding counts it.
 */
export function lowerPadding(
  b: LayerBuilder,
  input: TensorRef,
  params: WindowParams,
  { value = 0, countsPadding = false }: { readonly value?: number; readonly countsPadding?: boolean } = {},
): PaddedInput {
  const { padding } = params;
  if (padding === 'valid') return { input, padding: 'VALID' };
  if (padding === 'same') return { input, padding: 'SAME' };
  if (!countsPadding && equalsSame(params)) return { input, padding: 'SAME' };
  const { top, bottom, left, right } = padding;
  if (top + bottom + left + right === 0) return { input, padding: 'VALID' };
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as const;
  const padded =
    value === 0 ? b.op('Pad', [input], { paddings }) : b.op('PadV2', [input], { paddings, value });
  return { input: padded, padding: 'VALID' };
}

const paddingWord: Text = { en: 'pad', 'zh-CN': '填充' };
const strideWord: Text = { en: 'stride', 'zh-CN': '步幅' };
const dilationWord: Text = { en: 'dilation', 'zh-CN': '膨胀' };

/** `same`, `pad 2`, or `pad 1,2,1,2` (top, bottom, left, right), for a node's summary; nothing for `valid`. */
export function paddingSummary(padding: Padding, locale: Locale): readonly string[] {
  if (padding === 'valid') return [];
  if (padding === 'same') return ['same'];
  const sides = [padding.top, padding.bottom, padding.left, padding.right];
  if (sides.every((side) => side === 0)) return [];
  return [`${paddingWord[locale]} ${sidesSummary(sides)}`];
}

/** `stride 2` or `stride 2×1`; nothing where the window moves as everybody expects. */
export function stridesSummary(
  strides: readonly [number, number],
  expected: readonly [number, number],
  locale: Locale,
): readonly string[] {
  if (sameDims(strides, expected)) return [];
  return [`${strideWord[locale]} ${strides[0] === strides[1] ? strides[0] : strides.join('×')}`];
}

/** `dilation 2` or `dilation 2×1`; nothing where there is none. */
export function dilationSummary(rate: readonly [number, number], locale: Locale): readonly string[] {
  if (sameDims(rate, [1, 1])) return [];
  return [`${dilationWord[locale]} ${rate[0] === rate[1] ? rate[0] : rate.join('×')}`];
}

/** `1`, or `1,2,1,2`: pixels of top, bottom, left and right. */
export function sidesSummary(sides: readonly number[]): string {
  return sides.every((side) => side === sides[0]) ? `${sides[0]}` : sides.join(',');
}
