/** Keras 3: one .keras file with configuration, metadata and weights. */
import { encodeHdf5, type Hdf5Group } from '../../formats/hdf5/write';
import { encodeZip } from '../../formats/zip/write';
import { snakeCase } from '../../util/case';
import { required } from '../../util/assert';
import type { JsonObject } from '../../util/json';
import { success } from '../../util/result';
import { describeModel } from '../metadata';
import type { ExportInput } from '../model';
import { defineTarget } from '../target';
import { kerasObject } from './layer';
import { kerasNames } from './names';
import { type KerasLayer, kerasNetwork, kerasSupport, type KerasNetwork } from './network';

/** Keras keeps it for its own record. */
const KERAS_VERSION = '3.15.1';
/** Keras asks for a date; the same model is to give the same file. */
const DATE = '1980-01-01@00:00:00';

export default defineTarget({
  id: 'keras',
  group: 'model',
  title: { en: 'Keras 3 (.keras)', 'zh-CN': 'Keras 3（.keras）' },
  doc: {
    en: 'Network and weights in one file for keras.saving.load_model of Keras 3, with any of its backends; takes images from 0 to 1 and ends in the activation of the loss.',
    'zh-CN':
      '网络与权重合为一个文件，供 Keras 3 的 keras.saving.load_model 在任意后端载入；输入为 0 到 1 的图像，末尾为损失对应的激活函数。',
  },
  output: { kind: 'file', extension: '.keras' },
  options: {},
  needsWeights: true,
  check: {
    en: 'Reads the file back with the HDF5 library and compares every tensor.',
    'zh-CN': '用 HDF5 库读回文件并逐一比较每个张量。',
  },
  support: kerasSupport,
  export(input) {
    const network = kerasNetwork(input.model, kerasNames);
    const files = [
      { path: 'metadata.json', parts: [JSON.stringify(metadataOf(input))] },
      { path: 'config.json', parts: [JSON.stringify(configOf(input, network))] },
      { path: 'model.weights.h5', parts: encodeHdf5(weightsOf(input, network)) },
    ];
    return success({ files: [{ path: input.fileName, parts: encodeZip(files) }] });
  },
});

function metadataOf(input: ExportInput): JsonObject {
  return { keras_version: KERAS_VERSION, date_saved: DATE, ...describeModel(input) };
}

function configOf({ model }: ExportInput, { layers, input, output }: KerasNetwork): JsonObject {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const [name = 'model'] = kerasNames([{ name: model.name, path: 'model' }]);
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name,
      trainable: true,
      layers: layers.map((layer) => layerConfig(layer, byName)),
      input_layers: [[input, 0, 0]],
      output_layers: [[output, 0, 0]],
    },
    registered_name: 'Functional',
  };
}

function layerConfig(layer: KerasLayer, byName: ReadonlyMap<string, KerasLayer>): JsonObject {
  const { className, name, config, isTrainable, inputs } = layer;
  const isInput = className === 'InputLayer';
  const tensors = inputs.map((each) => tensorOf(required(byName.get(each), each)));
  const [only] = tensors;
  const argument = tensors.length === 1 && only !== undefined ? only : tensors;
  return {
    ...kerasObject('keras.layers', className, {
      name,
      ...(isTrainable !== undefined && { trainable: isTrainable }),
      dtype: 'float32',
      ...config,
    }),
    name,
    inbound_nodes: isInput ? [] : [{ args: [argument], kwargs: {} }],
  };
}

/** The only output of a layer as an argument. */
function tensorOf({ name, outputShape }: KerasLayer): JsonObject {
  const config = {
    shape: [null, ...outputShape],
    dtype: 'float32',
    keras_history: [name, 0, 0],
  };
  return { class_name: '__keras_tensor__', config };
}

/** Layers are found by class and order, variables by number. */
function weightsOf({ weights }: ExportInput, { layers }: KerasNetwork): Omit<Hdf5Group, 'name'> {
  const counts = new Map<string, number>();
  const groups = layers.map(({ className, name, weights: list }): Hdf5Group => {
    const base = snakeCase(className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const tensors = list.map(({ weight }, index) => ({
      name: String(index),
      ...required(weights.get(weight), weight),
    }));
    const variables: Hdf5Group = { name: 'vars', attributes: { name }, tensors };
    return { name: count === 0 ? base : `${base}_${count}`, groups: [variables] };
  });
  return { groups: [{ name: 'layers', groups }, { name: 'vars' }] };
}
