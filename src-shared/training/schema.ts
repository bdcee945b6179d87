/** The training settings of a document as fields, in the groups in which forms show them. */
import { datasets } from '../datasets';
import { isFolderPath } from '../datasets/image-folder';
import { lossNames, lossOf } from '../losses';
import { optimizerNames, optimizerOf } from '../optimizers';
import type { ParamSchema, ParamsOf } from '../params/field';
import { dataset } from '../params/dataset-field';
import { choice, float, int } from '../params/fields';
import { numbers } from '../params/list-fields';
import type { Text } from '../texts/text';
import type { Json } from '../util/json';
import { augmentationFields } from './augmentation';
import { scheduleFields } from './learning-rate';
import { precisionNames, precisions } from './precision';

const isOptimizer =
  (uses: 'usesMomentum' | 'usesWeightDecay') =>
  ({ optimizer }: Readonly<Record<string, Json>>) =>
    optimizerNames.some((name) => name === optimizer && optimizerOf(name)[uses]);

const dataSettings = {
  dataset: dataset({
    default: 'fashion-mnist',
    choices: datasets.map(({ id, title }) => ({ value: id, label: title })),
    label: { en: 'Data set', 'zh-CN': '数据集' },
    doc: {
      en: 'Images to learn from, and others to test with: a built-in data set, or a folder with a folder of images for each class.',
      'zh-CN': '用于学习的图像，以及用于测试的另一批图像：内置数据集，或一个按类别分文件夹存放图像的文件夹。',
    },
  }),
  testShare: float({
    default: 0.2,
    min: 0.01,
    max: 0.9,
    step: 0.05,
    label: { en: 'Test share', 'zh-CN': '测试集比例' },
    doc: {
      en: 'Share of each class of an image folder that is kept for testing, chosen by the seed; only where the folder has no test folder.',
      'zh-CN': '图像文件夹中每个类别留作测试的比例，由随机种子选出；仅当该文件夹没有测试文件夹时使用。',
    },
    isRelevant: ({ dataset: named }) => typeof named === 'string' && isFolderPath(named),
  }),
};

const optimizationSettings = {
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
  ...scheduleFields,
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
};

const lossSettings = {
  loss: choice({
    default: 'softmaxCrossEntropy',
    choices: lossNames.map((value) => ({ value, label: lossOf(value).title })),
    label: { en: 'Loss', 'zh-CN': '损失' },
    doc: { en: 'What training makes small.', 'zh-CN': '训练所要减小的量。' },
  }),
  labelSmoothing: float({
    default: 0,
    min: 0,
    max: 0.99,
    step: 0.05,
    label: { en: 'Label smoothing', 'zh-CN': '标签平滑' },
    doc: {
      en: 'Share of each target that is taken from the label, so that the network is not driven to be certain: dealt to all classes by softmax cross entropy, to both answers by binary cross entropy.',
      'zh-CN':
        '从每个目标的标签中拿走的比例，使网络不至于过分确信：softmax 交叉熵分给所有类别，二元交叉熵分给是与否两个答案。',
    },
    isRelevant: ({ loss }) => lossNames.some((name) => name === loss && lossOf(name).usesLabelSmoothing),
  }),
  k: int({
    default: 5,
    min: 1,
    max: 1000,
    label: { en: 'k of top-k accuracy', 'zh-CN': 'top-k 准确率的 k' },
    doc: {
      en: 'Also counts how often the label is among the k likeliest classes; only where there are more classes than that.',
      'zh-CN': '同时统计标签属于前 k 个最可能类别的比例；仅当类别多于 k 时。',
    },
  }),
  classWeights: numbers({
    default: [],
    min: 0,
    max: 1e6,
    maxCount: 65536,
    label: { en: 'Class weights', 'zh-CN': '类别权重' },
    doc: {
      en: 'How much a training image counts, one number for each class in the order of the classes; empty counts all the same. Test loss does not use them.',
      'zh-CN': '各类别的训练图像所占的分量，按类别顺序每类一个数；留空则一视同仁。测试损失不使用它们。',
    },
  }),
};

const runSettings = {
  precision: choice({
    default: 'fp32',
    choices: precisionNames.map((value) => ({ value, label: precisions[value].title })),
    label: { en: 'Precision', 'zh-CN': '精度' },
    doc: {
      en: 'The number format of convolutions and matrix products. Weights, statistics and the loss stay in fp32. bf16 pays where the processor or GPU has instructions for it; fp16 is for GPUs that have none.',
      'zh-CN':
        '卷积与矩阵乘法使用的数值格式。权重、统计量和损失始终为 fp32。处理器或 GPU 有 bf16 指令时 bf16 才划算；fp16 用于没有 bf16 指令的 GPU。',
    },
  }),
  seed: int({
    default: 1,
    min: 0,
    max: 2147483647,
    label: { en: 'Seed', 'zh-CN': '随机种子' },
    doc: { en: 'The same seed gives the same curve.', 'zh-CN': '相同的种子得到相同的曲线。' },
  }),
};

/** Fields that are shown together under one heading. */
export interface SettingGroup {
  readonly id: string;
  readonly title: Text;
  readonly schema: ParamSchema;
  /** Whether forms show it open from the start. */
  readonly isOpen: boolean;
}

/** Every setting stands in one group, in the order in which forms show them. */
export const trainingGroups: readonly SettingGroup[] = [
  {
    id: 'data',
    title: { en: 'Data', 'zh-CN': '数据' },
    schema: dataSettings,
    isOpen: true,
  },
  {
    id: 'optimization',
    title: { en: 'Optimization', 'zh-CN': '优化' },
    schema: optimizationSettings,
    isOpen: true,
  },
  {
    id: 'augmentation',
    title: { en: 'Augmentation', 'zh-CN': '数据增强' },
    schema: augmentationFields,
    isOpen: false,
  },
  {
    id: 'loss',
    title: { en: 'Loss and metrics', 'zh-CN': '损失与指标' },
    schema: lossSettings,
    isOpen: false,
  },
  {
    id: 'run',
    title: { en: 'Run', 'zh-CN': '运行' },
    schema: runSettings,
    isOpen: false,
  },
];

export const trainingSchema = {
  ...dataSettings,
  ...optimizationSettings,
  ...augmentationFields,
  ...lossSettings,
  ...runSettings,
};

export type TrainingSettings = ParamsOf<typeof trainingSchema>;
