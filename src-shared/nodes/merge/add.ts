/** Add: the residual connection of ResNet (He et al., 2015). */
import { defineNode } from '../define';
import { equalExamples, inferEqual, sum } from '../merging';

export default defineNode({
  type: 'Add',
  category: 'merge',
  title: { en: 'Add', 'zh-CN': '相加' },
  doc: {
    en: 'Adds its inputs, which must have equal shapes: a residual connection lets a block learn only the difference to its input.',
    'zh-CN': '将各输入相加，形状必须相同：残差连接使一个块只需学习与其输入之间的差。',
  },
  params: {},
  inputs: { kind: 'variadic', min: 2 },
  hasOutput: true,
  summary: () => '',
  infer: (_, inputs) => inferEqual(inputs),
  lower: ({ b, inputs }) => sum(b, inputs),
  examples: equalExamples,
});
