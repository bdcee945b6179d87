/** The network as a layers model: Keras's description, where tfjs-layers has the same layers and means the same by them. */
import depthwiseConv2d from '../../nodes/convolution/depthwise-conv2d';
import conv2d from '../../nodes/convolution/conv2d';
import upSampling2d from '../../nodes/shape/up-sampling2d';
import { formatShape, sameDims } from '../../ir/shape';
import { required } from '../../util/assert';
import type { JsonObject } from '../../util/json';
import { legacyConfig, legacyVersions } from '../keras/legacy-config';
import { type KerasLayer, kerasNetwork, kerasSupport } from '../keras/network';
import { type ExportInput, type ExportLayer, paramsAs } from '../model';
import type { SupportIssue } from '../target';
import { tfjsNames } from './names';
import type { StoredTensor } from './shards';

const target = 'TensorFlow.js (layers model)';

function misses(param: string, value: string | number): SupportIssue {
  return { code: 'export/param-unsupported', args: { target, param, value }, param };
}

const always = () => undefined;

/**
 * By node type, what tfjs-layers 4.22 does not do of it; types that are not here are no layers there. It knows no
 * GroupNormalization and no SpatialDropout2D, and its Resizing aligns corners.
 */
const known: Readonly<Record<string, ((layer: ExportLayer) => SupportIssue | undefined) | undefined>> = {
  Input: always,
  Output: always,
  Rescaling: always,
  Conv2D(layer) {
    const { groups } = paramsAs(conv2d, layer);
    return groups === 1 ? undefined : misses('groups', groups);
  },
  // The layer does not hand its dilation on.
  DepthwiseConv2D(layer) {
    const { dilationRate } = paramsAs(depthwiseConv2d, layer);
    return sameDims(dilationRate, [1, 1]) ? undefined : misses('dilationRate', dilationRate.join('×'));
  },
  SeparableConv2D: always,
  Conv2DTranspose: always,
  Dense: always,
  MaxPooling2D: always,
  AveragePooling2D: always,
  GlobalAveragePooling2D: always,
  GlobalMaxPooling2D: always,
  BatchNormalization: always,
  LayerNormalization: always,
  Activation: always,
  Softmax: always,
  PReLU: always,
  Dropout: always,
  GaussianNoise: always,
  Add: always,
  Average: always,
  Maximum: always,
  Multiply: always,
  Concatenate: always,
  // Of images only.
  Flatten({ inputShapes: [input = []] }) {
    const args = { target, param: 'input', value: formatShape(input) };
    return input.length > 1 ? undefined : { code: 'export/param-unsupported', args };
  },
  Reshape: always,
  Cropping2D: always,
  ZeroPadding2D: always,
  // Between pixels it takes the upper left one's place, Keras their middle.
  UpSampling2D(layer) {
    const { interpolation } = paramsAs(upSampling2d, layer);
    return interpolation === 'nearest' ? undefined : misses('interpolation', interpolation);
  },
};

/** Why a layers model cannot have this layer; undefined where it can. */
export function layersSupport(layer: ExportLayer): SupportIssue | undefined {
  const differs = Object.hasOwn(known, layer.type) ? known[layer.type] : undefined;
  if (differs === undefined) return { code: 'export/layer-unsupported', args: { target } };
  const ofKeras = kerasSupport(layer);
  return ofKeras === undefined ? differs(layer) : { ...ofKeras, args: { ...ofKeras.args, target } };
}

/** What model.json says of the network, and the tensors in the order of its layers. */
export interface LayersModel {
  readonly topology: JsonObject;
  readonly tensors: readonly StoredTensor[];
}

/** Call only where every layer is supported. */
export function layersModel({ model, weights }: ExportInput): LayersModel {
  const network = kerasNetwork(model, tfjsNames);
  const layers = network.layers.map(asTfjs);
  const [name = 'model'] = tfjsNames([{ name: model.name, path: 'model' }]);
  return {
    topology: { ...legacyVersions, model_config: legacyConfig(name, { ...network, layers }) },
    tensors: layers.flatMap((layer) =>
      layer.weights.map(({ role, weight }) => ({
        name: `${layer.name}/${role}`,
        ...required(weights.get(weight), weight),
      })),
    ),
  };
}

/** Under the words of tfjs-layers. */
function asTfjs(layer: KerasLayer): KerasLayer {
  const { className, config, weights } = layer;
  if (className === 'DepthwiseConv2D') {
    const renamed = weights.map(({ role, weight }) => ({
      role: role === 'kernel' ? 'depthwise_kernel' : role,
      weight,
    }));
    return { ...layer, weights: renamed };
  }
  // Where a size is left open there, the layers behind refuse it.
  if (className === 'Reshape') return { ...layer, config: { ...config, target_shape: layer.outputShape } };
  const isSilu = className === 'Activation' && config['activation'] === 'silu';
  return isSilu ? { ...layer, config: { ...config, activation: 'swish' } } : layer;
}
