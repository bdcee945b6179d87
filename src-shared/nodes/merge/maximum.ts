/** Maximum: the largest of branches (Goodfellow et al., 2013). */
import { defineNode } from '../define';
import { chain, equalExamples, inferEqual } from '../merging';

export default defineNode({
  type: 'Maximum',
  category: 'merge',
  title: { en: 'Maximum', 'zh-CN': '取最大' },
  doc: {
    en: 'The largest of its inputs, value by value (maxout). They must have equal shapes.',
    'zh-CN': '逐值取各输入中最大的一个（maxout）。形状必须相同。',
  },
  params: {},
  inputs: { kind: 'variadic', min: 2 },
  hasOutput: true,
  summary: () => '',
  infer: (_, inputs) => inferEqual(inputs),
  lower: ({ b, inputs }) => chain(b, 'Maximum', inputs),
  examples: equalExamples,
});
