/** The graph as PNG. */
import { float } from '../../params/fields';
import { problem } from '../../problems/problem';
import { failure, success } from '../../util/result';
import { graphPicture, graphPictureOptions } from '../pictures/graph-picture';
import { defineDrawing } from '../target';

/** More pixels than this need gigabytes while they are drawn. */
const MAX_PIXELS = 2 ** 27;

export default defineDrawing({
  id: 'png',
  group: 'picture',
  title: { en: 'Graph as PNG', 'zh-CN': '图（PNG）' },
  doc: {
    en: 'The graph as it is drawn, in pixels, for whatever takes no SVG.',
    'zh-CN': '所绘的图，像素格式，用于不支持 SVG 的场合。',
  },
  output: { kind: 'file', extension: '.png' },
  options: {
    ...graphPictureOptions,
    scale: float({
      default: 2,
      min: 0.1,
      max: 16,
      step: 0.5,
      label: { en: 'Scale', 'zh-CN': '缩放' },
      doc: {
        en: 'Pixels for each pixel of the canvas at 100 %.',
        'zh-CN': '画布 100% 时每个像素对应的像素数。',
      },
    }),
  },
  draw(input, options) {
    const drawn = graphPicture(input, options);
    if (!drawn.ok) return drawn;
    const { svg } = drawn.value;
    const width = Math.max(1, Math.round(drawn.value.width * options.scale));
    const height = Math.max(1, Math.round(drawn.value.height * options.scale));
    if (width * height > MAX_PIXELS) {
      return failure([problem('export/picture-too-large', { width, height }, { param: 'scale' })]);
    }
    return success({ files: [{ path: input.fileName, svg, width }] });
  },
});
