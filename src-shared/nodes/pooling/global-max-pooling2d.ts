/** GlobalMaxPooling2D: the largest value of each channel. */
import { withBatch } from '../../ir/shape';
import { imageDims } from '../../ops/rules';
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';
import { expectImage } from '../windows';

export default defineNode({
  type: 'GlobalMaxPooling2D',
  category: 'pooling',
  title: { en: 'Global max pooling', 'zh-CN': '全局最大池化' },
  doc: {
    en: 'Keeps the largest value of each channel over the whole image: whether a feature is there, no matter where.',
    'zh-CN': '保留每个通道在整幅图像上的最大值：特征是否存在，而不论在何处。',
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
    invariant(x, 'GlobalMaxPooling2D is lowered without an input');
    const [, height, width, channels] = imageDims(x);
    const window = [height, width] as const;
    const pooled = b.op('MaxPool', [x], { window, strides: [1, 1], padding: 'VALID' });
    return b.op('Reshape', [pooled], { dims: withBatch([channels]) });
  },
  examples: [{ inputs: [[5, 7, 3]], params: {} }],
});
