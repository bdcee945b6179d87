/** Rescaling: moves the range of the images. */
import { float } from '../../params/fields';
import { invariant, required } from '../../util/assert';
import { success } from '../../util/result';
import { defineNode } from '../define';

const MAX_FACTOR = 1e6;

export default defineNode({
  type: 'Rescaling',
  category: 'input-output',
  title: { en: 'Rescaling', 'zh-CN': '重新缩放' },
  doc: {
    en: 'Multiplies every value by the scale and adds the offset. Images come in from 0 to 1: scale 2 and offset -1 make that -1 to 1.',
    'zh-CN': '每个值乘以比例再加上偏移。图像的取值为 0 到 1：比例 2、偏移 -1 将其变为 -1 到 1。',
  },
  params: {
    scale: float({
      default: 2,
      min: -MAX_FACTOR,
      max: MAX_FACTOR,
      step: 0.1,
      label: { en: 'Scale', 'zh-CN': '比例' },
      doc: { en: 'Every value is multiplied by it.', 'zh-CN': '每个值都乘以它。' },
    }),
    offset: float({
      default: -1,
      min: -MAX_FACTOR,
      max: MAX_FACTOR,
      step: 0.1,
      label: { en: 'Offset', 'zh-CN': '偏移' },
      doc: { en: 'Added to every value afterwards.', 'zh-CN': '随后加到每个值上。' },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ scale, offset }) => `×${scale} ${offset < 0 ? '−' : '+'} ${Math.abs(offset)}`,
  infer: (_, [input]) => success(required(input, 'the input of Rescaling')),
  lower({ b, params: { scale, offset }, inputs: [x] }) {
    invariant(x, 'Rescaling is lowered without an input');
    return b.op('AddV2', [b.op('Mul', [x, b.float(scale)], {}), b.float(offset)], {});
  },
  examples: [
    { inputs: [[4, 4, 2]], params: {} },
    { inputs: [[5]], params: { scale: 0.5, offset: 0.25 } },
  ],
});
