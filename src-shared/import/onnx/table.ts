/** Which nodes stand for an operator of ONNX, by its name; what is not here has none. */
import { isSameOrder } from '../../export/onnx/layout';
import { elementsPerSample } from '../../ir/shape';
import type { OperatorReader } from './operator';
import { type Pattern, shortest } from './patterns';
import { fileDims, refuse, type Value } from './value';
import { alike, asImage, asVector, pointwise, refuseOrder } from './values';
import {
  batchNormalization,
  broadcast,
  conv,
  convTranspose,
  type Entry,
  gemm,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  matMul,
  prelu,
  weight,
} from './weighted';
import { averagePool, globalPool, maxPool, nearestRows, pad, reduce, resize, slice } from './windows';

const activation =
  (name: string): Entry =>
  (reader) =>
    pointwise(reader, 'Activation', { activation: name }, reader.value());

const leakyRelu: Entry = (reader) => {
  const negativeSlope = shortest(reader.float('alpha', 0.01));
  return pointwise(reader, 'Activation', { activation: 'leakyRelu', negativeSlope }, reader.value());
};

const gelu: Entry = (reader) => {
  reader.onlyText('approximate', 'none');
  return activation('gelu')(reader);
};

const swish: Entry = (reader) => {
  if (reader.float('alpha', 1) !== 1) refuse('alpha', reader.float('alpha', 1));
  return activation('silu')(reader);
};

/** Until opset 13 all behind the axis added up to 1, and the axis was 1 where the file said none. */
const softmax: Entry = (reader) => {
  const input = reader.value();
  const { form, shape } = input;
  const axis = reader.int('axis', reader.opset < 13 ? 1 : -1);
  const rank = form === 'vector' || form === 'channels' ? 2 : 4;
  const at = axis < 0 ? axis + rank : axis;
  const [height, width] = shape ?? [];
  const isJoint = reader.opset < 13 && form === 'image' && (height !== 1 || width !== 1);
  if (at !== (form === 'pixels' ? 3 : 1) || isJoint) refuse('axis', axis);
  return pointwise(reader, 'Softmax', {}, input);
};

/** The rate stood in an attribute before opset 12. */
const dropout: Entry = (reader) => {
  const given = reader.hasInput(1) ? reader.network.numbersOf(reader.node.inputs[1] ?? '')?.[0] : undefined;
  const rate = shortest(given ?? reader.float('ratio', 0.5));
  return pointwise(reader, 'Dropout', { rate }, reader.value());
};

/** The other operand where one is a single number of the file. */
function withNumber(
  reader: OperatorReader,
): { readonly value: Value; readonly constant: number } | undefined {
  const found = [0, 1].map((index) => {
    const floats = reader.network.floatsOf(reader.node.inputs[index] ?? '');
    return floats && floats.values.length === 1 ? floats.values[0] : undefined;
  });
  const [first, second] = found;
  if (second !== undefined) return { value: reader.value(0), constant: second };
  return first === undefined ? undefined : { value: reader.value(1), constant: first };
}

function rescaled(reader: OperatorReader, value: Value, scale: number, offset: number): Value {
  return pointwise(reader, 'Rescaling', { scale: shortest(scale), offset: shortest(offset) }, value);
}

/** A merge of what comes from the network, value by value. */
const merge =
  (type: string): Entry =>
  (reader) => {
    const given = alike(reader, reader.values());
    if (given.length === 1) return given[0] ?? refuseOrder();
    const [{ form, shape } = refuseOrder()] = given;
    const kept = form === 'channels' && shape ? { shape } : {};
    return reader.network.emit({ type, params: {}, inputs: given, form, ...kept });
  };

const add: Entry = (reader) => {
  const found = withNumber(reader);
  return found ? rescaled(reader, found.value, 1, found.constant) : merge('Add')(reader);
};

