/** Which modules stand for a node, by its type; what is not here has none. */
import activation from '../../nodes/activation/activation';
import pRelu from '../../nodes/activation/p-re-lu';
import averagePooling2d from '../../nodes/pooling/average-pooling2d';
import maxPooling2d from '../../nodes/pooling/max-pooling2d';
import batchNormalization from '../../nodes/normalization/batch-normalization';
import groupNormalization from '../../nodes/normalization/group-normalization';
import layerNormalization from '../../nodes/normalization/layer-normalization';
import dropout from '../../nodes/regularization/dropout';
import gaussianNoise from '../../nodes/regularization/gaussian-noise';
import spatialDropout2d from '../../nodes/regularization/spatial-dropout2d';
import rescaling from '../../nodes/input-output/rescaling';
import resizing from '../../nodes/input-output/resizing';
import cropping2d from '../../nodes/shape/cropping2d';
import upSampling2d from '../../nodes/shape/up-sampling2d';
import zeroPadding2d from '../../nodes/shape/zero-padding2d';
import { required } from '../../util/assert';
import { type ExportLayer, paramsAs } from '../model';
import {
  conv2dModules,
  denseModules,
  depthwiseModules,
  separableModules,
  transposeModules,
} from './convolutions';
import {
  direct,
  type Expression,
  modules,
  named,
  perFeature,
  plain,
  positional,
  type Translate,
  turned,
} from './translation';
import { isEven, lowestPad, padOrder, poolPadded, sidesOf, zeroPad } from './windows';

function channels(layer: ExportLayer): number {
  return required(layer.outputShape.at(-1), 'channels');
}

const isImage = ({ outputShape }: ExportLayer): boolean => outputShape.length === 3;

const expression = (write: Expression['write']): Translate => {
  return () => ({ kind: 'expression', write });
};

const activations = {
  relu: 'nn.ReLU',
  sigmoid: 'nn.Sigmoid',
  tanh: 'nn.Tanh',
  silu: 'nn.SiLU',
  gelu: 'nn.GELU',
} as const;

const activationModules: Translate = (layer) => {
  const { activation: name, negativeSlope } = paramsAs(activation, layer);
  if (name === 'leakyRelu') return plain('nn.LeakyReLU', [named('negative_slope', negativeSlope, 0.01)]);
  return plain(activations[name]);
};

const preluModules: Translate = (layer, context) => {
  const { sharedAxes } = paramsAs(pRelu, layer);
  const count = channels(layer);
  if (isImage(layer) && sharedAxes === 'none') {
    const sizes = [2, 0, 1].map((axis) => layer.outputShape[axis] ?? 1);
    const call = { callee: 'PReLUPerValue', args: [positional('shape', sizes)] };
    return modules([{ call }], [turned(layer, 'alpha', 'weight', { permutation: [2, 0, 1] })]);
  }
  const call = { callee: 'nn.PReLU', args: [positional('num_parameters', count), named('init', 0, 0.25)] };
  const alpha = isImage(layer)
    ? turned(layer, 'alpha', 'weight', { permutation: [0, 1, 2], dims: [count] })
    : perFeature(layer, 'alpha', 'weight', context);
  return modules([{ call }], [alpha]);
};

const batchNormModules: Translate = (layer, context) => {
  const { momentum, epsilon } = paramsAs(batchNormalization, layer);
  const args = [
    positional('num_features', channels(layer)),
    named('eps', epsilon, 1e-5),
    named('momentum', Number((1 - momentum).toPrecision(12)), 0.1),
  ];
  const callee = isImage(layer) ? 'nn.BatchNorm2d' : 'nn.BatchNorm1d';
  return modules(
    [{ call: { callee, args } }],
    [
      perFeature(layer, 'gamma', 'weight', context),
      perFeature(layer, 'beta', 'bias', context),
      perFeature(layer, 'movingMean', 'running_mean', context),
      perFeature(layer, 'movingVariance', 'running_var', context),
    ],
  );
};

const layerNormModules: Translate = (layer, context) => {
  const { epsilon } = paramsAs(layerNormalization, layer);
  const args = [positional('normalized_shape', channels(layer)), named('eps', epsilon, 1e-5)];
  const callee = isImage(layer) ? 'ChannelLayerNorm' : 'nn.LayerNorm';
  const state = [perFeature(layer, 'gamma', 'weight', context), perFeature(layer, 'beta', 'bias', context)];
  return modules([{ call: { callee, args } }], state);
};

const groupNormModules: Translate = (layer) => {
  const { groups, epsilon } = paramsAs(groupNormalization, layer);
  const args = [
    positional('num_groups', groups),
    positional('num_channels', channels(layer)),
    named('eps', epsilon, 1e-5),
  ];
  const state = [direct(layer, 'gamma', 'weight'), direct(layer, 'beta', 'bias')];
  return modules([{ call: { callee: 'nn.GroupNorm', args } }], state);
};

