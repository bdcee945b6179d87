/** UpSampling2D: every pixel becomes several. */
import { formatShape } from '../../ir/shape';
import { sizes } from '../../params/fields';
import { imageDims } from '../../ops/rules';
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { interpolationField } from '../common-fields';
import { defineNode } from '../define';
import { resize } from '../resizing';
import { expectImage } from '../windows';

export default defineNode({
  type: 'UpSampling2D',
  category: 'shape',
  title: { en: 'Upsampling', 'zh-CN': '上采样' },
  doc: {
    en: 'Makes the image larger by whole factors, repeating pixels or mixing neighbours. It has no weights.',
    'zh-CN': '按整数倍放大图像，重复像素或混合相邻像素。没有权重。',
  },
  params: {
    size: sizes({
      default: [2, 2],
      min: 1,
      max: 64,
      label: { en: 'Factor', 'zh-CN': '倍数' },
      doc: { en: 'How many times larger height and width become.', 'zh-CN': '高和宽放大的倍数。' },
    }),
    interpolation: interpolationField('nearest'),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'size',
  summary: ({ size }) => `×${size[0] === size[1] ? size[0] : formatShape(size)}`,
  infer({ size }, [input]) {
    const image = expectImage(input);
    if (!image.ok) return image;
    const [height, width, channels] = image.value;
    return success([height * size[0], width * size[1], channels]);
  },
  lower({ b, params: { size, interpolation }, inputs: [x] }) {
    invariant(x, 'UpSampling2D is lowered without an input');
    const [, height, width] = imageDims(x);
    return resize(b, x, [height * size[0], width * size[1]], interpolation);
  },
  examples: [
    { inputs: [[3, 4, 2]], params: {} },
    { inputs: [[3, 2, 2]], params: { size: [2, 3], interpolation: 'bilinear' } },
  ],
});
