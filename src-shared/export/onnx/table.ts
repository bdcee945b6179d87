/** How each node type is written, by its type; what is not here has no operator. */
import {
  writeConv2d,
  writeConv2dTranspose,
  writeDense,
  writeDepthwiseConv2d,
  writeSeparableConv2d,
} from './convolutions';
import { writeBatchNormalization, writeGroupNormalization, writeLayerNormalization } from './normalization';
import {
  writeActivation,
  writeAdd,
  writeConcatenate,
  writeDropout,
  writeMany,
  writeMultiply,
  writeNothing,
  writePRelu,
  writeRescaling,
  writeSoftmax,
} from './pointwise';
import { writeAveragePooling, writeGlobal, writeMaxPooling } from './pooling';
import {
  writeCropping,
  writeFlatten,
  writeReshape,
  writeResizing,
  writeUpSampling,
  writeZeroPadding,
} from './shapes';
import type { WriteLayer } from './writer';

/** Input and Output are no entries: the network puts them in. */
export const onnxTable: Readonly<Record<string, WriteLayer | undefined>> = {
  Conv2D: writeConv2d,
  Conv2DTranspose: writeConv2dTranspose,
  DepthwiseConv2D: writeDepthwiseConv2d,
  SeparableConv2D: writeSeparableConv2d,
  Dense: writeDense,
  MaxPooling2D: writeMaxPooling,
  AveragePooling2D: writeAveragePooling,
  GlobalAveragePooling2D: writeGlobal('GlobalAveragePool'),
  GlobalMaxPooling2D: writeGlobal('GlobalMaxPool'),
  BatchNormalization: writeBatchNormalization,
  GroupNormalization: writeGroupNormalization,
  LayerNormalization: writeLayerNormalization,
  Activation: writeActivation,
  Softmax: writeSoftmax,
  PReLU: writePRelu,
  Dropout: writeDropout,
  SpatialDropout2D: writeNothing,
  GaussianNoise: writeNothing,
  Add: writeAdd,
  Average: writeMany('Mean'),
  Maximum: writeMany('Max'),
  Multiply: writeMultiply,
  Concatenate: writeConcatenate,
  Flatten: writeFlatten,
  Reshape: writeReshape,
  Cropping2D: writeCropping,
  ZeroPadding2D: writeZeroPadding,
  UpSampling2D: writeUpSampling,
  Rescaling: writeRescaling,
  Resizing: writeResizing,
};
