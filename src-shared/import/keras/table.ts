/** Which nodes stand for a Keras layer, by its class; what is not here has none. */
import type { JsonObject } from '../../util/json';
import type { ConfigReader } from './config-reader';
import { activationChain, type Chain, kernelParams } from './translation';

type Entry = (reader: ConfigReader) => Chain;

function channelsLast(reader: ConfigReader): void {
  reader.only('data_format', 'channels_last');
}

function sliding(reader: ConfigReader): JsonObject {
  channelsLast(reader);
  reader.only('padding', 'same', 'valid');
  return {
    kernelSize: reader.pair('kernel_size'),
    strides: reader.pair('strides', [1, 1]),
    padding: reader.text('padding', 'valid'),
  };
}

/** A layer with kernels, and the activation that it ends in. */
function withKernel(
  reader: ConfigReader,
  type: string,
  params: JsonObject,
  kernels = ['kernel'],
  prefix = 'kernel',
): Chain {
  const useBias = reader.boolean('use_bias', true);
  const own = { ...params, ...kernelParams(reader, prefix), ...(useBias ? {} : { useBias }) };
  const roles = useBias ? [...kernels, 'bias'] : kernels;
  return [{ type, params: own, roles }, ...activationChain(reader, 'activation', true)];
}

const dilation = (reader: ConfigReader): JsonObject => ({
  dilationRate: reader.pair('dilation_rate', [1, 1]),
});
const multiplier = (reader: ConfigReader): JsonObject => ({
  depthMultiplier: reader.number('depth_multiplier', 1),
});

const pooling =
  (type: string): Entry =>
  (reader) => {
    channelsLast(reader);
    reader.only('padding', 'same', 'valid');
    const poolSize = reader.pair('pool_size', [2, 2]);
    const strides = reader.pair('strides', poolSize);
    return [{ type, params: { poolSize, strides, padding: reader.text('padding', 'valid') } }];
  };

const globalPooling =
  (type: string): Entry =>
  (reader) => {
    channelsLast(reader);
    const pooled = { type, params: {} };
    if (!reader.boolean('keepdims', false)) return [pooled];
    return [pooled, { type: 'Reshape', params: { targetShape: [1, 1, -1] }, suffix: 'reshape' }];
  };

/** A layer that shares one value with a node of the same class, or none. */
const plain =
  (type: string, params: (reader: ConfigReader) => JsonObject = () => ({})): Entry =>
  (reader) => [{ type, params: params(reader) }];

const activation = (name: string, extra: JsonObject = {}): Chain => [
  { type: 'Activation', params: { activation: name, ...extra } },
];

const leaky: Entry = (reader) => {
  const slope =
    reader.get('negative_slope') === undefined
      ? reader.number('alpha', 0.3)
      : reader.number('negative_slope');
  return activation('leakyRelu', { negativeSlope: slope });
};

const relu: Entry = (reader) => {
  reader.only('max_value');
  reader.only('threshold', 0);
  const slope = reader.number('negative_slope', 0);
  return slope === 0 ? activation('relu') : activation('leakyRelu', { negativeSlope: slope });
};

/** Gamma or beta that Keras left out, as what changes nothing. */
function normalization(
  reader: ConfigReader,
  type: string,
  params: JsonObject,
  like: string,
  more: readonly string[] = [],
): Chain {
  const [scale, center] = [reader.boolean('scale', true), reader.boolean('center', true)];
  const present = [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : []), ...more];
  // Without any of its own, the channels are not known from the file.
  if (present.length === 0) return reader.refuse(like);
  const from = present[0] ?? 'gamma';
  const constants = [
    ...(scale ? [] : [{ role: 'gamma', value: 1, like: from }]),
    ...(center ? [] : [{ role: 'beta', value: 0, like: from }]),
  ];
  for (const { role: weight } of constants)
    reader.notes.push({ code: 'import/constant-weight', args: { weight } });
  for (const key of ['gamma', 'beta'].flatMap((each) => [`${each}_regularizer`, `${each}_constraint`])) {
    if ((reader.get(key) ?? null) !== null) reader.leaveOut(key);
  }
  if (!reader.boolean('trainable', true)) reader.leaveOut('trainable');
  return [{ type, params, roles: present, constants }];
}

const lastAxis = (reader: ConfigReader): void => reader.only('axis', -1, [-1], 3, [3]);

const batchNormalization: Entry = (reader) => {
  lastAxis(reader);
  reader.only('renorm', false);
  const params = { momentum: reader.number('momentum', 0.99), epsilon: reader.number('epsilon', 1e-3) };
  return normalization(reader, 'BatchNormalization', params, 'scale', ['moving_mean', 'moving_variance']);
};

const layerNormalization: Entry = (reader) => {
  lastAxis(reader);
  reader.only('rms_scaling', false);
  return normalization(reader, 'LayerNormalization', { epsilon: reader.number('epsilon', 1e-3) }, 'scale');
};

