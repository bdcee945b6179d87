/** BatchNormalization (Ioffe and Szegedy, 2015), over the channels of images or the features of vectors. */
import type { WeightSpec } from '../../ir/builder';
import { BATCH } from '../../ir/types';
import { float } from '../../params/fields';
import { invariant } from '../../util/assert';
import { failure, success } from '../../util/result';
import { formatShape } from '../../ir/shape';
import { epsilonField } from '../common-fields';
import { defineNode } from '../define';

export default defineNode({
  type: 'BatchNormalization',
  category: 'normalization',
  title: { en: 'Batch norm', 'zh-CN': '批量归一化' },
  doc: {
    en: 'Centres and scales each channel over the batch, then applies a learned scale γ and shift β. At inference it uses moving averages.',
    'zh-CN': '在批量上对每个通道中心化并缩放，再施加可学习的缩放 γ 和平移 β。推断时使用移动平均。',
  },
  params: {
    momentum: float({
      default: 0.9,
      min: 0,
      max: 1,
      step: 0.01,
      label: { en: 'Momentum', 'zh-CN': '动量' },
      doc: {
        en: 'Share of the moving averages that each step keeps (PyTorch counts the other share: 0.1).',
        'zh-CN': '每一步保留的移动平均的比例（PyTorch 中为另一部分：0.1）。',
      },
    }),
    epsilon: epsilonField(1e-5),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: () => 'γ, β',
  infer(_, [input]) {
    if (input !== undefined && (input.length === 1 || input.length === 3)) return success(input);
    return failure([{ code: 'shape/not-image', args: { shape: formatShape(input ?? []) }, port: 'in' }]);
  },
  lower({ b, params: { momentum, epsilon }, inputs: [x], isTraining }) {
    invariant(x, 'BatchNormalization is lowered without an input');
    const channels = x.dims.at(-1);
    invariant(channels, 'BatchNormalization needs to know its channels');
    const spec = (role: WeightSpec['role'], name: 'zeros' | 'ones'): WeightSpec => ({
      role,
      dims: [channels],
      initializer: { name },
    });
    const [gamma, beta] = [b.weight(spec('gamma', 'ones')), b.weight(spec('beta', 'zeros'))];
    const [mean, variance] = [spec('movingMean', 'zeros'), spec('movingVariance', 'ones')];
    // The kernel takes images only; a vector is an image of one pixel.
    const image = x.dims.length === 2 ? b.op('Reshape', [x], { dims: [BATCH, 1, 1, channels] }) : x;
    const empty = b.constant({ dtype: 'float32', dims: [0], values: [] });
    const statistics = isTraining ? [empty, empty] : [b.weight(mean), b.weight(variance)];
    const [y, batchMean, batchVariance] = b.ops('FusedBatchNormV3', [image, gamma, beta, ...statistics], {
      epsilon,
      isTraining,
    });
    invariant(y && batchMean && batchVariance, 'FusedBatchNormV3 has three outputs');
    if (isTraining) {
      b.updateMoving(mean, batchMean, momentum);
      b.updateMoving(variance, batchVariance, momentum);
    }
    return x.dims.length === 2 ? b.op('Reshape', [y], { dims: x.dims }) : y;
  },
  examples: [
    { inputs: [[6, 6, 3]], params: {} },
    { inputs: [[5]], params: { momentum: 0.99, epsilon: 1e-3 } },
  ],
});