const multiply: Entry = (reader) => {
  const found = withNumber(reader);
  return found ? rescaled(reader, found.value, found.constant, 0) : merge('Multiply')(reader);
};

/** By a number of the file alone: there are no nodes that subtract or divide. */
const byNumber =
  (scale: (number: number) => number, offset: (number: number) => number): Entry =>
  (reader) => {
    const number = reader.network.floatsOf(reader.node.inputs[1] ?? '');
    const [constant] = number?.values.length === 1 ? number.values : [];
    if (constant === undefined) return refuse('operand', reader.node.inputs[1] ?? '');
    return rescaled(reader, reader.value(), scale(constant), offset(constant));
  };

const concat: Entry = (reader) => {
  const given = reader.values();
  const isVectors = given.every(({ form }) => form === 'vector' || form === 'pooled');
  const isPixels = given.every(({ form }) => form === 'pixels');
  const isPooled = given.every(({ form }) => form === 'pooled');
  const inputs =
    isPixels || isPooled
      ? given
      : given.map((value) => (isVectors ? asVector(value) : asImage(reader, value)));
  const form = isPixels ? 'pixels' : isPooled ? 'pooled' : isVectors ? 'vector' : 'image';
  const axis = reader.int('axis', 1);
  const rank = form === 'vector' ? 2 : 4;
  if ((axis < 0 ? axis + rank : axis) !== (isPixels ? 3 : 1)) refuse('axis', axis);
  return reader.network.emit({ type: 'Concatenate', params: {}, inputs, form });
};

const transpose: Entry = (reader) => {
  const input = reader.value();
  const order = String(reader.ints('perm', []));
  if (input.form === 'image' && order === '0,2,3,1') return { ...input, form: 'pixels' };
  if (input.form === 'pixels' && order === '0,3,1,2') return { ...input, form: 'image' };
  return refuse('perm', order);
};

/** To a vector. An image with channels first that has more than one pixel comes out in their order. */
function flattened(reader: OperatorReader, type: 'Flatten' | 'Reshape', input: Value): Value {
  const { form, shape } = input;
  if (form === 'pooled') return { ...input, form: 'vector' };
  if (shape === undefined || form === 'channels') return refuseOrder();
  const isTurned = form === 'image' && !isSameOrder(shape);
  const params = type === 'Reshape' && !isTurned ? { targetShape: [elementsPerSample(shape)] } : {};
  return reader.network.emit({
    ...{ type: isTurned ? 'Flatten' : type, params, inputs: [input] },
    ...(isTurned ? { form: 'channels', shape } : { form: 'vector' }),
  });
}

const flatten: Entry = (reader) => {
  reader.only('axis', 1);
  const input = reader.value();
  return input.form === 'channels' ? input : flattened(reader, 'Flatten', input);
};

/** Sizes of one sample that the file asks for; 0 stands for the size that there is, -1 for what is left. */
function targetOf(reader: OperatorReader, input: Value): readonly number[] {
  const given = reader.numbers(1, 'shape') ?? [];
  const dims = fileDims(input);
  if (dims === undefined) return refuse('shape', String(given));
  const count = elementsPerSample(dims);
  const sizes = given.map((size, axis) =>
    size === 0 && reader.int('allowzero', 0) === 0 ? (dims[axis] ?? 0) : size,
  );
  const [batch, ...rest] = sizes;
  const known = rest.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const filled = rest.map((size) => (size === -1 ? count / known : size));
  const isBatch = batch === -1 || batch === reader.network.batch;
  if (!isBatch || elementsPerSample(filled) !== count) return refuse('shape', String(given));
  return filled;
}

