/** Resizing: images in the size that the network was made for, such as 224×224 from 28×28. */
import { formatShape } from '../../ir/shape';
import { int } from '../../params/fields';
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { interpolationField } from '../common-fields';
import { defineNode } from '../define';
import { resize } from '../resizing';
import { expectImage } from '../windows';

const MAX_SIZE = 4096;

export default defineNode({
  type: 'Resizing',
  category: 'input-output',
  title: { en: 'Resizing', 'zh-CN': '调整大小' },
  doc: {
    en: 'Scales images to a height and width, so that a network made for large images takes small ones. Pixels are not averaged when it shrinks them.',
    'zh-CN': '把图像缩放到给定的高和宽，使为大图像设计的网络也能处理小图像。缩小时不对像素求平均。',
  },
  params: {
    height: int({
      default: 224,
      min: 1,
      max: MAX_SIZE,
      label: { en: 'Height', 'zh-CN': '高' },
      doc: { en: 'Rows of the output.', 'zh-CN': '输出的行数。' },
    }),
    width: int({
      default: 224,
      min: 1,
      max: MAX_SIZE,
      label: { en: 'Width', 'zh-CN': '宽' },
      doc: { en: 'Columns of the output.', 'zh-CN': '输出的列数。' },
    }),
    interpolation: interpolationField('bilinear'),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'height',
  summary: ({ height, width }) => formatShape([height, width]),
  infer({ height, width }, [input]) {
    const image = expectImage(input);
    return image.ok ? success([height, width, image.value[2]]) : image;
  },
  lower({ b, params: { height, width, interpolation }, inputs: [x] }) {
    invariant(x, 'Resizing is lowered without an input');
    return resize(b, x, [height, width], interpolation);
  },
  examples: [
    { inputs: [[4, 4, 2]], params: { height: 7, width: 6 } },
    { inputs: [[4, 5, 2]], params: { height: 6, width: 3, interpolation: 'nearest' } },
  ],
});
