/** Parameters that several node types share, so that each text and limit stands once. */
import type { LayerBuilder, WeightSpec } from '../ir/builder';
import {
  initializerLabels,
  type InitializerName,
  initializerNames,
  type InitializerSpec,
} from '../ir/initializers';
import type { Dims, TensorRef } from '../ir/types';
import type { WeightRole } from '../ir/weights';
import { bool, choice, float, int, padding, sizes } from '../params/fields';
import { kernel, type KernelValues } from '../params/list-fields';
import type { Text } from '../texts/text';
import { kernelLiteral } from './kernel-values';

/** Largest count of filters or units: far above any use, and low enough that sizes stay exact numbers. */
export const MAX_CHANNELS = 65536;
const MAX_WINDOW = 1024;

export const filtersField = int({
  default: 32,
  min: 1,
  max: MAX_CHANNELS,
  label: { en: 'Filters', 'zh-CN': '卷积核数' },
  doc: {
    en: 'How many kernels slide over the input: the channels of the output.',
    'zh-CN': '在输入上滑动的卷积核个数，即输出的通道数。',
  },
});

export const unitsField = int({
  default: 10,
  min: 1,
  max: MAX_CHANNELS,
  label: { en: 'Units', 'zh-CN': '单元数' },
  doc: { en: 'How many values the layer gives.', 'zh-CN': '该层输出值的个数。' },
});

export const kernelSizeField = sizes({
  default: [3, 3],
  min: 1,
  max: MAX_WINDOW,
  label: { en: 'Kernel size', 'zh-CN': '卷积核大小' },
  doc: { en: 'Height and width of each kernel.', 'zh-CN': '每个卷积核的高和宽。' },
});

export const poolSizeField = sizes({
  default: [2, 2],
  min: 1,
  max: MAX_WINDOW,
  label: { en: 'Pool size', 'zh-CN': '池化窗口' },
  doc: { en: 'Height and width of the window.', 'zh-CN': '窗口的高和宽。' },
});

/** The default differs: a convolution moves by one pixel, a pooling by its window. */
export function stridesField(initial: number) {
  return sizes({
    default: [initial, initial],
    min: 1,
    max: MAX_WINDOW,
    label: { en: 'Strides', 'zh-CN': '步幅' },
    doc: {
      en: 'How many pixels the window moves down and right at a time.',
      'zh-CN': '窗口每次向下和向右移动的像素数。',
    },
  });
}

export const paddingField = padding({
  default: 'valid',
  max: MAX_WINDOW,
  label: { en: 'Padding', 'zh-CN': '填充' },
  doc: {
    en: 'Pixels added around the input: valid adds none, same keeps height and width at stride 1, or type them per side.',
    'zh-CN': '在输入四周添加的像素：valid 不添加，same 在步幅为 1 时保持高和宽不变，也可逐边输入。',
  },
});

/** Of a transposed convolution, where padding makes the output smaller. */
export const transposedPaddingField = padding({
  default: 'valid',
  max: MAX_WINDOW,
  label: { en: 'Padding', 'zh-CN': '填充' },
  doc: {
    en: 'same multiplies height and width by the strides, valid keeps all that the kernel reaches; pixels typed per side are taken off that.',
    'zh-CN': 'same 使高和宽乘以步幅，valid 保留卷积核所及的全部；逐边输入的像素会从中去掉。',
  },
});

const useBiasField = bool({
  default: true,
  label: { en: 'Use bias', 'zh-CN': '使用偏置' },
  doc: {
    en: 'Adds one learned number to each channel of the output.',
    'zh-CN': '为输出的每个通道加上一个可学习的数。',
  },
});

const initializerChoices = initializerNames.map((value) => ({ value, label: initializerLabels[value] }));

const kernelInitializerTexts = {
  label: { en: 'Kernel initializer', 'zh-CN': '权重初始化' },
  doc: { en: 'How the weights start before training.', 'zh-CN': '训练前权重的初始取值方式。' },
} as const;

export const kernelInitializerField = choice({
  default: 'glorotUniform',
  choices: initializerChoices,
  ...kernelInitializerTexts,
});

const kernelStandardDeviationField = float({
  default: 0.05,
  min: 0,
  max: 100,
  step: 0.01,
  label: { en: 'Standard deviation', 'zh-CN': '标准差' },
  doc: { en: 'Of the normal initializer.', 'zh-CN': '正态初始化的标准差。' },
  isRelevant: ({ kernelInitializer }) => kernelInitializer === 'normal',
});

const isTrainableField = bool({
  default: true,
  label: { en: 'Trainable', 'zh-CN': '可训练' },
  doc: {
    en: 'Off freezes the node: its weights stay as they start.',
    'zh-CN': '关闭后冻结该节点：权重保持初始值不变。',
  },
});

const regularizerField = (name: 'L1' | 'L2', doc: Text) =>
  float({
    default: 0,
    min: 0,
    max: 10,
    step: 0.0001,
    label: { en: `${name} penalty`, 'zh-CN': `${name} 正则化` },
    doc,
  });

const regularizerFields = {
  kernelRegularizerL1: regularizerField('L1', {
    en: 'Adds this times the sum of the kernel’s absolute values to the training loss: weights that do little become zero.',
    'zh-CN': '训练损失加上该系数与卷积核各值绝对值之和的乘积：作用不大的权重会变为零。',
  }),
  kernelRegularizerL2: regularizerField('L2', {
    en: 'Adds this times the sum of the kernel’s squares to the training loss: weights stay small.',
    'zh-CN': '训练损失加上该系数与卷积核各值平方和的乘积：权重保持较小。',
  }),
};

