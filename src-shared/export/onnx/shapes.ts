/** Layers that move values about: other sizes, edges, and images of other sizes. */
import type { Shape } from '../../ir/types';
import resizing from '../../nodes/input-output/resizing';
import cropping2d from '../../nodes/shape/cropping2d';
import upSampling2d from '../../nodes/shape/up-sampling2d';
import zeroPadding2d from '../../nodes/shape/zero-padding2d';
import { required } from '../../util/assert';
import { paramsAs } from '../model';
import { channelsFirst, isSameOrder, toChannelsFirst, toChannelsLast } from './layout';
import { imagePads } from './pooling';
import { type Constant, int, ints, list, type LayerWriter, text, type WriteLayer } from './writer';

/** Pixel by pixel, as the network means it; `network.ts` writes the other order where dense layers follow. */
export const writeFlatten: WriteLayer = (writer) =>
  writer.op('Flatten', [inPixelOrder(writer)], { axis: int(1) });

/** Channel by channel, as the image lies in memory. */
export const writeChannelsFirstFlatten: WriteLayer = (writer) =>
  writer.op('Flatten', [writer.input], { axis: int(1) });

/** The image with its channels last, where that makes a difference. */
function inPixelOrder(writer: LayerWriter): string {
  if (isSameOrder(writer.inputShape)) return writer.input;
  return writer.op('Transpose', [writer.input], { perm: ints(toChannelsLast) }, 'channels_last');
}

export const writeReshape: WriteLayer = (writer) => {
  const { outputShape } = writer.layer;
  const source = inPixelOrder(writer);
  // 0 keeps the batch.
  const to = (shape: Shape): Constant => list('shape', [0, ...shape]);
  if (isSameOrder(outputShape)) return writer.op('Reshape', [source, to(channelsFirst(outputShape))]);
  const shaped = writer.op('Reshape', [source, to(outputShape)], {}, 'reshape');
  return writer.op('Transpose', [shaped], { perm: ints(toChannelsFirst) });
};

export const writeCropping: WriteLayer = (writer) => {
  const [top, bottom, left, right] = paramsAs(cropping2d, writer.layer).cropping;
  const [height = 0, width = 0] = writer.inputShape;
  return writer.op('Slice', [
    writer.input,
    list('starts', [top, left]),
    list('ends', [height - bottom, width - right]),
    list('axes', [2, 3]),
  ]);
};

export const writeZeroPadding: WriteLayer = (writer) => {
  const [top, bottom, left, right] = paramsAs(zeroPadding2d, writer.layer).padding;
  return writer.op('Pad', [writer.input, imagePads([top, left, bottom, right])]);
};

/** Pixel centres lie at halves; half a pixel goes up, as TensorFlow rounds. */
function resizeAttributes(interpolation: 'nearest' | 'bilinear') {
  const modes =
    interpolation === 'nearest'
      ? { mode: text('nearest'), nearest_mode: text('round_prefer_ceil') }
      : { mode: text('linear') };
  return { coordinate_transformation_mode: text('half_pixel'), ...modes };
}

const empty = (as: string): Constant => ({ as, dims: [0], values: new Float32Array(0) });

/** A region of interest, which opset 13 made optional. */
const noRegion = ({ opset }: LayerWriter): string | Constant => (opset < 13 ? empty('region') : '');

export const writeUpSampling: WriteLayer = (writer) => {
  const { size, interpolation } = paramsAs(upSampling2d, writer.layer);
  const scales: Constant = { as: 'scales', dims: [4], values: Float32Array.of(1, 1, ...size) };
  return writer.op('Resize', [writer.input, noRegion(writer), scales], resizeAttributes(interpolation));
};

export const writeResizing: WriteLayer = (writer) => {
  const { height, width, interpolation } = paramsAs(resizing, writer.layer);
  const [rows = 1, columns = 1] = writer.inputShape;
  const isExact = roundsAlike(rows, height) && roundsAlike(columns, width);
  if (interpolation === 'nearest' && !isExact) return gathered(writer, [height, width]);
  const attributes = resizeAttributes(interpolation);
  if (writer.opset >= 18) {
    const operands = [writer.input, '', '', list('sizes', [height, width])];
    return writer.op('Resize', operands, { ...attributes, axes: ints([2, 3]) });
  }
  // All axes must be named, and the batch is known only in a run.
  const noScales = writer.opset < 13 ? empty('scales') : '';
  const shape = writer.op('Shape', [writer.input], {}, 'shape');
  const kept = writer.op('Slice', [shape, list('starts', [0]), list('ends', [2])], {}, 'kept');
  const sizes = writer.op('Concat', [kept, list('image', [height, width])], { axis: int(0) }, 'sizes');
  return writer.op('Resize', [writer.input, noRegion(writer), noScales, sizes], attributes);
};

/** The pixel that TensorFlow takes: floor((i + 0.5) * size / count), in float32. */
export function nearestPixels(size: number, count: number): readonly number[] {
  const scale = Math.fround(size / count);
  return Array.from({ length: count }, (_, index) =>
    Math.min(Math.floor(Math.fround((index + 0.5) * scale)), size - 1),
  );
}

/** Whether runtimes, which divide by count / size and round, come to the same pixels: not where halves meet rounding. */
function roundsAlike(size: number, count: number): boolean {
  const scale = Math.fround(count / size);
  return nearestPixels(size, count).every((pixel, index) => {
    const at = Math.fround(Math.fround((index + 0.5) / scale) - 0.5);
    return Math.min(Math.max(Math.round(at), 0), size - 1) === pixel;
  });
}

/** Rows and columns taken one by one. */
function gathered(writer: LayerWriter, [height, width]: readonly [number, number]): string {
  const [rows, columns] = writer.inputShape;
  const take = (x: string, size: number | undefined, count: number, axis: number, suffix = ''): string => {
    const pixels = list('pixels', nearestPixels(required(size, 'a size'), count));
    return writer.op('Gather', [x, pixels], { axis: int(axis) }, suffix);
  };
  return take(take(writer.input, rows, height, 2, 'rows'), columns, width, 3);
}
