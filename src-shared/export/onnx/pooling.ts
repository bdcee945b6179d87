/** Poolings: padding never wins a maximum, and counts in a mean only where it was typed per side. */
import { windowCount } from '../../ir/shape';
import averagePooling2d from '../../nodes/pooling/average-pooling2d';
import maxPooling2d from '../../nodes/pooling/max-pooling2d';
import { required } from '../../util/assert';
import { paramsAs } from '../model';
import { padsOf, sidesOf } from './convolutions';
import { int, ints, list, type LayerWriter, type WriteLayer } from './writer';

type Pair = readonly [number, number];

interface Pooling {
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Parameters<typeof sidesOf>[3];
}

/** Padding that no window reaches is left out: runtimes refuse padding as wide as the window. */
function sidesReached({ inputShape }: LayerWriter, { poolSize, strides, padding }: Pooling) {
  const { rows, columns } = sidesOf(inputShape, poolSize, strides, padding);
  const reached = ([before, after]: Pair, axis: 0 | 1): Pair => {
    const size = required(inputShape[axis], 'a size');
    const last = (windowCount(size, poolSize[axis], strides[axis], before + after) - 1) * strides[axis];
    return [before, Math.min(after, Math.max(last + poolSize[axis] - size - before, 0))];
  };
  return { rows: reached(rows, 0), columns: reached(columns, 1) };
}

const windowAttributes = ({ poolSize, strides }: Pooling, pads: readonly number[]) => ({
  kernel_shape: ints(poolSize),
  strides: ints(strides),
  pads: ints(pads),
});

export const writeMaxPooling: WriteLayer = (writer) => {
  const params = paramsAs(maxPooling2d, writer.layer);
  const pads = padsOf(sidesReached(writer, params));
  return writer.op('MaxPool', [writer.input], windowAttributes(params, pads));
};

export const writeAveragePooling: WriteLayer = (writer) => {
  const params = paramsAs(averagePooling2d, writer.layer);
  const { rows, columns } = sidesReached(writer, params);
  const counts = { count_include_pad: int(typeof params.padding === 'string' ? 0 : 1) };
  const isWide = Math.max(...rows) >= params.poolSize[0] || Math.max(...columns) >= params.poolSize[1];
  const pads = padsOf({ rows, columns });
  if (!isWide) {
    return writer.op('AveragePool', [writer.input], { ...windowAttributes(params, pads), ...counts });
  }
  const padded = writer.op('Pad', [writer.input, imagePads(pads)], {}, 'pad');
  return writer.op('AveragePool', [padded], {
    ...windowAttributes(params, [0, 0, 0, 0]),
    count_include_pad: int(0),
  });
};

/** Rows and columns of an image as `Pad` takes them: for every axis. */
export function imagePads([top = 0, left = 0, bottom = 0, right = 0]: readonly number[]) {
  return list('pads', [0, 0, top, left, 0, 0, bottom, right]);
}

/** One value per channel: `[n, channels, 1, 1]`, and the same without the axes of the image. */
export const writeGlobal =
  (op: 'GlobalAveragePool' | 'GlobalMaxPool'): WriteLayer =>
  (writer) =>
    // The pooling bears the name: that is how it is known to people.
    writer.op('Flatten', [writer.op(op, [writer.input])], { axis: int(1) }, 'flatten');
