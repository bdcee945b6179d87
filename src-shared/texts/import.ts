/** Texts of imports, in the window and on the command line. */
import type { Outcome } from '../import/format';
import type { WeightOutcome } from '../import/match-weights';
import type { Text } from './text';

export const layerOutcomes: Readonly<Record<Outcome, Text>> = {
  taken: { en: 'taken', 'zh-CN': '已导入' },
  approximated: { en: 'approximated', 'zh-CN': '近似' },
  refused: { en: 'refused', 'zh-CN': '未能导入' },
};

export const weightOutcomes: Readonly<Record<WeightOutcome, Text>> = {
  kept: { en: 'taken', 'zh-CN': '已载入' },
  missing: { en: 'not in the file', 'zh-CN': '文件中没有' },
  misfit: { en: 'another size', 'zh-CN': '尺寸不符' },
  unused: { en: 'not in the network', 'zh-CN': '网络中没有' },
};

export const importTexts = {
  outcome: { en: 'Outcome', 'zh-CN': '结果' },
  weight: { en: 'Weight', 'zh-CN': '权重' },
  sizes: { en: 'Size', 'zh-CN': '尺寸' },
  sizesInFile: { en: 'Size in the file', 'zh-CN': '文件中的尺寸' },
  weightsKept: {
    en: '{kept} of {total} weights come from the file. The run is in {run}: evaluate, predict, export and train --weights take it.',
    'zh-CN':
      '{total} 个权重中有 {kept} 个来自文件。运行保存在 {run}：evaluate、predict、export 和 train --weights 均可使用。',
  },
  weightsLeft: {
    en: 'The file has {count, plural, one {# tensor of weights} other {# tensors of weights}}, which a document does not hold: --run DIR keeps them as a run.',
    'zh-CN': '文件含 {count} 个权重张量，文档中不保存权重：用 --run DIR 可将其保存为运行。',
  },
  started: {
    en: 'Beginning with {kept} of {total} weights from {from}.',
    'zh-CN': '{total} 个权重中有 {kept} 个取自 {from}。',
  },
  title: { en: 'Import {name}', 'zh-CN': '导入 {name}' },
  asNetwork: {
    en: 'Open the network of the file as a new document',
    'zh-CN': '将文件中的网络作为新文档打开',
  },
  asWeights: {
    en: 'Load its weights onto the open document',
    'zh-CN': '将其权重载入当前文档',
  },
  what: { en: 'What to import', 'zh-CN': '导入内容' },
  withWeights: {
    en: 'Its {count, plural, one {# tensor of weights comes} other {# tensors of weights come}} along: they can be tested, exported and trained on.',
    'zh-CN': '其中的 {count} 个权重张量一并导入：可用于测试、导出和继续训练。',
  },
  withoutWeights: { en: 'The file holds no weights.', 'zh-CN': '文件不含权重。' },
  layerCounts: {
    en: '{taken, plural, one {# layer} other {# layers}} taken, {approximated} approximated, {refused} refused',
    'zh-CN': '{taken} 层已导入，{approximated} 层近似，{refused} 层未能导入',
  },
  weightCounts: {
    en: '{kept} of {total} weights of the network are in the file with the same name and size',
    'zh-CN': '网络的 {total} 个权重中有 {kept} 个在文件中名称和尺寸相同',
  },
  keepInitial: {
    en: 'The others keep their initial values. The document itself is not changed.',
    'zh-CN': '其余权重保持初始值。文档本身不会改变。',
  },
  layers: { en: 'Layers of the file', 'zh-CN': '文件中的层' },
  weights: { en: 'Weights', 'zh-CN': '权重' },
  openNetwork: { en: 'Open network', 'zh-CN': '打开网络' },
  loadWeights: { en: 'Load weights', 'zh-CN': '载入权重' },
  loaded: {
    en: '{kept} of {total} weights loaded from {name}.',
    'zh-CN': '已从 {name} 载入 {total} 个权重中的 {kept} 个。',
  },
  imported: { en: '{name} imported.', 'zh-CN': '已导入 {name}。' },
  startWith: {
    en: 'Begin with the weights of {name}',
    'zh-CN': '以 {name} 的权重开始训练',
  },
} as const satisfies Record<string, Text>;
