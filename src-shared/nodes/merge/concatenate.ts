/** Concatenate: joins branches along the channels (GoogLeNet, DenseNet). */
import { sameDims } from '../../ir/shape';
import { required } from '../../util/assert';
import { failure, success } from '../../util/result';
import { defineNode } from '../define';
import { mismatch } from '../merging';

export default defineNode({
  type: 'Concatenate',
  category: 'merge',
  title: { en: 'Concatenate', 'zh-CN': '拼接' },
  doc: {
    en: 'Puts the channels of its inputs one after another, in the order of the ports. Height and width must be equal.',
    'zh-CN': '按端口顺序依次排列各输入的通道。高和宽必须相同。',
  },
  params: {},
  inputs: { kind: 'variadic', min: 2 },
  hasOutput: true,
  summary: () => '',
  infer(_, inputs) {
    const first = required(inputs[0], 'the first input of Concatenate');
    const isJoinable = (shape: readonly number[]) =>
      shape.length === first.length && sameDims(shape.slice(0, -1), first.slice(0, -1));
    const issues = inputs.flatMap((shape, i) =>
      isJoinable(shape) ? [] : [mismatch('shape/mismatch-but-channels', inputs, i)],
    );
    if (issues.length > 0) return failure(issues);
    const channels = inputs.reduce((sum, shape) => sum + required(shape.at(-1), 'channels'), 0);
    return success([...first.slice(0, -1), channels]);
  },
  lower: ({ b, inputs }) =>
    b.op('ConcatV2', inputs, { axis: required(inputs[0], 'an input').dims.length - 1 }),
  examples: [
    {
      inputs: [
        [4, 4, 3],
        [4, 4, 5],
      ],
      params: {},
    },
    {
      inputs: [
        [4, 4, 1],
        [4, 4, 2],
        [4, 4, 3],
      ],
      params: {},
    },
    { inputs: [[3], [4]], params: {} },
  ],
});
