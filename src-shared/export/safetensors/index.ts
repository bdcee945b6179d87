/** Weights alone as safetensors, under our names and in Keras's layout. */
import { encodeSafetensors } from '../../formats/safetensors';
import { success } from '../../util/result';
import { describeModel } from '../metadata';
import { defineTarget } from '../target';

export default defineTarget({
  id: 'safetensors',
  group: 'weights',
  title: { en: 'Weights (safetensors)', 'zh-CN': '权重（safetensors）' },
  doc: {
    en: 'Weights alone in one file, named after the nodes (conv2d_1/kernel), in Keras’s layout: for Python with safetensors, and for loading onto another graph here.',
    'zh-CN':
      '仅含权重的单个文件，按节点命名（conv2d_1/kernel），采用 Keras 布局：供 Python 的 safetensors 使用，也可载入本应用的其他图。',
  },
  output: { kind: 'file', extension: '.safetensors' },
  options: {},
  needsWeights: true,
  check: {
    en: 'Reads the file back and compares every tensor.',
    'zh-CN': '读回文件并逐一比较每个张量。',
  },
  support: () => undefined,
  export(input) {
    const tensors = Array.from(input.weights, ([name, { dims, values }]) => ({ name, dims, values }));
    const parts = encodeSafetensors({ tensors, metadata: describeModel(input) });
    return success({ files: [{ path: input.fileName, parts }] });
  },
});
