/** Padding in PyTorch: an argument where both sides are equal and it is allowed, else a module before the layer. */
import { type Padding, paddingAlong } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import { named, positional, type Stage } from './translation';

type Pair = readonly [number, number];

export interface Windows {
  readonly input: Shape;
  /** Dilation included. */
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** Pixels on each side of an image. */
export interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface LayerPadding {
  /** For the layer itself, `[height, width]`. */
  readonly padding: Pair;
  /** What has to stand before it. */
  readonly before: readonly Stage[];
}

export function sidesOf({ input, window, strides, padding }: Windows): Sides {
  const [top, bottom] = paddingAlong(input[0] ?? 1, window[0], strides[0], padding, 'height');
  const [left, right] = paddingAlong(input[1] ?? 1, window[1], strides[1], padding, 'width');
  return { top, bottom, left, right };
}

/** For convolutions, which pad with zeros as far as one likes. */
export function zeroPadded(windows: Windows): LayerPadding {
  const sides = sidesOf(windows);
  if (isEven(sides)) return { padding: [sides.top, sides.left], before: [] };
  return { padding: [0, 0], before: [zeroPad(sides, 'pad')] };
}

/** For poolings, which take no more than half of the window. */
export function poolPadded(windows: Windows, pad: (sides: Sides) => Stage): LayerPadding {
  const sides = sidesOf(windows);
  const fits = sides.top <= windows.window[0] / 2 && sides.left <= windows.window[1] / 2;
  if (isEven(sides) && fits) return { padding: [sides.top, sides.left], before: [] };
  return { padding: [0, 0], before: [pad(sides)] };
}

export function isEven({ top, bottom, left, right }: Sides): boolean {
  return top === bottom && left === right;
}

/** Negative numbers take pixels off. */
export function zeroPad(sides: Sides, suffix?: string): Stage {
  const args = [positional('padding', padOrder(sides))];
  return { call: { callee: 'nn.ZeroPad2d', args }, ...(suffix !== undefined && { suffix }) };
}

/** Never the largest of a window. */
export function lowestPad(sides: Sides): Stage {
  const args = [positional('padding', padOrder(sides)), named('value', -Infinity)];
  return { call: { callee: 'nn.ConstantPad2d', args }, suffix: 'pad' };
}

/** The order of `torch.nn.functional.pad`: the last axis first. */
export function padOrder({ top, bottom, left, right }: Sides): readonly number[] {
  return [left, right, top, bottom];
}
