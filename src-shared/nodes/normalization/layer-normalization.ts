/** LayerNormalization (Ba et al., 2016) over the last axis, as Keras has it. */
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { epsilonField } from '../common-fields';
import { defineNode } from '../define';
import { scaleAndShift, standardize } from '../normalizing';

export default defineNode({
  type: 'LayerNormalization',
  category: 'normalization',
  title: { en: 'Layer norm', 'zh-CN': '层归一化' },
  doc: {
    en: 'Centres and scales the channels of every pixel (or the features of a vector) by themselves, then applies a learned scale γ and shift β. It does not depend on the batch.',
    'zh-CN':
      '对每个像素的各通道（或向量的各特征）单独中心化并缩放，再施加可学习的缩放 γ 和平移 β。与批量无关。',
  },
  params: { epsilon: epsilonField(1e-3) },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: () => '',
  infer: (_, [input]) => success(required(input, 'the input of LayerNormalization')),
  lower({ b, params: { epsilon }, inputs: [x] }) {
    invariant(x, 'LayerNormalization is lowered without an input');
    return scaleAndShift(b, standardize(b, x, [x.dims.length - 1], epsilon));
  },
  examples: [
    { inputs: [[3, 4, 5]], params: {} },
    { inputs: [[6]], params: { epsilon: 1e-5 } },
  ],
});
