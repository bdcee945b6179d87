/** ZeroPadding2D: zeros around the image. */
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { sidesField } from '../common-fields';
import { defineNode } from '../define';
import { expectImage, sidesSummary } from '../windows';

export default defineNode({
  type: 'ZeroPadding2D',
  category: 'shape',
  title: { en: 'Zero padding', 'zh-CN': '零填充' },
  doc: {
    en: 'Adds rows and columns of zeros around the image.',
    'zh-CN': '在图像四周添加由零组成的行和列。',
  },
  params: {
    padding: sidesField([1, 1, 1, 1], {
      label: { en: 'Padding', 'zh-CN': '填充' },
      doc: { en: 'Pixels of zeros added to each side.', 'zh-CN': '每一侧添加的零像素数。' },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'padding',
  summary: ({ padding }) => sidesSummary(padding),
  infer({ padding: [top, bottom, left, right] }, [input]) {
    const image = expectImage(input);
    if (!image.ok) return image;
    const [height, width, channels] = image.value;
    return success([height + top + bottom, width + left + right, channels]);
  },
  lower({ b, params, inputs: [x] }) {
    invariant(x, 'ZeroPadding2D is lowered without an input');
    const [top, bottom, left, right] = params.padding;
    const paddings = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ] as const;
    return b.op('Pad', [x], { paddings });
  },
  examples: [
    { inputs: [[3, 4, 2]], params: {} },
    { inputs: [[3, 4, 2]], params: { padding: [0, 2, 1, 0] } },
  ],
});
