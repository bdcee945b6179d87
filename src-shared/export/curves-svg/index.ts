/** The curves of a run as SVG. */
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { curvePicture } from '../pictures/curve-picture';
import { graphPictureOptions } from '../pictures/graph-picture';
import { defineTarget } from '../target';

export default defineTarget({
  id: 'curves-svg',
  group: 'picture',
  title: { en: 'Curves as SVG', 'zh-CN': '曲线（SVG）' },
  doc: {
    en: 'Loss and accuracy of the run, step by step and over the test images.',
    'zh-CN': '运行的损失与准确率：逐步的以及测试图像上的。',
  },
  output: { kind: 'file', extension: '.svg' },
  options: { theme: graphPictureOptions.theme, hasBackground: graphPictureOptions.hasBackground },
  needsWeights: false,
  needsRun: true,
  support: () => undefined,
  export({ origin, model, locale, fileName }, options) {
    invariant(origin.kind === 'run', 'curves are drawn without a run');
    const { svg } = curvePicture(origin, { name: model.name, locale, ...options });
    return success({ files: [{ path: fileName, parts: [svg] }] });
  },
});
