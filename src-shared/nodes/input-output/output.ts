/** Output: takes one value per class; softmax and the loss are applied to them. */
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';
import { expectVector } from '../windows';

export default defineNode({
  type: 'Output',
  category: 'input-output',
  title: { en: 'Output', 'zh-CN': '输出' },
  doc: {
    en: 'The end of the network: one value per class. Softmax turns them into probabilities, and the loss compares those with the label.',
    'zh-CN': '网络的终点：每个类别一个值。softmax 把它们变成概率，损失函数将其与标签比较。',
  },
  params: {},
  inputs: { kind: 'single' },
  hasOutput: false,
  summary: () => 'softmax',
  infer(_, [input]) {
    const vector = expectVector(input);
    return vector.ok ? success([vector.value]) : vector;
  },
  lower({ inputs: [logits] }) {
    invariant(logits, 'Output is lowered without an input');
    return logits;
  },
  examples: [{ inputs: [[10]], params: {} }],
});
