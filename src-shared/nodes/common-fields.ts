/** Parameters that several node types share, so that each text and limit stands once. */
import { initializerLabels, initializerNames, type InitializerSpec } from '../ir/initializers';
import { choice, bool, float, int, padding, sizes } from '../params/fields';

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

export const useBiasField = bool({
  default: true,
  label: { en: 'Use bias', 'zh-CN': '使用偏置' },
  doc: {
    en: 'Adds one learned number to each channel of the output.',
    'zh-CN': '为输出的每个通道加上一个可学习的数。',
  },
});

export const kernelInitializerField = choice({
  default: 'glorotUniform',
  choices: initializerNames.map((value) => ({ value, label: initializerLabels[value] })),
  label: { en: 'Kernel initializer', 'zh-CN': '权重初始化' },
  doc: { en: 'How the weights start before training.', 'zh-CN': '训练前权重的初始取值方式。' },
});

export const kernelStandardDeviationField = float({
  default: 0.05,
  min: 0,
  max: 100,
  step: 0.01,
  label: { en: 'Standard deviation', 'zh-CN': '标准差' },
  doc: { en: 'Of the normal initializer.', 'zh-CN': '正态初始化的标准差。' },
  isRelevant: ({ kernelInitializer }) => kernelInitializer === 'normal',
});

/** The fields that every node with a kernel has. */
export const kernelFields = {
  useBias: useBiasField,
  kernelInitializer: kernelInitializerField,
  kernelStandardDeviation: kernelStandardDeviationField,
};

export function kernelInitializer(params: {
  readonly kernelInitializer: InitializerSpec['name'];
  readonly kernelStandardDeviation: number;
}): InitializerSpec {
  return { name: params.kernelInitializer, standardDeviation: params.kernelStandardDeviation };
}
