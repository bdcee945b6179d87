/** Weights alone as NPZ: one .npy array for each weight, in a zip. */
import { encodeZip } from '../../formats/zip/write';
import { problem } from '../../problems/problem';
import { failure, success } from '../../util/result';
import { describeModel } from '../metadata';
import { defineTarget } from '../target';
import { arrayFile, textFile } from './npy';

/** Archives without zip64, which not every reader knows, end here. */
const MAX_BYTES = 2 ** 32 - 2 ** 20;

export default defineTarget({
  id: 'npz',
  group: 'weights',
  title: { en: 'Weights (NPZ)', 'zh-CN': '权重（NPZ）' },
  doc: {
    en: 'Weights alone for NumPy: numpy.load gives one array for each, under names such as conv2d_1/kernel, in Keras’s layout.',
    'zh-CN': '供 NumPy 使用的权重：numpy.load 得到以 conv2d_1/kernel 等命名的数组，采用 Keras 布局。',
  },
  output: { kind: 'file', extension: '.npz' },
  options: {},
  needsWeights: true,
  check: {
    en: 'Reads the archive back and compares every array.',
    'zh-CN': '读回压缩包并逐一比较每个数组。',
  },
  support: () => undefined,
  export(input) {
    const arrays = Array.from(input.weights, ([name, weight]) => arrayFile(name, weight));
    const size = arrays.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.byteLength, 0);
    if (size > MAX_BYTES) return failure([problem('export/too-large', { size, limit: MAX_BYTES })]);
    const about = textFile('about', JSON.stringify(describeModel(input)));
    return success({ files: [{ path: input.fileName, parts: encodeZip([...arrays, about]) }] });
  },
});
