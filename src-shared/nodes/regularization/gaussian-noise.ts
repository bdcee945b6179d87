/** GaussianNoise: a disturbance added while training. */
import { float } from '../../params/fields';
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

export default defineNode({
  type: 'GaussianNoise',
  category: 'regularization',
  title: { en: 'Gaussian noise', 'zh-CN': '高斯噪声' },
  doc: {
    en: 'While training, adds random numbers of mean 0 to every value, so that the network does not cling to small details. Does nothing at inference.',
    'zh-CN': '训练时为每个值加上均值为 0 的随机数，使网络不依赖细枝末节。推断时不起作用。',
  },
  params: {
    stddev: float({
      default: 0.1,
      min: 0,
      max: 1000,
      step: 0.05,
      label: { en: 'Standard deviation', 'zh-CN': '标准差' },
      doc: { en: 'How strong the noise is.', 'zh-CN': '噪声的强度。' },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ stddev }) => `${stddev}`,
  infer: (_, [input]) => success(required(input, 'the input of GaussianNoise')),
  lower({ b, params: { stddev }, inputs: [x], isTraining }) {
    invariant(x, 'GaussianNoise is lowered without an input');
    if (!isTraining || stddev === 0) return x;
    const sizes = b.op('Shape', [x], {});
    const unit = b.op('StatelessRandomNormal', [sizes, b.randomKey()], { dims: x.dims });
    return b.op('AddV2', [x, b.op('Mul', [unit, b.float(stddev)], {})], {});
  },
  examples: [
    { inputs: [[4, 4, 3]], params: {} },
    { inputs: [[6]], params: { stddev: 0.02 } },
  ],
});
