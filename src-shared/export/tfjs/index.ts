/** TensorFlow.js: model.json with the network, and its weights in shards beside it. */
import { choice, int } from '../../params/fields';
import { success } from '../../util/result';
import { describeModel } from '../metadata';
import type { ExportInput, ExportModel } from '../model';
import { defineTarget } from '../target';
import { graphModel } from './graph-model';
import { layersModel, layersSupport } from './layers-model';
import { shardsOf } from './shards';

const MEBIBYTE = 2 ** 20;

type ModelKind = 'auto' | 'layers' | 'graph';

export default defineTarget({
  id: 'tfjs',
  group: 'model',
  title: { en: 'TensorFlow.js', 'zh-CN': 'TensorFlow.js' },
  doc: {
    en: 'A folder for browsers and Node: model.json and weights in shards, a layers model where TensorFlow.js has every layer, else a graph model; takes images from 0 to 1 and ends in the activation of the loss.',
    'zh-CN':
      '供浏览器和 Node 使用的文件夹：model.json 与分片的权重；若 TensorFlow.js 具备全部层则为层模型，否则为图模型；输入为 0 到 1 的图像，末尾为损失对应的激活函数。',
  },
  output: { kind: 'folder' },
  options: {
    modelKind: choice<ModelKind>({
      default: 'auto',
      label: { en: 'Kind of model', 'zh-CN': '模型类型' },
      choices: [
        { value: 'auto', label: { en: 'Layers, else graph', 'zh-CN': '优先层模型' } },
        { value: 'layers', label: { en: 'Layers model', 'zh-CN': '层模型' } },
        { value: 'graph', label: { en: 'Graph model', 'zh-CN': '图模型' } },
      ],
      doc: {
        en: 'A layers model can be trained further in TensorFlow.js (tf.loadLayersModel); a graph model runs as it is (tf.loadGraphModel).',
        'zh-CN':
          '层模型可在 TensorFlow.js 中继续训练（tf.loadLayersModel）；图模型按原样运行（tf.loadGraphModel）。',
      },
    }),
    shardSize: int({
      default: 4,
      min: 1,
      max: 1024,
      label: { en: 'Shard size', 'zh-CN': '分片大小' },
      doc: {
        en: 'Largest size of a file of weights in mebibytes; browsers keep files of up to 4 in their cache.',
        'zh-CN': '每个权重文件的最大大小（MiB）；浏览器可缓存不超过 4 MiB 的文件。',
      },
    }),
  },
  needsWeights: true,
  check: {
    en: 'Loads the folder with TensorFlow.js’s own JavaScript and compares predictions for test images.',
    'zh-CN': '用 TensorFlow.js 自身的 JavaScript 载入文件夹，并比较测试图像的预测。',
  },
  support: (layer, { modelKind }) => (modelKind === 'layers' ? layersSupport(layer) : undefined),
  export(input, { modelKind, shardSize }) {
    const isLayers = modelKind === 'layers' || (modelKind === 'auto' && hasEveryLayer(input.model));
    const { tensors, ...described } = isLayers ? asLayers(input) : asGraph(input);
    const { manifest, files } = shardsOf(tensors, shardSize * MEBIBYTE);
    const json = {
      ...described,
      generatedBy: `Layerloom ${input.layerloomVersion}`,
      convertedBy: null,
      weightsManifest: manifest,
    };
    return success({ files: [{ path: 'model.json', parts: [JSON.stringify(json)] }, ...files] });
  },
});

function hasEveryLayer({ layers }: ExportModel): boolean {
  return layers.every((layer) => layersSupport(layer) === undefined);
}

function asLayers(input: ExportInput) {
  const { topology: modelTopology, tensors } = layersModel(input);
  return { format: 'layers-model', modelTopology, tensors, userDefinedMetadata: describeModel(input) };
}

function asGraph(input: ExportInput) {
  const { topology: modelTopology, tensors, signature, network } = graphModel(input);
  const userDefinedMetadata = { ...describeModel(input), network };
  return { format: 'graph-model', signature, modelTopology, tensors, userDefinedMetadata };
}
