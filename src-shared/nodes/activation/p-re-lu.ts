/** PReLU (He et al., 2015): a ReLU that learns its slope left of zero. */
import { choice } from '../../params/fields';
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

export default defineNode({
  type: 'PReLU',
  category: 'activation',
  title: { en: 'PReLU', 'zh-CN': 'PReLU' },
  doc: {
    en: 'Lets positive values through and multiplies negative ones by a learned slope α, which starts at zero.',
    'zh-CN': '正值原样通过，负值乘以可学习的斜率 α（从零开始）。',
  },
  params: {
    sharedAxes: choice({
      default: 'heightAndWidth',
      choices: [
        {
          value: 'heightAndWidth',
          label: { en: 'Height and width: one per channel', 'zh-CN': '高和宽：每通道一个' },
        },
        { value: 'none', label: { en: 'None: one per value', 'zh-CN': '无：每个值一个' } },
      ],
      label: { en: 'Shared axes', 'zh-CN': '共享的轴' },
      doc: {
        en: 'Whether all pixels of a channel share one slope, or each value has its own.',
        'zh-CN': '同一通道的所有像素共用一个斜率，或每个值各有一个。',
      },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: () => '',
  infer: (_, [input]) => success(required(input, 'the input of PReLU')),
  lower({ b, params: { sharedAxes }, inputs: [x] }) {
    invariant(x, 'PReLU is lowered without an input');
    const shape = x.dims.slice(1);
    const isShared = sharedAxes === 'heightAndWidth' && shape.length === 3;
    const dims = isShared ? [1, 1, required(shape[2], 'channels')] : shape;
    const alpha = b.weight({ role: 'alpha', dims, initializer: { name: 'zeros' } });
    const below = b.op('Relu', [b.op('Neg', [x], {})], {});
    return b.op('Sub', [b.op('Relu', [x], {}), b.op('Mul', [below, alpha], {})], {});
  },
  examples: [
    { inputs: [[4, 4, 3]], params: {} },
    { inputs: [[3, 2, 3]], params: { sharedAxes: 'none' } },
    { inputs: [[6]], params: {} },
  ],
});
