/** Problems of shapes: what does not fit together, or would be too large. */
import type { ProblemText } from './entry';

export const shapeProblems = {
  'shape/not-image': {
    message: {
      en: 'Got {shape}, expected an image: height × width × channels.',
      'zh-CN': '输入为 {shape}，应为图像：高×宽×通道。',
    },
    hint: {
      en: 'Put this node before Flatten or Global Average Pooling.',
      'zh-CN': '请把该节点放在展平或全局平均池化之前。',
    },
  },
  'shape/not-vector': {
    message: { en: 'Got {shape}, expected a vector of features.', 'zh-CN': '输入为 {shape}，应为特征向量。' },
    hint: {
      en: 'Insert Flatten or Global Average Pooling before it.',
      'zh-CN': '请在它之前插入展平或全局平均池化。',
    },
  },
  'shape/window-too-large': {
    message: {
      en: 'The {window} window is larger than its {input} input with padding.',
      'zh-CN': '{window} 的窗口大于其输入（含填充）{input}。',
    },
    hint: {
      en: 'Make the window smaller, add padding, or use less pooling before it.',
      'zh-CN': '请缩小窗口、增加填充，或减少之前的池化。',
    },
  },
  'shape/window-in-padding': {
    message: {
      en: 'A {window} window would lie in the padding alone, where there is no largest value.',
      'zh-CN': '{window} 的窗口会完全落在填充之中，那里没有最大值。',
    },
    hint: {
      en: 'Use less padding than the window is large.',
      'zh-CN': '请使填充小于窗口大小。',
    },
  },
  'shape/mismatch': {
    message: {
      en: '{first} brings {firstShape}, but {second} brings {secondShape}; all inputs must have equal shapes.',
      'zh-CN': '{first} 的形状为 {firstShape}，而 {second} 的形状为 {secondShape}；所有输入的形状必须相同。',
    },
    hint: {
      en: 'Change the layers before it so that the shapes agree, for example with a 1×1 convolution on one branch.',
      'zh-CN': '请修改之前的层使形状一致，例如在一个分支上使用 1×1 卷积。',
    },
  },
  'shape/mismatch-but-channels': {
    message: {
      en: '{first} brings {firstShape}, but {second} brings {secondShape}; only the channels may differ.',
      'zh-CN': '{first} 的形状为 {firstShape}，而 {second} 的形状为 {secondShape}；只有通道数可以不同。',
    },
    hint: {
      en: 'Make height and width equal, with padding or pooling.',
      'zh-CN': '请用填充或池化使高和宽一致。',
    },
  },
  'shape/too-large': {
    message: {
      en: 'The output {shape} has more than 2147483647 elements.',
      'zh-CN': '输出 {shape} 的元素超过 2147483647 个。',
    },
    hint: {
      en: 'Use fewer filters or units, or pool before it.',
      'zh-CN': '请减少卷积核或单元数，或先进行池化。',
    },
  },
  'shape/weights-too-large': {
    message: {
      en: 'A weight of shape {shape} has more than 2147483647 elements.',
      'zh-CN': '形状为 {shape} 的权重元素超过 2147483647 个。',
    },
    hint: {
      en: 'Use fewer filters or units, or make the input smaller before it.',
      'zh-CN': '请减少卷积核或单元数，或先缩小输入。',
    },
  },
  'shape/mismatch-broadcast': {
    message: {
      en: '{first} brings {firstShape}, but {second} brings {secondShape}; sizes must be equal, or 1 where one value serves all.',
      'zh-CN':
        '{first} 的形状为 {firstShape}，而 {second} 的形状为 {secondShape}；各尺寸必须相同，或为 1（同一值供全部使用）。',
    },
    hint: {
      en: 'Change the layers before it so that the shapes agree.',
      'zh-CN': '请修改之前的层使形状一致。',
    },
  },
  'shape/groups-channels': {
    message: {
      en: '{groups} groups do not divide the {channels} channels of the input.',
      'zh-CN': '{groups} 个组不能整除输入的 {channels} 个通道。',
    },
    hint: {
      en: 'Choose a number of groups that divides {channels}.',
      'zh-CN': '请选择能整除 {channels} 的组数。',
    },
  },
  'shape/groups-filters': {
    message: {
      en: '{groups} groups do not divide the {filters} filters.',
      'zh-CN': '{groups} 个组不能整除 {filters} 个卷积核。',
    },
    hint: {
      en: 'Choose a number of groups that divides the filters, or change the filters.',
      'zh-CN': '请选择能整除卷积核数的组数，或修改卷积核数。',
    },
  },
  'shape/dilated-and-strided': {
    message: {
      en: 'The dilation rate is {dilation} and the strides are {strides}; one of them must be 1.',
      'zh-CN': '膨胀率为 {dilation}，步幅为 {strides}；其中之一必须为 1。',
    },
    hint: { en: 'Set the strides to 1, or the dilation rate.', 'zh-CN': '请将步幅或膨胀率设为 1。' },
  },
  'shape/kernel-values': {
    message: {
      en: 'The typed-in kernel has shape {given}, the layer needs {expected}.',
      'zh-CN': '输入的卷积核形状为 {given}，该层需要 {expected}。',
    },
    hint: {
      en: 'Change the kernel size, or type as many rows and numbers as it has.',
      'zh-CN': '请修改卷积核大小，或输入与其相符的行数和数字。',
    },
  },
  'shape/crop-too-large': {
    message: {
      en: 'Cropping takes {crop} pixels of {size}; nothing is left.',
      'zh-CN': '裁剪 {crop} 像素，而图像为 {size}，没有剩余。',
    },
    hint: {
      en: 'Take fewer pixels off, so that at least one is left in each direction.',
      'zh-CN': '请减少裁剪的像素，使每个方向至少剩余一个。',
    },
  },
  'shape/reshape-count': {
    message: {
      en: 'The input {input} has {count} values, which do not fill {target}.',
      'zh-CN': '输入 {input} 有 {count} 个值，与 {target} 不符。',
    },
    hint: {
      en: 'Choose sizes whose product is {count}, or -1 for one of them.',
      'zh-CN': '请选择乘积为 {count} 的尺寸，或将其中一个设为 -1。',
    },
  },
} as const satisfies Record<string, ProblemText>;
