/** GlobalAveragePooling2D: one number per channel. */
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';
import { expectImage } from '../windows';

export default defineNode({
  type: 'GlobalAveragePooling2D',
  category: 'pooling',
  title: { en: 'Global average pooling', 'zh-CN': '全局平均池化' },
  doc: {
    en: 'Averages each channel over the whole image: a vector with one value per channel, and no weights.',
    'zh-CN': '对每个通道在整幅图像上求平均：得到每个通道一个值的向量，没有权重。',
  },
  params: {},
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: () => '',
  infer(_, [input]) {
    const image = expectImage(input);
    return image.ok ? success([image.value[2]]) : image;
  },
  lower({ b, inputs: [x] }) {
    invariant(x, 'GlobalAveragePooling2D is lowered without an input');
    return b.op('Mean', [x], { axes: [1, 2], keepDims: false });
  },
  examples: [{ inputs: [[5, 7, 3]], params: {} }],
});
