/** GroupNormalization (Wu and He, 2018): per sample, over the pixels of a group of channels. */
import { elementsPerSample, withBatch } from '../../ir/shape';
import { int } from '../../params/fields';
import { invariant, required } from '../../util/assert';
import { failure, success } from '../../util/result';
import { epsilonField, MAX_CHANNELS } from '../common-fields';
import { groupIssues } from '../convolutions';
import { defineNode } from '../define';
import { scaleAndShift, standardize } from '../normalizing';

export default defineNode({
  type: 'GroupNormalization',
  category: 'normalization',
  title: { en: 'Group norm', 'zh-CN': '组归一化' },
  doc: {
    en: 'Centres and scales groups of channels over the whole image, sample by sample, then applies a learned scale γ and shift β. One group is layer normalisation of the image, as many as channels is instance normalisation.',
    'zh-CN':
      '对每个样本，把通道分组并在整幅图像上中心化和缩放，再施加可学习的缩放 γ 和平移 β。一组即对整幅图像做层归一化，组数等于通道数即实例归一化。',
  },
  params: {
    groups: int({
      default: 32,
      min: 1,
      max: MAX_CHANNELS,
      label: { en: 'Groups', 'zh-CN': '分组数' },
      doc: {
        en: 'Into how many groups the channels are split; it must divide them.',
        'zh-CN': '通道分成的组数，必须能整除通道数。',
      },
    }),
    epsilon: epsilonField(1e-3),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ groups }) => `${groups}`,
  infer({ groups }, [input]) {
    const shape = required(input, 'the input of GroupNormalization');
    const issues = groupIssues(groups, shape);
    return issues.length > 0 ? failure(issues) : success(shape);
  },
  lower({ b, params: { groups, epsilon }, inputs: [x] }) {
    invariant(x, 'GroupNormalization is lowered without an input');
    const channels = required(x.dims.at(-1), 'channels');
    const pixels = elementsPerSample(x.dims) / channels;
    const grouped = b.op('Reshape', [x], { dims: withBatch([pixels, groups, channels / groups]) });
    const even = standardize(b, grouped, [1, 3], epsilon);
    return scaleAndShift(b, b.op('Reshape', [even], { dims: x.dims }));
  },
  examples: [
    { inputs: [[4, 3, 6]], params: { groups: 3 } },
    { inputs: [[3, 3, 4]], params: { groups: 4, epsilon: 1e-5 } },
    { inputs: [[8]], params: { groups: 2 } },
  ],
});
