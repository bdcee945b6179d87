/** SpatialDropout2D (Tompson et al., 2015): whole channels are left out while training. */
import { BATCH } from '../../ir/types';
import { imageDims } from '../../ops/rules';
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { batchedSizes } from '../batched-sizes';
import { dropoutRateField } from '../common-fields';
import { defineNode } from '../define';
import { dropped } from '../dropping';
import { expectImage } from '../windows';

export default defineNode({
  type: 'SpatialDropout2D',
  category: 'regularization',
  title: { en: 'Spatial dropout', 'zh-CN': '空间暂退' },
  doc: {
    en: 'While training, sets whole channels to zero with the given probability and scales the others up: neighbouring pixels are too alike for dropout of single values. Does nothing at inference.',
    'zh-CN':
      '训练时以给定概率把整个通道置零，并放大其余通道：相邻像素过于相似，逐值暂退作用不大。推断时不起作用。',
  },
  params: { rate: dropoutRateField },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ rate }) => `${rate}`,
  infer(_, [input]) {
    const image = expectImage(input);
    return image.ok ? success(image.value) : image;
  },
  lower({ b, params: { rate }, inputs: [x], isTraining }) {
    invariant(x, 'SpatialDropout2D is lowered without an input');
    if (!isTraining || rate === 0) return x;
    const [, , , channels] = imageDims(x);
    const sizes = batchedSizes(b, x, [1, 1, channels]);
    return dropped(b, x, rate, { sizes, dims: [BATCH, 1, 1, channels] });
  },
  examples: [
    { inputs: [[4, 4, 6]], params: { rate: 0.2 } },
    { inputs: [[4, 4, 3]], params: { rate: 0 } },
  ],
});
