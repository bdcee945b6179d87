/** Operators with weights: convolutions, dense layers, normalisations, slopes. */
import { transposedPadding } from '../../export/onnx/convolutions';
import { reshaped, transposed } from '../../export/onnx/layout';
import { dilatedWindow, elementsPerSample } from '../../ir/shape';
import { required } from '../../util/assert';
import type { JsonObject } from '../../util/json';
import type { ImportedWeight } from '../format';
import type { Floats } from './constants';
import type { OperatorReader } from './operator';
import { paddingOf, type Sides, sidesOf, typed } from './padding';
import { shortest } from './patterns';
import { refuse, Unsupported, type Value } from './value';
import { asImage, asVector, refuseOrder } from './values';

/** What stands for an operator: gives the value that it gives. */
export type Entry = (reader: OperatorReader) => Value;

type Pair = readonly [number, number];

export const weight = (role: string, { dims, values }: Floats): ImportedWeight => ({ role, dims, values });

const one: Pair = [1, 1];

/** Its axes, of which it must have so many. */
function dimsOf({ dims }: Floats, count: number): readonly number[] {
  if (dims.length === count) return dims;
  throw new Unsupported({ code: 'import/weights-misfit', args: { found: dims.length, expected: count } });
}

function biasOf(reader: OperatorReader): readonly ImportedWeight[] {
  const bias = reader.bias();
  return bias === undefined ? [] : [weight('bias', reshaped(bias, [bias.values.length]))];
}

/** The default is true. */
const useBias = (bias: readonly ImportedWeight[]): JsonObject => (bias.length > 0 ? {} : { useBias: false });

export const conv: Entry = (reader) => {
  const kernel = reader.weight(1);
  const [filters = 1, depth = 1, height = 1, width = 1] = dimsOf(kernel, 4);
  const input = asImage(reader, reader.value());
  const groups = reader.int('group', 1);
  const kernelSize: Pair = [height, width];
  const strides = reader.pair('strides', one);
  const dilationRate = reader.pair('dilations', one);
  const window = { shape: input.shape, window: dilatedWindow(kernelSize, dilationRate), strides };
  const padding = paddingOf(sidesOf(reader, window), window);
  const bias = biasOf(reader);
  const sliding = { kernelSize, strides, padding, dilationRate, ...useBias(bias) };
  const emit = (type: string, params: JsonObject, turned: Floats) =>
    reader.network.emit({
      type,
      params,
      inputs: [input],
      weights: [weight('kernel', turned), ...bias],
      form: 'image',
    });
  if (groups > 1 && depth === 1 && input.shape?.[2] === groups && filters % groups === 0) {
    const depthMultiplier = filters / groups;
    const each = reshaped(kernel, [groups, depthMultiplier, height, width]);
    return emit('DepthwiseConv2D', { ...sliding, depthMultiplier }, transposed(each, [2, 3, 0, 1]));
  }
  return emit('Conv2D', { filters, ...sliding, groups }, transposed(kernel, [2, 3, 1, 0]));
};

export const convTranspose: Entry = (reader) => {
  const kernel = reader.weight(1);
  const [, filters = 1, height = 1, width = 1] = dimsOf(kernel, 4);
  const input = asImage(reader, reader.value());
  reader.only('group', 1);
  if (reader.has('output_shape')) refuse('output_shape', String(reader.ints('output_shape', [])));
  reader.onlyText('auto_pad', 'NOTSET', 'VALID');
  if (reader.ints('dilations', one).some((rate) => rate !== 1))
    refuse('dilations', String(reader.ints('dilations', [])));
  const kernelSize: Pair = [height, width];
  const strides = reader.pair('strides', one);
  const more = reader.pair('output_padding', [0, 0]);
  const sides = sidesOf(reader, { shape: input.shape, window: kernelSize, strides });
  const bias = biasOf(reader);
  const padding = transposedWord(kernelSize, strides, sides, more);
  return reader.network.emit({
    type: 'Conv2DTranspose',
    params: { filters, kernelSize, strides, padding, ...useBias(bias) },
    inputs: [input],
    weights: [weight('kernel', transposed(kernel, [2, 3, 1, 0])), ...bias],
    form: 'image',
  });
};

