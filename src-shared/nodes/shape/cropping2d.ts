/** Cropping2D: takes the edges off an image. */
import { formatShape } from '../../ir/shape';
import { imageDims } from '../../ops/rules';
import { invariant } from '../../util/assert';
import { failure, success } from '../../util/result';
import { sidesField } from '../common-fields';
import { defineNode } from '../define';
import { expectImage, sidesSummary } from '../windows';

export default defineNode({
  type: 'Cropping2D',
  category: 'shape',
  title: { en: 'Cropping', 'zh-CN': '裁剪' },
  doc: {
    en: 'Takes rows and columns off the sides of the image.',
    'zh-CN': '从图像各侧去掉若干行和列。',
  },
  params: {
    cropping: sidesField([0, 0, 0, 0], {
      label: { en: 'Cropping', 'zh-CN': '裁剪' },
      doc: { en: 'Pixels taken off each side.', 'zh-CN': '每一侧去掉的像素数。' },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ cropping }) => sidesSummary(cropping),
  infer({ cropping: [top, bottom, left, right] }, [input]) {
    const image = expectImage(input);
    if (!image.ok) return image;
    const [height, width, channels] = image.value;
    const size = [height - top - bottom, width - left - right];
    if (size.every((each) => each > 0)) return success([...size, channels]);
    const args = { crop: formatShape([top + bottom, left + right]), size: formatShape([height, width]) };
    return failure([{ code: 'shape/crop-too-large', args, param: 'cropping' }]);
  },
  lower({ b, params, inputs: [x] }) {
    invariant(x, 'Cropping2D is lowered without an input');
    const [top, bottom, left, right] = params.cropping;
    const [batch, height, width, channels] = imageDims(x);
    return b.op('Slice', [x], {
      begin: [0, top, left, 0],
      size: [batch, height - top - bottom, width - left - right, channels],
    });
  },
  examples: [
    { inputs: [[4, 4, 2]], params: {} },
    { inputs: [[5, 6, 2]], params: { cropping: [1, 0, 2, 1] } },
  ],
});
