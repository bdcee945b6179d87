/** Average: the mean of branches. */
import { defineNode } from '../define';
import { equalExamples, inferEqual, sum } from '../merging';

export default defineNode({
  type: 'Average',
  category: 'merge',
  title: { en: 'Average', 'zh-CN': '平均' },
  doc: {
    en: 'The mean of its inputs, value by value. They must have equal shapes.',
    'zh-CN': '逐值求各输入的平均。形状必须相同。',
  },
  params: {},
  inputs: { kind: 'variadic', min: 2 },
  hasOutput: true,
  summary: () => '',
  infer: (_, inputs) => inferEqual(inputs),
  lower: ({ b, inputs }) => b.op('Mul', [sum(b, inputs), b.float(1 / inputs.length)], {}),
  examples: equalExamples,
});
