/** A Markdown report: layers, data, settings and results. */
import { success } from '../../util/result';
import { defineTarget } from '../target';
import { modelCard } from './model-card';

export default defineTarget({
  id: 'model-card',
  group: 'report',
  title: { en: 'Model card (Markdown)', 'zh-CN': '模型卡（Markdown）' },
  doc: {
    en: 'A page about the network: layers, data, training settings and results.',
    'zh-CN': '关于网络的一页说明：层、数据、训练设置和结果。',
  },
  output: { kind: 'file', extension: '.md' },
  options: {},
  needsWeights: false,
  support: () => undefined,
  export: (input) => success({ files: [{ path: input.fileName, parts: [modelCard(input)] }] }),
});