/** `same` and `valid` where they are that; else what is taken off per side, less what is added behind. */
function transposedWord(kernelSize: Pair, strides: Pair, sides: Sides, more: Pair) {
  for (const word of ['same', 'valid'] as const) {
    const isWord = ([sides.rows, sides.columns] as const).every(([before, after], axis) => {
      const [window = 1, stride = 1] = [kernelSize[axis], strides[axis]];
      const expected = transposedPadding(window, stride, word, axis === 0 ? 'height' : 'width');
      return before === expected.before && after === expected.after && more[axis] === expected.more;
    });
    if (isWord) return word;
  }
  const rows: Pair = [sides.rows[0], sides.rows[1] - more[0]];
  const columns: Pair = [sides.columns[0], sides.columns[1] - more[1]];
  if (rows[1] < 0 || columns[1] < 0) return refuse('output_padding', String(more));
  return typed({ rows, columns });
}

/** `[in, out]` times a factor, its rows in the order of pixels. */
function denseKernel(kernel: Floats, { form, shape }: Value, factor: number): Floats {
  const values = factor === 1 ? kernel.values : kernel.values.map((value) => value * factor);
  if (form !== 'channels') return { dims: kernel.dims, values };
  const [height = 1, width = 1, channels = 1] = required(shape, 'the image of a flattened value');
  const [rows = 0, units = 0] = kernel.dims;
  if (height * width * channels !== rows) return refuseOrder();
  const split = reshaped({ dims: kernel.dims, values }, [channels, height, width, units]);
  return reshaped(transposed(split, [1, 2, 0, 3]), kernel.dims);
}

function dense(reader: OperatorReader, kernel: Floats, bias: Floats | undefined, factor = 1): Value {
  const given = reader.value();
  const input = given.form === 'channels' ? given : asVector(given);
  const [, units = 1] = dimsOf(kernel, 2);
  const added = bias && broadcast(bias, units);
  return reader.network.emit({
    type: 'Dense',
    params: { units, ...(added ? {} : { useBias: false }) },
    inputs: [input],
    weights: [
      weight('kernel', denseKernel(kernel, input, factor)),
      ...(added ? [weight('bias', added)] : []),
    ],
    form: 'vector',
  });
}

/** One value for each, or the same for all. */
export function broadcast({ values }: Floats, count: number): Floats {
  if (values.length === count) return { dims: [count], values };
  if (values.length === 1) return { dims: [count], values: new Float32Array(count).fill(values[0] ?? 0) };
  throw new Unsupported({ code: 'import/weights-misfit', args: { found: values.length, expected: count } });
}

export const gemm: Entry = (reader) => {
  reader.only('transA', 0);
  const given = reader.weight(1);
  const kernel =
    reader.int('transB', 0) === 1 ? transposed(reshaped(given, dimsOf(given, 2)), [1, 0]) : given;
  const beta = reader.float('beta', 1);
  const bias = reader.bias();
  const scaled = bias && { dims: bias.dims, values: bias.values.map((value) => value * beta) };
  return dense(reader, kernel, scaled, reader.float('alpha', 1));
};

export const matMul: Entry = (reader) => dense(reader, reader.weight(1), reader.bias());

/** One value per channel of an image or feature of a vector, as the form has them. */
function perChannel(floats: Floats, { form, shape }: Value): Floats {
  const flat = reshaped(floats, [floats.values.length]);
  if (form !== 'channels' || shape === undefined) return flat;
  const [height = 1, width = 1, channels = 1] = shape;
  return reshaped(transposed(reshaped(floats, [channels, height, width]), [1, 2, 0]), flat.dims);
}

