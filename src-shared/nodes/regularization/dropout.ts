/** Dropout (Srivastava et al., 2014), in its inverted form: what is kept is scaled up while training. */
import { float } from '../../params/fields';
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

export default defineNode({
  type: 'Dropout',
  category: 'regularization',
  title: { en: 'Dropout', 'zh-CN': '暂退' },
  doc: {
    en: 'While training, sets each value to zero with the given probability and scales the others up, so that no unit can be relied on alone. Does nothing at inference.',
    'zh-CN': '训练时以给定概率把每个值置零，并放大其余的值，使网络不依赖单个单元。推断时不起作用。',
  },
  params: {
    rate: float({
      default: 0.5,
      min: 0,
      max: 0.99,
      step: 0.05,
      label: { en: 'Rate', 'zh-CN': '比率' },
      doc: { en: 'Probability that a value is dropped.', 'zh-CN': '每个值被置零的概率。' },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ rate }) => `${rate}`,
  infer: (_, [input]) => success(required(input, 'the input of Dropout')),
  lower({ b, params: { rate }, inputs: [x], isTraining }) {
    invariant(x, 'Dropout is lowered without an input');
    if (!isTraining || rate === 0) return x;
    const uniform = b.op('StatelessRandomUniform', [b.op('Shape', [x], {}), b.randomKey()], { dims: x.dims });
    const isKept = b.op('Cast', [b.op('GreaterEqual', [uniform, b.float(rate)], {})], { to: 'float32' });
    return b.op('Mul', [x, b.op('Mul', [isKept, b.float(1 / (1 - rate))], {})], {});
  },
  examples: [
    { inputs: [[4, 4, 3]], params: {} },
    { inputs: [[6]], params: { rate: 0.25 } },
    { inputs: [[6]], params: { rate: 0 } },
  ],
});
