/** Keras 2 and older tools: the whole model in one HDF5 file, as tf.keras wrote it. */
import type { NamedTensor } from '../../formats/safetensors';
import { encodeHdf5, type Hdf5Group, MAX_TEXTS_IN_ATTRIBUTE } from '../../formats/hdf5/write';
import { required } from '../../util/assert';
import { success } from '../../util/result';
import { legacyConfig, legacyVersions } from '../keras/legacy-config';
import { legacyNames, TOP_LEVEL } from '../keras/names';
import { type KerasLayer, kerasNetwork, kerasSupport } from '../keras/network';
import { describeModel } from '../metadata';
import type { ExportInput } from '../model';
import { defineTarget } from '../target';

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
    const [name = 'model'] = legacyNames([{ name: input.model.name, path: 'model' }]);
    const root = {
      attributes: {
        ...legacyVersions,
        ...describeModel(input),
        model_config: JSON.stringify(legacyConfig(name, network)),
      },
      groups: [
        {
          name: 'model_weights',
          attributes: {
            ...legacyVersions,
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
