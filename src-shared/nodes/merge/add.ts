/** Add: the residual connection of ResNet (He et al., 2015). */
import { sameDims } from '../../ir/shape';
import { required } from '../../util/assert';
import { failure, success } from '../../util/result';
import { defineNode } from '../define';
import { mismatch } from '../merging';

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
  infer(_, inputs) {
    const first = required(inputs[0], 'the first input of Add');
    const issues = inputs.flatMap((shape, i) =>
      sameDims(shape, first) ? [] : [mismatch('shape/mismatch', inputs, i)],
    );
    return issues.length > 0 ? failure(issues) : success(first);
  },
  lower({ b, inputs }) {
    const [first, second] = inputs;
    return inputs.length === 2 && first && second
      ? b.op('AddV2', [first, second], {})
      : b.op('AddN', inputs, {});
  },
  examples: [
    {
      inputs: [
        [4, 4, 3],
        [4, 4, 3],
      ],
      params: {},
    },
    { inputs: [[5], [5], [5]], params: {} },
  ],
});
