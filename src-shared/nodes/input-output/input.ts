/** Input: where the images of the data set enter. */
import { sizes } from '../../params/fields';
import { formatShape } from '../../ir/shape';
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

export default defineNode({
  type: 'Input',
  category: 'input-output',
  title: { en: 'Input', 'zh-CN': '输入' },
  doc: {
    en: 'The images of the data set enter here, as numbers from 0 to 1 (byte / 255).',
    'zh-CN': '数据集的图像从这里进入，取值为 0 到 1（字节值除以 255）。',
  },
  params: {
    shape: sizes({
      default: [28, 28, 1],
      min: 1,
      max: 4096,
      labels: [
        { en: 'Height', 'zh-CN': '高' },
        { en: 'Width', 'zh-CN': '宽' },
        { en: 'Channels', 'zh-CN': '通道' },
      ],
      label: { en: 'Shape', 'zh-CN': '形状' },
      doc: { en: 'Height, width and channels of one image.', 'zh-CN': '一张图像的高、宽和通道数。' },
    }),
  },
  inputs: { kind: 'none' },
  hasOutput: true,
  sizedBy: 'shape',
  summary: ({ shape }) => formatShape(shape),
  infer: ({ shape }) => success(shape),
  /** The compiler hands the images in as the only tensor. */
  lower({ inputs: [images] }) {
    invariant(images, 'Input is lowered without images');
    return images;
  },
  examples: [
    { inputs: [], params: {} },
    { inputs: [], params: { shape: [7, 9, 3] } },
  ],
});
