/** Layers that tfjs-layers understands otherwise than Keras, in models that were made with it and not converted. */
import { own } from '../../document/record';
import type { FileLayer, FileModel } from '../keras/model-config';
import type { ModelFile } from './model-file';

/** Converted models were trained in Keras, and mean what Keras means by them. */
function isItsOwn({ modelTopology }: ModelFile): boolean {
  const version = own(modelTopology, 'keras_version');
  return typeof version === 'string' && version.startsWith('tfjs-layers');
}

/** The model with layers that have no node under a name that is refused, and without what tfjs-layers passes over. */
export function asItMeansThem(model: FileModel, file: ModelFile): FileModel {
  return isItsOwn(file) ? { ...model, layers: model.layers.map(meant) } : model;
}

function meant(layer: FileLayer): FileLayer {
  const { className, config } = layer;
  const isBilinear = own(config, 'interpolation') === 'bilinear';
  // It aligns corners in the one, and pixels' corners in the other, where Keras and we align their middles.
  if (className === 'Resizing' || (className === 'UpSampling2D' && isBilinear)) {
    return { ...layer, className: `${className} (TensorFlow.js)` };
  }
  // The layer does not hand it on.
  if (className === 'DepthwiseConv2D') return { ...layer, config: { ...config, dilation_rate: [1, 1] } };
  return layer;
}
