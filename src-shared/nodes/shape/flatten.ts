/** Flatten: an image becomes a vector. */
import { elementsPerSample } from '../../ir/shape';
import { BATCH } from '../../ir/types';
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

export default defineNode({
  type: 'Flatten',
  category: 'shape',
  title: { en: 'Flatten', 'zh-CN': '展平' },
  doc: {
    en: 'Writes the image row by row, channels last, into one vector for dense layers.',
    'zh-CN': '把图像逐行（通道在最后）写成一个向量，供全连接层使用。',
  },
  params: {},
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: () => '',
  infer: (_, [input]) => success([elementsPerSample(required(input, 'the input of Flatten'))]),
  lower({ b, inputs: [x] }) {
    invariant(x, 'Flatten is lowered without an input');
    return x.dims.length === 2 ? x : b.op('Reshape', [x], { dims: [BATCH, elementsPerSample(x.dims)] });
  },
  examples: [
    { inputs: [[4, 5, 3]], params: {} },
    { inputs: [[7]], params: {} },
  ],
});
