/** The graph as SVG. */
import { success } from '../../util/result';
import { graphPicture, graphPictureOptions } from '../pictures/graph-picture';
import { defineDrawing } from '../target';

export default defineDrawing({
  id: 'svg',
  group: 'picture',
  title: { en: 'Graph as SVG', 'zh-CN': '图（SVG）' },
  doc: {
    en: 'The graph as it is drawn, sharp at any size, with its texts as texts: for papers and slides.',
    'zh-CN': '所绘的图，任意尺寸下都清晰，文字保持为文字：用于论文和幻灯片。',
  },
  output: { kind: 'file', extension: '.svg' },
  options: graphPictureOptions,
  draw(input, options) {
    const drawn = graphPicture(input, options);
    if (!drawn.ok) return drawn;
    return success({ files: [{ path: input.fileName, parts: [drawn.value.svg] }] });
  },
});
