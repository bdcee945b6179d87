/** Dropout (Srivastava et al., 2014), in its inverted form: what is kept is scaled up while training. */
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { dropoutRateField } from '../common-fields';
import { defineNode } from '../define';
import { dropped } from '../dropping';

export default defineNode({
  type: 'Dropout',
  category: 'regularization',
  title: { en: 'Dropout', 'zh-CN': '暂退' },
  doc: {
    en: 'While training, sets each value to zero with the given probability and scales the others up, so that no unit can be relied on alone. Does nothing at inference.',
    'zh-CN': '训练时以给定概率把每个值置零，并放大其余的值，使网络不依赖单个单元。推断时不起作用。',
  },
  params: { rate: dropoutRateField },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ rate }) => `${rate}`,
  infer: (_, [input]) => success(required(input, 'the input of Dropout')),
  lower({ b, params: { rate }, inputs: [x], isTraining }) {
    invariant(x, 'Dropout is lowered without an input');
    if (!isTraining || rate === 0) return x;
    return dropped(b, x, rate, { sizes: b.op('Shape', [x], {}), dims: x.dims });
  },
  examples: [
    { inputs: [[4, 4, 3]], params: {} },
    { inputs: [[6]], params: { rate: 0.25 } },
    { inputs: [[6]], params: { rate: 0 } },
  ],
});