const maxPoolModules: Translate = (layer) => {
  const { poolSize: window, strides, padding: given } = paramsAs(maxPooling2d, layer);
  const windows = { input: layer.inputShapes[0] ?? [], window, strides, padding: given };
  const { padding, before } = poolPadded(windows, lowestPad);
  const args = [
    named('kernel_size', window),
    named('stride', strides, window),
    named('padding', padding, [0, 0]),
  ];
  return modules([...before, { call: { callee: 'nn.MaxPool2d', args } }]);
};

/** `same` leaves the padding out of the mean, padding per side counts it. */
const averagePoolModules: Translate = (layer) => {
  const { poolSize: window, strides, padding: given } = paramsAs(averagePooling2d, layer);
  const windows = { input: layer.inputShapes[0] ?? [], window, strides, padding: given };
  const sides = sidesOf(windows);
  const size = named('kernel_size', window);
  const stride = named('stride', strides, window);
  if (given === 'same' && !isEven(sides)) {
    return plain('SameAvgPool2d', [size, stride, named('padding', padOrder(sides))]);
  }
  const { padding, before } = poolPadded(windows, (each) => zeroPad(each, 'pad'));
  const isPadded = padding.some((pixels) => pixels > 0);
  const args = [
    size,
    stride,
    named('padding', padding, [0, 0]),
    named('count_include_pad', !(given === 'same' && isPadded), true),
  ];
  return modules([...before, { call: { callee: 'nn.AvgPool2d', args } }]);
};

/** Pixel centres lie at halves, as in TensorFlow. */
const modeOf = { nearest: 'nearest-exact', bilinear: 'bilinear' } as const;

const flattenModules: Translate = (layer, { isFree }) => {
  if (isFree) return plain('nn.Flatten');
  return plain('Reshape', [positional('shape', layer.outputShape)]);
};

/** Half of `same` that no module of PyTorch has is in helpers.ts, and so are classes without `nn.`. */
export const torchTable: Readonly<Record<string, Translate | undefined>> = {
  Conv2D: conv2dModules,
  Conv2DTranspose: transposeModules,
  DepthwiseConv2D: depthwiseModules,
  SeparableConv2D: separableModules,
  Dense: denseModules,
  MaxPooling2D: maxPoolModules,
  AveragePooling2D: averagePoolModules,
  GlobalAveragePooling2D: expression(([x]) => `torch.mean(${x}, dim=(2, 3))`),
  GlobalMaxPooling2D: expression(([x]) => `torch.amax(${x}, dim=(2, 3))`),
  BatchNormalization: batchNormModules,
  GroupNormalization: groupNormModules,
  LayerNormalization: layerNormModules,
  Activation: activationModules,
  Softmax: () => plain('nn.Softmax', [named('dim', 1)]),
  PReLU: preluModules,
  Dropout: (layer) => plain('nn.Dropout', [positional('p', paramsAs(dropout, layer).rate)]),
  SpatialDropout2D: (layer) =>
    plain('nn.Dropout2d', [positional('p', paramsAs(spatialDropout2d, layer).rate)]),
  GaussianNoise: (layer) =>
    plain('GaussianNoise', [positional('stddev', paramsAs(gaussianNoise, layer).stddev)]),
  Add: expression((operands) => operands.join(' + ')),
  Average: expression((operands) => `(${operands.join(' + ')}) / ${operands.length}`),
  Maximum: expression((operands) => operands.reduce((a, b) => `torch.maximum(${a}, ${b})`)),
  Multiply: expression((operands) => operands.join(' * ')),
  Concatenate: expression((operands) => `torch.cat((${operands.join(', ')}), dim=1)`),
  Flatten: flattenModules,
  Reshape: (layer) => plain('Reshape', [positional('shape', layer.outputShape)]),
  Cropping2D: (layer) => {
    const [top, bottom, left, right] = paramsAs(cropping2d, layer).cropping;
    return modules([zeroPad({ top: 0 - top, bottom: 0 - bottom, left: 0 - left, right: 0 - right })]);
  },
  ZeroPadding2D: (layer) => {
    const [top, bottom, left, right] = paramsAs(zeroPadding2d, layer).padding;
    return modules([zeroPad({ top, bottom, left, right })]);
  },
  UpSampling2D: (layer) => {
    const { size, interpolation } = paramsAs(upSampling2d, layer);
    return plain('nn.Upsample', [named('scale_factor', size), named('mode', modeOf[interpolation])]);
  },
  Rescaling: (layer) => {
    const { scale, offset } = paramsAs(rescaling, layer);
    return plain('Rescale', [positional('scale', scale), positional('offset', offset)]);
  },
  Resizing: (layer) => {
    const { height, width, interpolation } = paramsAs(resizing, layer);
    return plain('nn.Upsample', [named('size', [height, width]), named('mode', modeOf[interpolation])]);
  },
};
