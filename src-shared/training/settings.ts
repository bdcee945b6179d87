/** The training settings of a document, and why a run could not start with them. */
import type { Analysis } from '../compile/analysis';
import { datasetOf, datasets } from '../datasets';
import { formatShape, sameDims } from '../ir/shape';
import { optimizerNames, optimizerOf } from '../optimizers';
import { choice, float, int, parseParams } from '../params/fields';
import type { ParamsOf } from '../params/field';
import { type Problem, problem } from '../problems/problem';
import type { Json, JsonObject } from '../util/json';

const isOptimizer =
  (uses: 'usesMomentum' | 'usesWeightDecay') =>
  ({ optimizer }: Readonly<Record<string, Json>>) =>
    optimizerNames.some((name) => name === optimizer && optimizerOf(name)[uses]);

export const trainingSchema = {
  dataset: choice({
    default: 'fashion-mnist',
    choices: datasets.map(({ id, title }) => ({ value: id, label: title })),
    label: { en: 'Data set', 'zh-CN': '数据集' },
    doc: {
      en: 'Images to learn from, and others to test with.',
      'zh-CN': '用于学习的图像，以及用于测试的另一批图像。',
    },
  }),
  epochs: int({
    default: 5,
    min: 1,
    max: 10000,
    label: { en: 'Epochs', 'zh-CN': '轮数' },
    doc: { en: 'How often the network sees every training image.', 'zh-CN': '网络看遍所有训练图像的次数。' },
  }),
  batchSize: int({
    default: 64,
    min: 1,
    max: 65536,
    label: { en: 'Batch size', 'zh-CN': '批量大小' },
    doc: { en: 'How many images make one step.', 'zh-CN': '每一步使用的图像数。' },
  }),
  optimizer: choice({
    default: 'adam',
    choices: optimizerNames.map((value) => ({ value, label: optimizerOf(value).title })),
    label: { en: 'Optimizer', 'zh-CN': '优化器' },
    doc: { en: 'The rule by which a gradient changes the weights.', 'zh-CN': '梯度改变权重的规则。' },
  }),
  learningRate: float({
    default: 0.003,
    min: 1e-9,
    max: 1000,
    step: 0.001,
    label: { en: 'Learning rate', 'zh-CN': '学习率' },
    doc: { en: 'How far each step goes.', 'zh-CN': '每一步走多远。' },
  }),
  momentum: float({
    default: 0.9,
    min: 0,
    max: 0.9999,
    step: 0.05,
    label: { en: 'Momentum', 'zh-CN': '动量' },
    doc: { en: 'Share of the last step that goes on.', 'zh-CN': '上一步延续的比例。' },
    isRelevant: isOptimizer('usesMomentum'),
  }),
  weightDecay: float({
    default: 0,
    min: 0,
    max: 10,
    step: 0.0001,
    label: { en: 'Weight decay', 'zh-CN': '权重衰减' },
    doc: {
      en: 'Pulls kernels towards zero. For AdamW apart from the gradient, for SGD and momentum as part of it.',
      'zh-CN': '使卷积核和权重趋向零。AdamW 中与梯度分离，SGD 和动量法中作为梯度的一部分。',
    },
    isRelevant: isOptimizer('usesWeightDecay'),
  }),
  loss: choice({
    default: 'softmaxCrossEntropy',
    choices: [
      { value: 'softmaxCrossEntropy', label: { en: 'Softmax cross entropy', 'zh-CN': 'softmax 交叉熵' } },
    ],
    label: { en: 'Loss', 'zh-CN': '损失' },
    doc: { en: 'What training makes small.', 'zh-CN': '训练所要减小的量。' },
  }),
  seed: int({
    default: 1,
    min: 0,
    max: 2147483647,
    label: { en: 'Seed', 'zh-CN': '随机种子' },
    doc: { en: 'The same seed gives the same curve.', 'zh-CN': '相同的种子得到相同的曲线。' },
  }),
};

export type TrainingSettings = ParamsOf<typeof trainingSchema>;

export interface ParsedTraining {
  /** The default stands in for each refused value. */
  readonly settings: TrainingSettings;
  /** Refused values, as errors whose `param` is the setting. */
  readonly problems: readonly Problem[];
}

export function parseTraining(raw: JsonObject): ParsedTraining {
  const { values, issues } = parseParams(trainingSchema, raw);
  const problems = issues.map(({ param, issue }) => problem(issue.code, issue.args, { param }));
  return { settings: values, problems };
}

/** Why training cannot start: mistakes of the graph, and of the graph against data and settings. Empty when it can. */
export function trainingProblems(analysis: Analysis, raw: JsonObject): readonly Problem[] {
  const { settings, problems } = parseTraining(raw);
  const mistakes = analysis.problems.filter(({ severity }) => severity === 'error').length;
  const graph = mistakes > 0 ? [problem('run/graph-has-problems', { count: mistakes })] : [];
  return [...graph, ...problems, ...dataProblems(analysis, settings), ...batchProblems(analysis, settings)];
}

function dataProblems({ input, output }: Analysis, settings: TrainingSettings): readonly Problem[] {
  const dataset = datasetOf(settings.dataset);
  if (!dataset) return [];
  const found: Problem[] = [];
  const place = { param: 'dataset' };
  if (input && !sameDims(input, dataset.input)) {
    const args = {
      expected: formatShape(input),
      dataset: dataset.title.en,
      shape: formatShape(dataset.input),
    };
    found.push(problem('data/input-mismatch', args, place));
  }
  const units = output?.[0];
  const classes = dataset.classNames.length;
  if (units !== undefined && units !== classes) {
    found.push(problem('data/classes-mismatch', { units, dataset: dataset.title.en, classes }, place));
  }
  return found;
}

function batchProblems(analysis: Analysis, { batchSize, dataset }: TrainingSettings): readonly Problem[] {
  const place = { param: 'batchSize' };
  const samples = datasetOf(dataset)?.trainSamples ?? Infinity;
  if (batchSize > samples) return [problem('run/batch-larger-than-data', { batchSize, samples }, place)];
  const { minimumBatch } = analysis;
  if (minimumBatch.node === undefined || batchSize >= minimumBatch.size) return [];
  return [problem('run/batch-of-one', { name: minimumBatch.name ?? minimumBatch.node }, place)];
}
