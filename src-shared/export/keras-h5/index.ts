/** Keras 2 and older tools: the whole model in one HDF5 file, as tf.keras wrote it. */
import type { NamedTensor } from '../../formats/safetensors';
import { encodeHdf5, type Hdf5Group, MAX_TEXTS_IN_ATTRIBUTE } from '../../formats/hdf5/write';
import { required } from '../../util/assert';
import { isJsonObject, type Json, type JsonObject } from '../../util/json';
import { success } from '../../util/result';
import { legacyNames, TOP_LEVEL } from '../keras/names';
import { type KerasLayer, kerasNetwork, kerasSupport, type KerasNetwork } from '../keras/network';
import { describeModel } from '../metadata';
import type { ExportInput } from '../model';
import { defineTarget } from '../target';

/** What Keras says of itself in files of this form; readers of Keras 1 files are left out by it. */
const versions = { keras_version: '2.11.0', backend: 'tensorflow' };

export default defineTarget({
  id: 'keras-h5',
  group: 'model',
  title: { en: 'Keras 2 (.h5)', 'zh-CN': 'Keras 2（.h5）' },
  doc: {
    en: 'Network and weights in one HDF5 file for tf.keras and older tools; Keras 3 and the TensorFlow.js converter read it too.',
    'zh-CN':
      '网络与权重合为一个 HDF5 文件，供 tf.keras 和较旧的工具使用；Keras 3 和 TensorFlow.js 转换器也能读取。',
  },
  output: { kind: 'file', extension: '.h5' },
  options: {},
  needsWeights: true,
  check: {
    en: 'Reads the file back with the HDF5 library and compares every tensor.',
    'zh-CN': '用 HDF5 库读回文件并逐一比较每个张量。',
  },
  support: kerasSupport,
  export(input) {
    const network = kerasNetwork(input.model, legacyNames);
    const { layers } = network;
    const groups = layers.map((layer) => weightsOf(input, layer));
    const root = {
      attributes: {
        ...versions,
        ...describeModel(input),
        model_config: JSON.stringify(configOf(input, network)),
      },
      groups: [
        {
          name: 'model_weights',
          attributes: {
            ...versions,
            ...texts(
              'layer_names',
              layers.map(({ name }) => name),
            ),
          },
          groups: [...groups, { name: TOP_LEVEL, attributes: { weight_names: [] } }],
        },
      ],
    };
    return success({ files: [{ path: input.fileName, parts: encodeHdf5(root) }] });
  },
});

/** One list, or several under numbered names where it is too long for one (save_attributes_to_hdf5_group in Keras). */
function texts(name: string, values: readonly string[]): Record<string, readonly string[]> {
  if (values.length <= MAX_TEXTS_IN_ATTRIBUTE) return { [name]: values };
  const chunks = Math.ceil(values.length / MAX_TEXTS_IN_ATTRIBUTE);
  return Object.fromEntries(
    Array.from({ length: chunks }, (_, index) => [
      `${name}${index}`,
      values.slice(index * MAX_TEXTS_IN_ATTRIBUTE, (index + 1) * MAX_TEXTS_IN_ATTRIBUTE),
    ]),
  );
}

function weightsOf({ weights }: ExportInput, { name, weights: list }: KerasLayer): Hdf5Group {
  const tensors = list.map(({ role, weight }): NamedTensor => ({
    name: role,
    ...required(weights.get(weight), weight),
  }));
  // TensorFlow's names of variables, which readers take for paths below the layer's group.
  const attributes = { weight_names: list.map(({ role }) => `${name}/${role}`) };
  return { name, attributes, ...(tensors.length > 0 && { groups: [{ name, tensors }] }) };
}

function configOf({ model }: ExportInput, { layers, input, output }: KerasNetwork): JsonObject {
  const [name = 'model'] = legacyNames([{ name: model.name, path: 'model' }]);
  return {
    class_name: 'Functional',
    config: {
      name,
      trainable: true,
      layers: layers.map(layerConfig),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
  };
}

function layerConfig({ className, name, config, isTrainable, inputs }: KerasLayer): JsonObject {
  const isInput = className === 'InputLayer';
  return {
    class_name: className,
    name,
    config: {
      name,
      ...(isTrainable !== undefined && { trainable: isTrainable }),
      dtype: 'float32',
      ...olderConfig(config),
    },
    inbound_nodes: isInput ? [] : [inputs.map((input) => [input, 0, 0, {}])],
  };
}

/** Argument names of Keras 2 that Keras 3 changed but still takes. */
const olderNames: Readonly<Record<string, string | undefined>> = {
  batch_shape: 'batch_input_shape',
  negative_slope: 'alpha',
};

function olderConfig(config: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [olderNames[key] ?? key, olderValue(value)]),
  );
}

/** Objects are named by their class alone. */
function olderValue(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const { class_name: className, config } = value;
  return className === undefined || config === undefined ? value : { class_name: className, config };
}