const groupNormalization: Entry = (reader) => {
  lastAxis(reader);
  const params = { groups: reader.number('groups', 32), epsilon: reader.number('epsilon', 1e-3) };
  return normalization(reader, 'GroupNormalization', params, 'scale');
};

const prelu: Entry = (reader) => {
  reader.only('shared_axes', [1, 2], []);
  const isShared = JSON.stringify(reader.get('shared_axes')) === '[1,2]';
  const params = { sharedAxes: isShared ? 'heightAndWidth' : 'none' };
  return [{ type: 'PReLU', params, roles: ['alpha'] }];
};

const resizing: Entry = (reader) => {
  channelsLast(reader);
  for (const key of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias']) reader.only(key, false);
  reader.only('interpolation', 'nearest', 'bilinear');
  const params = {
    height: reader.number('height'),
    width: reader.number('width'),
    interpolation: reader.text('interpolation', 'bilinear'),
  };
  return [{ type: 'Resizing', params }];
};

const dropout =
  (type: string): Entry =>
  (reader) => {
    reader.only('noise_shape');
    return [{ type, params: { rate: reader.number('rate') } }];
  };

const nothing: Entry = () => [];

/** By class name. Input layers are no entry: the network puts them in. */
export const importTable: Readonly<Record<string, Entry | undefined>> = {
  Conv2D: (reader) =>
    withKernel(reader, 'Conv2D', {
      filters: reader.number('filters'),
      ...sliding(reader),
      ...dilation(reader),
      groups: reader.number('groups', 1),
    }),
  DepthwiseConv2D: (reader) =>
    withKernel(
      reader,
      'DepthwiseConv2D',
      { ...sliding(reader), ...dilation(reader), ...multiplier(reader) },
      ['kernel'],
      'depthwise',
    ),
  SeparableConv2D: (reader) =>
    withKernel(
      reader,
      'SeparableConv2D',
      { filters: reader.number('filters'), ...sliding(reader), ...dilation(reader), ...multiplier(reader) },
      ['depthwise_kernel', 'pointwise_kernel'],
      'depthwise',
    ),
  Conv2DTranspose: (reader) => {
    reader.only('output_padding');
    reader.only('dilation_rate', 1, [1, 1]);
    return withKernel(reader, 'Conv2DTranspose', { filters: reader.number('filters'), ...sliding(reader) });
  },
  Dense: (reader) => withKernel(reader, 'Dense', { units: reader.number('units') }),
  MaxPooling2D: pooling('MaxPooling2D'),
  AveragePooling2D: pooling('AveragePooling2D'),
  GlobalAveragePooling2D: globalPooling('GlobalAveragePooling2D'),
  GlobalMaxPooling2D: globalPooling('GlobalMaxPooling2D'),
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  Activation: (reader) => activationChain(reader, 'activation', false),
  ReLU: relu,
  LeakyReLU: leaky,
  PReLU: prelu,
  Softmax: (reader) => {
    reader.only('axis', -1);
    return [{ type: 'Softmax', params: {} }];
  },
  Dropout: dropout('Dropout'),
  SpatialDropout2D: (reader) => {
    channelsLast(reader);
    return dropout('SpatialDropout2D')(reader);
  },
  GaussianNoise: plain('GaussianNoise', (reader) => ({ stddev: reader.number('stddev') })),
  ActivityRegularization: nothing,
  Identity: nothing,
  Add: plain('Add'),
  Average: plain('Average'),
  Maximum: plain('Maximum'),
  Multiply: plain('Multiply'),
  Concatenate: (reader) => {
    reader.only('axis', -1, 3);
    return [{ type: 'Concatenate', params: {} }];
  },
  Flatten: (reader) => {
    channelsLast(reader);
    return [{ type: 'Flatten', params: {} }];
  },
  Reshape: plain('Reshape', (reader) => ({ targetShape: reader.get('target_shape') ?? [] })),
  Cropping2D: (reader) => {
    channelsLast(reader);
    return [{ type: 'Cropping2D', params: { cropping: reader.sides('cropping') } }];
  },
  ZeroPadding2D: (reader) => {
    channelsLast(reader);
    return [{ type: 'ZeroPadding2D', params: { padding: reader.sides('padding') } }];
  },
  UpSampling2D: (reader) => {
    channelsLast(reader);
    reader.only('interpolation', 'nearest', 'bilinear');
    const interpolation = reader.text('interpolation', 'nearest');
    return [{ type: 'UpSampling2D', params: { size: reader.pair('size', [2, 2]), interpolation } }];
  },
  Rescaling: plain('Rescaling', (reader) => ({
    scale: reader.number('scale'),
    offset: reader.number('offset', 0),
  })),
  Resizing: resizing,
};