const trainingFields = { ...regularizerFields, isTrainable: isTrainableField };

/** The fields that every node with a kernel has. */
export const kernelFields = {
  useBias: useBiasField,
  kernelInitializer: kernelInitializerField,
  kernelStandardDeviation: kernelStandardDeviationField,
  ...trainingFields,
};

/** Far above any kernel that a person types, and small in a file. */
const MAX_TYPED_VALUES = 65536;

/** `kernelFields` with a kernel that can be typed in. */
export const typedKernelFields = {
  useBias: useBiasField,
  kernelInitializer: choice({
    default: 'glorotUniform',
    choices: [...initializerChoices, { value: 'custom', label: { en: 'Typed in', 'zh-CN': '手动输入' } }],
    ...kernelInitializerTexts,
  }),
  kernelStandardDeviation: kernelStandardDeviationField,
  kernelValues: kernel({
    default: [[1, -1]],
    max: MAX_TYPED_VALUES,
    label: { en: 'Kernel', 'zh-CN': '卷积核' },
    doc: {
      en: 'Rows of numbers as high and wide as the kernel, used for every pair of input and output channel; or all values, nested as [height][width][input channel][output channel].',
      'zh-CN':
        '与卷积核同高同宽的若干行数字，用于每一对输入和输出通道；也可按 [高][宽][输入通道][输出通道] 嵌套给出全部值。',
    },
    isRelevant: ({ kernelInitializer }) => kernelInitializer === 'custom',
  }),
  ...trainingFields,
};

export const dilationRateField = sizes({
  default: [1, 1],
  min: 1,
  max: MAX_WINDOW,
  label: { en: 'Dilation rate', 'zh-CN': '膨胀率' },
  doc: {
    en: 'Distance between the pixels that a kernel looks at: 2 skips every other one. Above 1 the strides must be 1.',
    'zh-CN': '卷积核所看像素之间的距离：2 表示隔一个取一个。大于 1 时步幅必须为 1。',
  },
});

export const depthMultiplierField = int({
  default: 1,
  min: 1,
  max: 1024,
  label: { en: 'Depth multiplier', 'zh-CN': '深度倍数' },
  doc: {
    en: 'How many kernels each channel has, and so how many channels it becomes.',
    'zh-CN': '每个通道的卷积核个数，即每个通道变成的通道数。',
  },
});

export const epsilonField = (initial: number) =>
  float({
    default: initial,
    min: 1e-10,
    max: 1,
    step: initial,
    label: { en: 'Epsilon', 'zh-CN': 'ε' },
    doc: { en: 'Added to the variance, against division by zero.', 'zh-CN': '加到方差上，避免除以零。' },
  });

export const interpolationField = (initial: 'nearest' | 'bilinear') =>
  choice({
    default: initial,
    choices: [
      { value: 'nearest', label: { en: 'Nearest', 'zh-CN': '最近邻' } },
      { value: 'bilinear', label: { en: 'Bilinear', 'zh-CN': '双线性' } },
    ],
    label: { en: 'Interpolation', 'zh-CN': '插值' },
    doc: {
      en: 'Nearest repeats or drops pixels, bilinear mixes the four around. Pixel centres lie at halves.',
      'zh-CN': '最近邻重复或舍弃像素，双线性混合周围四个像素。像素中心位于半整数处。',
    },
  });

interface KernelParams {
  readonly useBias: boolean;
  readonly kernelInitializer: InitializerName | 'custom';
  readonly kernelStandardDeviation: number;
  readonly kernelRegularizerL1: number;
  readonly kernelRegularizerL2: number;
  readonly isTrainable: boolean;
  readonly kernelValues?: KernelValues;
}

/** The kernel of a node with `kernelFields`. */
export function kernelSpec(params: KernelParams, dims: Dims, role: WeightRole = 'kernel'): WeightSpec {
  const { kernelInitializer: name, kernelStandardDeviation, kernelValues = [], isTrainable } = params;
  const initializer: InitializerSpec =
    name === 'custom'
      ? { name, value: kernelLiteral(kernelValues) }
      : { name, standardDeviation: kernelStandardDeviation };
  const regularizer = { l1: params.kernelRegularizerL1, l2: params.kernelRegularizerL2 };
  return { role, dims, initializer, isTrainable, regularizer };
}

/** Adds the bias of a node with `kernelFields`, if it has one. */
export function addBias(
  b: LayerBuilder,
  y: TensorRef,
  { useBias, isTrainable }: Pick<KernelParams, 'useBias' | 'isTrainable'>,
): TensorRef {
  if (!useBias) return y;
  const dims = y.dims.slice(-1);
  const bias = b.weight({ role: 'bias', dims, initializer: { name: 'zeros' }, isTrainable });
  return b.op('BiasAdd', [y, bias], {});
}

const sideLabels = [
  { en: 'Top', 'zh-CN': '上' },
  { en: 'Bottom', 'zh-CN': '下' },
  { en: 'Left', 'zh-CN': '左' },
  { en: 'Right', 'zh-CN': '右' },
];

/** Pixels of the four sides: top, bottom, left, right. */
export const sidesField = (
  initial: readonly [number, number, number, number],
  texts: { readonly label: Text; readonly doc: Text },
) => sizes({ default: initial, min: 0, max: MAX_WINDOW, labels: sideLabels, ...texts });

export const dropoutRateField = float({
  default: 0.5,
  min: 0,
  max: 0.99,
  step: 0.05,
  label: { en: 'Rate', 'zh-CN': '比率' },
  doc: { en: 'Probability that a value is dropped.', 'zh-CN': '每个值被置零的概率。' },
});
