/** Which Keras layers stand for a node, by its type; what is not here has none. */
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
import reshape from '../../nodes/shape/reshape';
import upSampling2d from '../../nodes/shape/up-sampling2d';
import zeroPadding2d from '../../nodes/shape/zero-padding2d';
import type { JsonObject } from '../../util/json';
import { type ExportLayer, paramsAs } from '../model';
import {
  conv2dStages,
  conv2dTransposeStages,
  denseStages,
  depthwiseConv2dStages,
  separableConv2dStages,
} from './convolutions';
import { stages, type KerasStage, type Translate } from './layer';
import { maximum, paddingWithZeros } from './windows';

const channelsLast = { data_format: 'channels_last' };

/** A layer of Keras that does the same under the same name. */
const plain =
  (config: (layer: ExportLayer) => JsonObject = () => ({}), weights: KerasStage['weights'] = []): Translate =>
  (layer) =>
    stages({ className: layer.type, config: config(layer), weights });

/** `[top, bottom, left, right]` as Keras has it. */
const inPairs = ([top, bottom, left, right]: readonly [number, number, number, number]) => [
  [top, bottom],
  [left, right],
];

const averagePooling: Translate = (layer) => {
  const { poolSize, strides, padding: given } = paramsAs(averagePooling2d, layer);
  const input = layer.inputShapes[0] ?? [];
  // `same` leaves the padding out of the mean, padding per side counts it.
  const windows = { input, window: poolSize, strides, padding: given };
  const { padding, before } = paddingWithZeros(windows, { canBeSame: false });
  const config = { pool_size: poolSize, strides, padding, ...channelsLast };
  const pool: KerasStage = { className: 'AveragePooling2D', config };
  const [pad] = before;
  return pad === undefined ? stages(pool) : stages(pad, pool);
};

const maxPooling: Translate = (layer, { isNonNegative }) => {
  const { poolSize: window, strides, padding } = paramsAs(maxPooling2d, layer);
  return maximum({ input: layer.inputShapes[0] ?? [], window, strides, padding }, isNonNegative);
};

const activationStages: Translate = (layer) => {
  const { activation: name, negativeSlope } = paramsAs(activation, layer);
  return name === 'leakyRelu'
    ? stages({ className: 'LeakyReLU', config: { negative_slope: negativeSlope } })
    : stages({ className: 'Activation', config: { activation: name } });
};

/** By node type. Input and Output are no layers of this table: the network puts them in. */
export const kerasTable: Readonly<Record<string, Translate | undefined>> = {
  Conv2D: conv2dStages,
  Conv2DTranspose: conv2dTransposeStages,
  DepthwiseConv2D: depthwiseConv2dStages,
  SeparableConv2D: separableConv2dStages,
  Dense: denseStages,
  MaxPooling2D: maxPooling,
  AveragePooling2D: averagePooling,
  GlobalAveragePooling2D: plain(() => channelsLast),
  GlobalMaxPooling2D: plain(() => channelsLast),
  BatchNormalization: plain(
    (layer) => ({ axis: -1, ...paramsAs(batchNormalization, layer) }),
    ['gamma', 'beta', 'movingMean', 'movingVariance'],
  ),
  GroupNormalization: plain(
    (layer) => ({ axis: -1, ...paramsAs(groupNormalization, layer) }),
    ['gamma', 'beta'],
  ),
  LayerNormalization: plain(
    (layer) => ({ axis: -1, ...paramsAs(layerNormalization, layer) }),
    ['gamma', 'beta'],
  ),
  Activation: activationStages,
  Softmax: plain(() => ({ axis: -1 })),
  PReLU: plain(
    (layer) => {
      const isShared =
        paramsAs(pRelu, layer).sharedAxes === 'heightAndWidth' && layer.outputShape.length === 3;
      return { shared_axes: isShared ? [1, 2] : null };
    },
    ['alpha'],
  ),
  Dropout: plain((layer) => ({ ...paramsAs(dropout, layer) })),
  SpatialDropout2D: plain((layer) => ({ ...paramsAs(spatialDropout2d, layer), ...channelsLast })),
  GaussianNoise: plain((layer) => ({ ...paramsAs(gaussianNoise, layer) })),
  Add: plain(),
  Average: plain(),
  Maximum: plain(),
  Multiply: plain(),
  Concatenate: plain(() => ({ axis: -1 })),
  Flatten: plain(() => channelsLast),
  Reshape: plain((layer) => ({ target_shape: paramsAs(reshape, layer).targetShape })),
  Cropping2D: plain((layer) => ({
    cropping: inPairs(paramsAs(cropping2d, layer).cropping),
    ...channelsLast,
  })),
  ZeroPadding2D: plain((layer) => ({
    padding: inPairs(paramsAs(zeroPadding2d, layer).padding),
    ...channelsLast,
  })),
  UpSampling2D: plain((layer) => ({ ...paramsAs(upSampling2d, layer), ...channelsLast })),
  Rescaling: plain((layer) => ({ ...paramsAs(rescaling, layer) })),
  Resizing: plain((layer) => ({ ...paramsAs(resizing, layer), crop_to_aspect_ratio: false })),
};
