/** Texts of `layerloom bench`: headings, progress, and what cannot be measured. */
import type { Text } from './text';

export const benchTexts = {
  network: { en: 'Network', 'zh-CN': '网络' },
  precision: { en: 'Precision', 'zh-CN': '精度' },
  measure: { en: 'Measured', 'zh-CN': '测量项' },
  peer: { en: 'Against', 'zh-CN': '对比' },
  ours: { en: 'Layerloom', 'zh-CN': 'Layerloom' },
  theirs: { en: 'Peer', 'zh-CN': '对方' },
  ratio: { en: 'Ratio', 'zh-CN': '比值' },
  target: { en: 'Target', 'zh-CN': '目标' },
  verdict: { en: 'Met', 'zh-CN': '达标' },
  met: { en: 'yes', 'zh-CN': '是' },
  missed: { en: 'no', 'zh-CN': '否' },
  caption: {
    en: 'Ratios above 1: Layerloom is faster, starts sooner or takes less memory. Layerloom counts with the median of its processes, a peer with the best process of its best variant.',
    'zh-CN':
      '比值大于 1：Layerloom 更快、启动更早或占用内存更少。Layerloom 取各进程的中位数，对方取其最佳方式中最好的进程。',
  },
  quickCaption: {
    en: 'A quick trial of the benchmark: one round of few steps, whose figures mean little.',
    'zh-CN': '仅为基准测试的快速试运行：一轮少量步骤，数字意义不大。',
  },
  imagesPerSecond: { en: '{value} images/s', 'zh-CN': '{value} 图像/秒' },
  seconds: { en: '{value} s', 'zh-CN': '{value} 秒' },
  mebibytes: { en: '{value} MiB', 'zh-CN': '{value} MiB' },
  running: {
    en: '{network} {precision} {task}, round {round} of {rounds}: {contestant}',
    'zh-CN': '{network} {precision} {task}，第 {round} 轮（共 {rounds} 轮）：{contestant}',
  },
  notMeasured: { en: 'Not measured:', 'zh-CN': '未测量：' },
  nothing: { en: 'There was nothing to compare.', 'zh-CN': '没有可比较的内容。' },
} as const satisfies Record<string, Text>;

/** What was measured, as the table calls it. */
export const measureTexts = {
  step: { en: 'training step', 'zh-CN': '训练步' },
  epoch: { en: 'epoch', 'zh-CN': '一轮' },
  plainEpoch: { en: 'epoch, not augmented', 'zh-CN': '一轮（无数据增强）' },
  inference: { en: 'evaluation', 'zh-CN': '评估' },
  firstStep: { en: 'time to first step', 'zh-CN': '到第一步的时间' },
  memory: { en: 'peak memory, steps', 'zh-CN': '峰值内存（训练步）' },
  epochMemory: { en: 'peak memory, epoch', 'zh-CN': '峰值内存（一轮）' },
} as const satisfies Record<string, Text>;

/** Why something is not measured. */
export const absenceTexts = {
  noPython: {
    en: 'no Python environment is named: --peers FOLDER or LAYERLOOM_PEERS',
    'zh-CN': '未指定 Python 环境：请使用 --peers 文件夹 或 LAYERLOOM_PEERS',
  },
  noPackage: { en: '{python} has no {package}', 'zh-CN': '{python} 中没有 {package}' },
  noPrograms: {
    en: "the peers' programs are not at {path}: they come with the source, not with the packaged app",
    'zh-CN': '{path} 没有对比程序：它们随源代码提供，不随打包的应用提供',
  },
  brokenPython: { en: '{python} does not run: {reason}', 'zh-CN': '{python} 无法运行：{reason}' },
  noDataset: {
    en: 'Fashion-MNIST is not on this machine: run npm run bootstrap',
    'zh-CN': '本机没有 Fashion-MNIST：请运行 npm run bootstrap',
  },
  noBf16: {
    en: 'the processor has no bf16 instructions, or this TensorFlow no kernels for them',
    'zh-CN': '处理器没有 bf16 指令，或此 TensorFlow 没有相应的内核',
  },
  noBf16Tfjs: { en: 'tfjs-layers computes in fp32 only', 'zh-CN': 'tfjs-layers 只以 fp32 计算' },
  otherNetwork: {
    en: 'it trains {theirs} parameters, Layerloom {ours}: not the same network',
    'zh-CN': '其训练参数为 {theirs} 个，Layerloom 为 {ours} 个：不是同一网络',
  },
} as const satisfies Record<string, Text>;
