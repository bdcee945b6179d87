/** Texts of the export dialog. */
import type { TargetGroup } from '../export/target';
import type { Text } from './text';

export const exportTexts = {
  title: { en: 'Export', 'zh-CN': '导出' },
  formats: { en: 'Format', 'zh-CN': '格式' },
  options: { en: 'Options', 'zh-CN': '选项' },
  weights: { en: 'Weights', 'zh-CN': '权重' },
  runSource: {
    en: 'Trained, run {number}: newest checkpoint, after {epochs, plural, one {# epoch} other {# epochs}}',
    'zh-CN': '已训练，运行 {number}：最新检查点，第 {epochs} 轮之后',
  },
  documentSource: {
    en: 'Not trained: the network as drawn, with initial weights (seed {seed})',
    'zh-CN': '未训练：所绘网络，初始权重（种子 {seed}）',
  },
  edited: {
    en: 'The network was edited after this run began. What is exported is the network as it was trained.',
    'zh-CN': '此运行开始后网络已被编辑。导出的是训练时的网络。',
  },
  nothingTrained: {
    en: 'Nothing was trained in this window yet.',
    'zh-CN': '此窗口中还没有训练过网络。',
  },
  onlySelection: {
    en: 'Selected nodes only ({count})',
    'zh-CN': '仅所选节点（{count}）',
  },
  check: { en: 'Check what was exported', 'zh-CN': '核对导出的内容' },
  noCheck: { en: 'This format has nothing to check.', 'zh-CN': '此格式没有可核对的内容。' },
  cannot: {
    en: '{count, plural, one {This stands in the way:} other {These # things stand in the way:}}',
    'zh-CN': '存在 {count} 个问题，无法导出：',
  },
  fits: { en: 'Every node can be exported.', 'zh-CN': '所有节点都可以导出。' },
  start: { en: 'Export…', 'zh-CN': '导出…' },
  preparing: { en: 'Preparing', 'zh-CN': '正在准备' },
  writing: { en: 'Writing {done} of {total}', 'zh-CN': '正在写入 {done} / {total}' },
  checking: { en: 'Checking', 'zh-CN': '正在核对' },
  cancelled: { en: 'Cancelled. Nothing was written.', 'zh-CN': '已取消，没有写入任何内容。' },
  failed: { en: 'Nothing was written.', 'zh-CN': '没有写入任何内容。' },
  written: { en: 'Exported to {path}', 'zh-CN': '已导出到 {path}' },
  files: {
    en: '{count, plural, one {# file} other {# files}}, {size}',
    'zh-CN': '{count} 个文件，{size}',
  },
  initial: {
    en: 'The weights are initial ones: nothing was trained.',
    'zh-CN': '权重为初始值：未经训练。',
  },
  trained: {
    en: 'The weights are those after {epochs, plural, one {# epoch} other {# epochs}}.',
    'zh-CN': '权重取自第 {epochs} 轮之后。',
  },
  checkedPredictions: {
    en: 'Checked with {reader}: on {count, plural, one {# test image} other {# test images}} the largest difference is {difference}.',
    'zh-CN': '已用 {reader} 核对：在 {count} 张测试图像上最大差异为 {difference}。',
  },
  checkedTensors: {
    en: 'Checked with {reader}: over {count, plural, one {# tensor} other {# tensors}} the largest difference is {difference}.',
    'zh-CN': '已用 {reader} 核对：{count} 个张量中最大差异为 {difference}。',
  },
  notChecked: { en: 'It was not checked.', 'zh-CN': '未经核对。' },
  notes: { en: 'To know:', 'zh-CN': '请注意：' },
  show: { en: 'Show in folder', 'zh-CN': '在文件夹中显示' },
  another: { en: 'Export another', 'zh-CN': '继续导出' },
} as const satisfies Record<string, Text>;

export const targetGroupTexts: Readonly<Record<TargetGroup, Text>> = {
  model: { en: 'Models', 'zh-CN': '模型' },
  code: { en: 'Code to train elsewhere', 'zh-CN': '在别处训练的代码' },
  weights: { en: 'Weights alone', 'zh-CN': '仅权重' },
  picture: { en: 'Pictures and curves', 'zh-CN': '图片与曲线' },
  report: { en: 'Reports', 'zh-CN': '报告' },
};
