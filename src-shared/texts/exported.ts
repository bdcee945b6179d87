/** Texts inside of exported pictures and reports. */
import type { Text } from './text';

export const exportedTexts = {
  loss: { en: 'Loss', 'zh-CN': '损失' },
  accuracy: { en: 'Accuracy', 'zh-CN': '准确率' },
  step: { en: 'step', 'zh-CN': '步' },
  training: { en: 'training', 'zh-CN': '训练' },
  test: { en: 'test', 'zh-CN': '测试' },
  madeWith: { en: 'Made with Layerloom {version}.', 'zh-CN': '由 Layerloom {version} 生成。' },
  summary: {
    en: 'A convolutional network of {layers, plural, one {# layer} other {# layers}} with {params} weights, {trainable} of them trained, and {macs} multiply-adds for one image.',
    'zh-CN':
      '一个包含 {layers} 层、{params} 个权重（其中 {trainable} 个参与训练）的卷积网络，每张图像 {macs} 次乘加。',
  },
  untrained: {
    en: 'It is not trained: weights are those that training would begin with (seed {seed}).',
    'zh-CN': '尚未训练：权重为训练开始时的初始值（种子 {seed}）。',
  },
  results: { en: 'Results', 'zh-CN': '结果' },
  data: { en: 'Data', 'zh-CN': '数据' },
  dataset: { en: 'Data set', 'zh-CN': '数据集' },
  samples: { en: 'Images for training and for the test', 'zh-CN': '训练图像与测试图像' },
  classes: { en: 'Classes', 'zh-CN': '类别' },
  settings: { en: 'Training settings', 'zh-CN': '训练设置' },
  setting: { en: 'Setting', 'zh-CN': '设置' },
  value: { en: 'Value', 'zh-CN': '值' },
  layers: { en: 'Layers', 'zh-CN': '层' },
  layer: { en: 'Layer', 'zh-CN': '层' },
  type: { en: 'Type', 'zh-CN': '类型' },
  output: { en: 'Output', 'zh-CN': '输出' },
  weights: { en: 'Weights', 'zh-CN': '权重' },
  multiplyAdds: { en: 'Multiply-adds', 'zh-CN': '乘加' },
  total: { en: 'Total', 'zh-CN': '合计' },
  measure: { en: 'Measure', 'zh-CN': '指标' },
  epochs: { en: 'Epochs', 'zh-CN': '轮数' },
  epoch: { en: 'Epoch', 'zh-CN': '轮' },
  trainLoss: { en: 'Loss', 'zh-CN': '损失' },
  trainAccuracy: { en: 'Accuracy', 'zh-CN': '准确率' },
  testLoss: { en: 'Test loss', 'zh-CN': '测试损失' },
  testAccuracy: { en: 'Test accuracy', 'zh-CN': '测试准确率' },
  seconds: { en: 'Seconds', 'zh-CN': '秒' },
  device: { en: 'Device', 'zh-CN': '设备' },
  started: { en: 'Started', 'zh-CN': '开始时间' },
  noEpoch: { en: 'No epoch was finished.', 'zh-CN': '没有完成任何一轮。' },
  use: { en: 'Input and output', 'zh-CN': '输入与输出' },
  useInput: {
    en: 'The network takes {shape} images (height × width × channels) as float32: every byte is divided by 255.',
    'zh-CN': '网络接受 {shape}（高×宽×通道）的 float32 图像：每个字节除以 255。',
  },
  useSoftmax: {
    en: 'It gives {classes} probabilities, one for each class, which add up to 1.',
    'zh-CN': '输出 {classes} 个概率，每类一个，总和为 1。',
  },
  useSigmoid: {
    en: 'It gives {classes} probabilities, one for each class by itself.',
    'zh-CN': '输出 {classes} 个概率，每类各自独立。',
  },
  useIdentity: {
    en: 'It gives {classes} values, one for each class; the largest is the answer.',
    'zh-CN': '输出 {classes} 个值，每类一个；最大者即为答案。',
  },
} as const satisfies Record<string, Text>;
