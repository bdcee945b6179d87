/** Layers that treat every value alike: activations, merges, and what is left of regularisation at inference. */
import activation from '../../nodes/activation/activation';
import rescaling from '../../nodes/input-output/rescaling';
import dropout from '../../nodes/regularization/dropout';
import { paramsAs } from '../model';
import { perChannel, toChannelsFirst, toChannelsLast, transposed } from './layout';
import { float, int, ints, type LayerWriter, scalar, type WriteLayer } from './writer';

const writeSilu: WriteLayer = (writer) =>
  writer.op('Mul', [writer.input, writer.op('Sigmoid', [writer.input], {}, 'sigmoid')]);

/** x * (1 + erf(x / sqrt 2)) / 2, which opset 20 has as one operator. */
const writeGelu: WriteLayer = (writer) => {
  if (writer.opset >= 20) return writer.op('Gelu', [writer.input]);
  const scaled = writer.op('Mul', [writer.input, scalar('factor', Math.SQRT1_2)], {}, 'scaled');
  const erf = writer.op('Erf', [scaled], {}, 'erf');
  const shifted = writer.op('Add', [erf, scalar('one', 1)], {}, 'shifted');
  const half = writer.op('Mul', [writer.input, scalar('factor', 0.5)], {}, 'half');
  return writer.op('Mul', [half, shifted]);
};

export const writeActivation: WriteLayer = (writer) => {
  const { activation: name, negativeSlope } = paramsAs(activation, writer.layer);
  if (name === 'silu') return writeSilu(writer);
  if (name === 'gelu') return writeGelu(writer);
  if (name === 'leakyRelu') return writer.op('LeakyRelu', [writer.input], { alpha: float(negativeSlope) });
  const op = { relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh' }[name];
  return writer.op(op, [writer.input]);
};

/** One slope per channel, or per value: [height, width, channels] turned like the image. */
export const writePRelu: WriteLayer = (writer) => {
  const alpha = writer.weight('alpha');
  const isImage = alpha.dims.length === 3;
  const isShared = isImage && alpha.dims[0] === 1 && alpha.dims[1] === 1;
  const slope = isShared
    ? perChannel(alpha, writer.inputShape)
    : isImage
      ? transposed(alpha, [2, 0, 1])
      : alpha;
  return writer.op('PRelu', [writer.input, { as: 'alpha', ...slope }]);
};

/** Before opset 13 the axis split the tensor in two, and all behind it added up to 1. */
export const writeSoftmax: WriteLayer = (writer) => {
  if (writer.inputShape.length !== 3) return writer.op('Softmax', [writer.input], { axis: int(1) });
  if (writer.opset >= 13) return writer.op('Softmax', [writer.input], { axis: int(1) });
  const last = writer.op('Transpose', [writer.input], { perm: ints(toChannelsLast) }, 'channels_last');
  const softmax = writer.op('Softmax', [last], { axis: int(3) }, 'softmax');
  return writer.op('Transpose', [softmax], { perm: ints(toChannelsFirst) });
};

/** Nothing at inference; it stays in the graph for those who train on. */
export const writeDropout: WriteLayer = (writer) => {
  const { rate } = paramsAs(dropout, writer.layer);
  if (writer.opset < 12) return writer.op('Dropout', [writer.input], { ratio: float(rate) });
  return writer.op('Dropout', [writer.input, scalar('ratio', rate)]);
};

export const writeRescaling: WriteLayer = (writer) => {
  const { scale, offset } = paramsAs(rescaling, writer.layer);
  const scaled = writer.op('Mul', [writer.input, scalar('scale', scale)], {}, 'scaled');
  return writer.op('Add', [scaled, scalar('offset', offset)]);
};

/** Two by one operator, more by another. */
export const writeAdd: WriteLayer = (writer) =>
  writer.op(writer.inputs.length === 2 ? 'Add' : 'Sum', writer.inputs);

export const writeMany =
  (op: 'Mean' | 'Max'): WriteLayer =>
  (writer) =>
    writer.op(op, writer.inputs);

export const writeMultiply: WriteLayer = (writer) => {
  const [first = '', ...others] = writer.inputs;
  const last = others.length - 1;
  return others.reduce(
    (product, input, index) => writer.op('Mul', [product, input], {}, index === last ? '' : 'product'),
    first,
  );
};

/** Along the channels, which are the first axis behind the batch. */
export const writeConcatenate: WriteLayer = (writer) => writer.op('Concat', writer.inputs, { axis: int(1) });

/** No operator of its own: the value goes on as it is. */
export const writeNothing: WriteLayer = (writer: LayerWriter) => writer.input;
