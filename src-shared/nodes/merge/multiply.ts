/** Multiply: gates one branch by another, as squeeze and excitation does (Hu et al., 2017). */
import type { Shape } from '../../ir/types';
import { required } from '../../util/assert';
import { failure, success } from '../../util/result';
import { defineNode } from '../define';
import { chain, equalExamples, mismatch } from '../merging';

/** Sizes joined where they are equal or one of them is 1; undefined where they do not fit. */
function joined(a: Shape, b: Shape): Shape | undefined {
  const fits =
    a.length === b.length && a.every((size, axis) => size === b[axis] || size === 1 || b[axis] === 1);
  return fits ? a.map((size, axis) => Math.max(size, b[axis] ?? 1)) : undefined;
}

export default defineNode({
  type: 'Multiply',
  category: 'merge',
  title: { en: 'Multiply', 'zh-CN': '相乘' },
  doc: {
    en: 'Multiplies its inputs value by value. Where a size is 1, its one value serves all: 1×1×channels weights whole channels.',
    'zh-CN': '逐值相乘。尺寸为 1 时，该值供全部使用：1×1×通道数 可为整个通道加权。',
  },
  params: {},
  inputs: { kind: 'variadic', min: 2 },
  hasOutput: true,
  summary: () => '',
  infer(_, inputs) {
    let shape = required(inputs[0], 'the first input of Multiply');
    for (const [i, input] of inputs.entries()) {
      const next = joined(shape, input);
      if (!next) return failure([mismatch('shape/mismatch-broadcast', inputs, i)]);
      shape = next;
    }
    return success(shape);
  },
  lower: ({ b, inputs }) => chain(b, 'Mul', inputs),
  examples: [
    ...equalExamples,
    {
      inputs: [
        [4, 4, 3],
        [1, 1, 3],
      ],
      params: {},
    },
    {
      inputs: [
        [1, 4, 1],
        [3, 1, 2],
      ],
      params: {},
    },
  ],
});
