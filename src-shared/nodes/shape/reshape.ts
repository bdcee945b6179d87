/** Reshape: the same values under other sizes. */
import { elementsPerSample, formatShape, withBatch } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import { shape } from '../../params/list-fields';
import { invariant, required } from '../../util/assert';
import { failure, success } from '../../util/result';
import { defineNode } from '../define';

/** The target with -1 replaced by what is left of `count` values; not whole where that does not divide. */
function filled(target: Shape, count: number): Shape {
  const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return target.map((size) => (size === -1 ? count / known : size));
}

export default defineNode({
  type: 'Reshape',
  category: 'shape',
  title: { en: 'Reshape', 'zh-CN': '变形' },
  doc: {
    en: 'Keeps all values in their order and gives them another shape, such as an image from a vector.',
    'zh-CN': '保持所有值及其顺序，只改变形状，例如把向量变为图像。',
  },
  params: {
    targetShape: shape({
      default: [-1],
      max: 2 ** 31 - 1,
      label: { en: 'Target shape', 'zh-CN': '目标形状' },
      doc: {
        en: 'Features, or height, width and channels; one of them may be -1 for what is left.',
        'zh-CN': '特征数，或高、宽和通道数；其中一个可以是 -1，表示剩余部分。',
      },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'targetShape',
  summary: ({ targetShape }) => formatShape(targetShape),
  infer({ targetShape }, [input]) {
    const given = required(input, 'the input of Reshape');
    const count = elementsPerSample(given);
    const target = filled(targetShape, count);
    if (target.every(Number.isInteger) && elementsPerSample(target) === count) return success(target);
    const args = { input: formatShape(given), count, target: formatShape(targetShape) };
    return failure([{ code: 'shape/reshape-count', args, param: 'targetShape' }]);
  },
  lower({ b, params: { targetShape }, inputs: [x] }) {
    invariant(x, 'Reshape is lowered without an input');
    return b.op('Reshape', [x], { dims: withBatch(filled(targetShape, elementsPerSample(x.dims))) });
  },
  examples: [
    { inputs: [[4, 3, 2]], params: { targetShape: [2, 2, 6] } },
    { inputs: [[12]], params: { targetShape: [2, -1, 3] } },
    { inputs: [[2, 3, 2]], params: {} },
  ],
});