export const batchNormalization: Entry = (reader) => {
  reader.only('training_mode', 0);
  reader.only('spatial', 1);
  const input = reader.value();
  if (input.form === 'pixels') return refuseOrder();
  const { form, shape } = input;
  const roles = ['gamma', 'beta', 'moving_mean', 'moving_variance'];
  const weights = roles.map((role, index) => weight(role, perChannel(reader.weight(index + 1), input)));
  const params = {
    epsilon: shortest(reader.float('epsilon', 1e-5)),
    momentum: shortest(reader.float('momentum', 0.9)),
  };
  const kept = form === 'channels' && shape ? { shape } : {};
  return reader.network.emit({ type: 'BatchNormalization', params, inputs: [input], weights, form, ...kept });
};

/** Gamma and beta, of which the second may be missing. */
function scaleAndShift(reader: OperatorReader, count: number): readonly ImportedWeight[] {
  const gamma = broadcast(reader.weight(1), count);
  const beta = reader.optionalWeight(2);
  if (beta === undefined) reader.notes.push({ code: 'import/constant-weight', args: { weight: 'beta' } });
  const shift = beta ? broadcast(beta, count) : { dims: [count], values: new Float32Array(count) };
  return [weight('gamma', gamma), weight('beta', shift)];
}

export const layerNormalization: Entry = (reader) => {
  const input = reader.value();
  const { form, shape } = input;
  const axis = reader.int('axis', -1);
  const last = form === 'pixels' ? 3 : 1;
  if ((form !== 'pixels' && form !== 'vector') || shape === undefined) return refuse('axis', axis);
  if (axis !== -1 && axis !== last) refuse('axis', axis);
  const weights = scaleAndShift(reader, shape.at(-1) ?? 1);
  const params = { epsilon: shortest(reader.float('epsilon', 1e-5)) };
  return reader.network.emit({ type: 'LayerNormalization', params, inputs: [input], weights, form });
};

/** Before opset 21 with one value for each group, which serves all of its channels. */
export const groupNormalization: Entry = (reader) => {
  const input = asImage(reader, reader.value());
  const groups = reader.int('num_groups', 0);
  const channels = input.shape?.at(-1) ?? 0;
  if (groups < 1 || channels % groups !== 0) return refuse('num_groups', groups);
  const spread = (floats: Floats): Floats =>
    reader.opset < 21 && floats.values.length === groups
      ? {
          dims: [channels],
          values: Float32Array.from(
            { length: channels },
            (_, i) => floats.values[Math.floor((i * groups) / channels)] ?? 0,
          ),
        }
      : broadcast(floats, channels);
  const weights = [weight('gamma', spread(reader.weight(1))), weight('beta', spread(reader.weight(2)))];
  const params = { groups, epsilon: shortest(reader.float('epsilon', 1e-5)) };
  return reader.network.emit({ type: 'GroupNormalization', params, inputs: [input], weights, form: 'image' });
};

/** Every channel by itself: as many groups as channels. */
export const instanceNormalization: Entry = (reader) => {
  const input = asImage(reader, reader.value());
  const groups = input.shape?.at(-1) ?? reader.weight(1).values.length;
  const params = { groups, epsilon: shortest(reader.float('epsilon', 1e-5)) };
  const weights = scaleAndShift(reader, groups);
  return reader.network.emit({ type: 'GroupNormalization', params, inputs: [input], weights, form: 'image' });
};

export const prelu: Entry = (reader) => {
  const input = reader.value();
  const slope = reader.weight(1);
  const { form, shape = [] } = input;
  const emit = (sharedAxes: string, alpha: Floats): Value =>
    reader.network.emit({
      ...{ type: 'PReLU', params: { sharedAxes }, inputs: [input], form },
      weights: [weight('alpha', alpha)],
    });
  const count = slope.values.length;
  if (form === 'vector') return emit('heightAndWidth', broadcast(slope, shape[0] ?? count));
  if (form !== 'image') return refuseOrder();
  const channels = shape[2] ?? count;
  if (count === 1 || (slope.dims.at(-1) === 1 && slope.dims.at(-2) === 1 && count === channels)) {
    return emit('heightAndWidth', reshaped(broadcast(slope, channels), [1, 1, channels]));
  }
  if (count !== elementsPerSample(shape)) return refuse('slope', String(slope.dims));
  const [height = 1, width = 1] = shape;
  return emit('none', transposed(reshaped(slope, [channels, height, width]), [1, 2, 0]));
};
