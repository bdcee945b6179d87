/** Softmax over the channels of every pixel, or the features of a vector. */
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

export default defineNode({
  type: 'Softmax',
  category: 'activation',
  title: { en: 'Softmax', 'zh-CN': 'Softmax' },
  doc: {
    en: 'Turns values into positive ones that add up to 1 along the last axis: weights of an attention or a mixture. The Output applies its own softmax, so a classifier needs none before it.',
    'zh-CN':
      '把值变为正数，且沿最后一个轴的和为 1：用于注意力或混合的权重。输出节点自带 softmax，分类器之前无需再加。',
  },
  params: {},
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: () => '',
  infer: (_, [input]) => success(required(input, 'the input of Softmax')),
  lower({ b, inputs: [x] }) {
    invariant(x, 'Softmax is lowered without an input');
    return b.op('Softmax', [x], {});
  },
  examples: [
    { inputs: [[6]], params: {} },
    { inputs: [[3, 2, 4]], params: {} },
  ],
});