const reshape: Entry = (reader) => {
  const input = reader.value();
  const target = targetOf(reader, input);
  const dims = fileDims(input)?.slice(1) ?? [];
  if (String(target) === String(dims)) return input;
  if (target.length === 1) return input.form === 'channels' ? input : flattened(reader, 'Reshape', input);
  const [first = 1, second = 1, third = 1, ...others] = target;
  if (target.length !== 3 || others.length > 0) return refuse('shape', String(target));
  const isRow = input.form === 'vector' || input.form === 'pooled' || input.form === 'pixels';
  if (!isRow && !(input.form === 'image' && input.shape && isSameOrder(input.shape))) return refuseOrder();
  const image = [second, third, first];
  const isImage = isSameOrder(image);
  const params = { targetShape: isImage ? image : target };
  return reader.network.emit({
    type: 'Reshape',
    params,
    inputs: [input],
    form: isImage ? 'image' : 'pixels',
  });
};

const spatialAxes = (axes: readonly number[]): string =>
  String(axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort((a, b) => a - b));

/** Only the axes of a pooled image. */
const squeeze: Entry = (reader) => {
  const input = reader.value();
  const axes = reader.numbers(1, 'axes');
  const isPooled = input.form === 'pooled' && (axes === undefined || spatialAxes(axes) === '2,3');
  return isPooled ? { ...input, form: 'vector' } : refuse('axes', String(axes ?? []));
};

const unsqueeze: Entry = (reader) => {
  const input = reader.value();
  const axes = reader.numbers(1, 'axes') ?? [];
  const isVector = input.form === 'vector' && spatialAxes(axes) === '2,3';
  return isVector ? { ...input, form: 'pooled' } : refuse('axes', String(axes));
};

const nothing: Entry = (reader) => reader.value();

const cast: Entry = (reader) => {
  reader.only('to', 1);
  return reader.value();
};

/** By operator. Constants and what computes with sizes are no entries: the network works them out. */
export const onnxImportTable: Readonly<Record<string, Entry | undefined>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  MatMul: matMul,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalPool('GlobalAveragePooling2D'),
  GlobalMaxPool: globalPool('GlobalMaxPooling2D'),
  ReduceMean: reduce('GlobalAveragePooling2D'),
  ReduceMax: reduce('GlobalMaxPooling2D'),
  Relu: activation('relu'),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  LeakyRelu: leakyRelu,
  Gelu: gelu,
  Swish: swish,
  PRelu: prelu,
  Softmax: softmax,
  Dropout: dropout,
  Add: add,
  Sum: merge('Add'),
  Mul: multiply,
  Mean: merge('Average'),
  Max: merge('Maximum'),
  Sub: byNumber(
    () => 1,
    (number) => -number,
  ),
  Div: byNumber(
    (number) => 1 / number,
    () => 0,
  ),
  Concat: concat,
  Transpose: transpose,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Pad: pad,
  Slice: slice,
  Resize: resize,
  Upsample: resize,
  Identity: nothing,
  Cast: cast,
};

/** What stands for several operators. */
export function patternValue(
  reader: OperatorReader,
  { kind, input, params, weights }: Pattern,
  value: Value,
): Value {
  const { network } = reader;
  if (kind === 'activation') return pointwise(reader, 'Activation', { ...textParams(params) }, value);
  if (kind === 'rescaling') return rescaled(reader, value, Number(params['scale']), Number(params['offset']));
  if (kind === 'nearest') {
    return nearestRows(reader, value, numbersIn(params['down']), numbersIn(params['across']));
  }
  const channels = value.shape?.at(-1);
  const [gamma, beta] = (weights ?? ['', '']).map((name) => network.floatsOf(name));
  if (channels === undefined || !gamma || !beta || value.form === 'channels') return refuse('scale', input);
  const pair = [weight('gamma', broadcast(gamma, channels)), weight('beta', broadcast(beta, channels))];
  const type = kind === 'groups' ? 'GroupNormalization' : 'LayerNormalization';
  return network.emit({ type, params, inputs: [value], weights: pair, form: value.form });
}

function textParams(params: Pattern['params']): Readonly<Record<string, string>> {
  return { activation: String(params['activation']) };
}

function numbersIn(value: Pattern['params'][string] | undefined): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
