/** What residual blocks share: the shortcut, and the sum with ReLU behind it. */
import { sameDims, windowedSize } from '../ir/shape';
import type { Shape } from '../ir/types';
import { BLOCK_INPUT, type BlockSketch, relu } from './block-sketch';

export interface ShortcutParams {
  /** Channels of the block's output. */
  readonly filters: number;
  readonly strides: readonly [number, number];
}

/**
 * Adds the block's input to `main` and applies ReLU. Where the block changes channels or size, the input goes through a
 * 1×1 convolution first. Returns the output.
 */
export function closeResidual(
  sketch: BlockSketch,
  main: string,
  input: Shape | undefined,
  { filters, strides }: ShortcutParams,
): string {
  const [height = 0, width = 0, channels] = input ?? [];
  const isSame =
    channels === filters &&
    sameDims(windowedSize([height, width], [1, 1], strides, 'valid'), [height, width]);
  const params = { filters, kernelSize: [1, 1], strides };
  const shortcut = isSame ? BLOCK_INPUT : sketch.layer('shortcut', 'Conv2D', params, BLOCK_INPUT, 1);
  const sum = sketch.join('add', 'Add', [main, shortcut]);
  return sketch.layer('relu', 'Activation', relu, sum);
}
