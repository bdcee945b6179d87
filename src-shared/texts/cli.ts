/** Texts of the command line: help, what it refuses, and the words around its tables. */
import type { Text } from './text';

/** One line per command. */
export const commandTexts = {
  templates: { en: 'Lists the networks to start from.', 'zh-CN': '列出可用作起点的网络模板。' },
  new: { en: 'Writes a template to a file.', 'zh-CN': '将模板写入文件。' },
  inspect: { en: 'Shows shapes, costs and problems of a network.', 'zh-CN': '显示网络的形状、开销和问题。' },
  train: { en: 'Trains a network and keeps the run in a folder.', 'zh-CN': '训练网络并将运行保存到文件夹。' },
  evaluate: {
    en: 'Tells loss and accuracy of a run over the test images.',
    'zh-CN': '计算运行在测试图像上的损失和准确率。',
  },
  predict: {
    en: 'Says what a trained network sees in PNG and JPEG images.',
    'zh-CN': '用训练好的网络识别 PNG 和 JPEG 图像。',
  },
  export: {
    en: 'Writes a trained network, or a document with initial weights, for other programs.',
    'zh-CN': '把训练好的网络（或带初始权重的文档）写成其他程序可用的格式。',
  },
  import: {
    en: 'Reads a network of another program, or loads weights onto a document, with a report.',
    'zh-CN': '读入其他程序的网络，或将权重载入文档，并给出报告。',
  },
  bench: {
    en: 'Times the classic networks here and in tfjs-layers, Keras and PyTorch.',
    'zh-CN': '测量经典网络在本机及 tfjs-layers、Keras、PyTorch 中的速度。',
  },
  doctor: {
    en: 'Says what this machine trains on, what is missing and how to get it.',
    'zh-CN': '显示本机用什么训练、缺少什么以及如何获取。',
  },
} as const satisfies Record<string, Text>;

/** What the help of a command says beyond its line and its options. */
export const commandDetails: Readonly<Partial<Record<keyof typeof commandTexts, Text>>> = {
  train: {
    en: 'Ctrl+C stops after the running step and keeps the last checkpoint (exit code 1); once more ends at once.',
    'zh-CN': '按 Ctrl+C 会在当前步骤后停止并保留最后一个检查点（退出码 1）；再按一次立即结束。',
  },
  export: {
    en: [
      'RUN is the folder of a run, of which the newest checkpoint is taken, or a .loom file, whose weights are then',
      'those that training would begin with. Exported models take float32 images as training saw them: bytes / 255.',
      'Formats that consist of several files make a folder, which must be new or empty.',
    ].join('\n'),
    'zh-CN': [
      'RUN 是运行文件夹（使用最新的检查点），或 .loom 文件（此时为训练开始时的初始权重）。',
      '导出的模型接受与训练时相同的 float32 图像：字节值除以 255。',
      '由多个文件组成的格式会生成一个文件夹，它必须是新的或空的。',
    ].join('\n'),
  },
  import: {
    en: [
      'FILE is a network (-o names the document that it becomes), or a file of weights that --onto brings onto a document',
      'or a run: tensors whose name and size are the same are taken, the report lists the rest. --run keeps the weights',
      'as a run that was never trained, which evaluate, predict, export and train --weights take.',
    ].join('\n'),
    'zh-CN': [
      'FILE 是网络文件（-o 指定生成的文档），或权重文件（用 --onto 载入文档或运行）：名称和尺寸相同的张量被采用，',
      '其余列在报告中。--run 将权重保存为未经训练的运行，可供 evaluate、predict、export 和 train --weights 使用。',
    ].join('\n'),
  },
  bench: {
    en: [
      'Each framework trains in processes of its own, in turns. -o gathers what several calls measured in one file.',
      'Nothing else should run meanwhile.',
    ].join('\n'),
    'zh-CN': '各框架在各自的进程中轮流训练。-o 将多次调用的结果汇总到一个文件。测量时不应运行其他程序。',
  },
  predict: {
    en: [
      'Transparent images are laid over white, colour becomes luminance (0.299 R + 0.587 G + 0.114 B) for grey',
      'networks, and sizes are changed bilinearly. Nothing is inverted or cropped, and the rotation that a camera',
      'noted is ignored.',
    ].join('\n'),
    'zh-CN': [
      '透明图像以白色为底；灰度网络使用亮度（0.299 R + 0.587 G + 0.114 B）；按双线性插值改变大小。',
      '不反色、不裁剪，并忽略相机记录的旋转。',
    ].join('\n'),
  },
};

export const optionTexts = {
  json: { en: 'machine-readable output', 'zh-CN': '输出机器可读的 JSON' },
  help: { en: 'this help', 'zh-CN': '显示此帮助' },
  version: { en: 'the version', 'zh-CN': '显示版本' },
  output: { en: 'file to write', 'zh-CN': '要写入的文件' },
  force: { en: 'overwrite an existing file', 'zh-CN': '覆盖已有文件' },
  input: { en: 'height x width x channels, such as 28x28x1', 'zh-CN': '高x宽x通道，例如 28x28x1' },
  classes: { en: 'number of classes', 'zh-CN': '类别数' },
  'width-divisor': { en: 'divides the filters of VGG', 'zh-CN': '将 VGG 的卷积核数除以此数' },
  preset: {
    en: 'training settings: own or textbook',
    'zh-CN': '训练设置：own（自有）或 textbook（教科书）',
  },
  dataset: {
    en: 'data set to use, or a folder with a folder of images for each class',
    'zh-CN': '要使用的数据集，或按类别分文件夹存放图像的文件夹',
  },
  precision: { en: 'number format: fp32, bf16', 'zh-CN': '数值格式：fp32、bf16' },
  limit: { en: 'train on the first N images only', 'zh-CN': '只用前 N 张图像训练' },
  device: { en: 'auto, cpu or gpu:0', 'zh-CN': 'auto、cpu 或 gpu:0' },
  format: { en: 'what to export to; --list names them', 'zh-CN': '导出格式；--list 可列出' },
  target: { en: 'the same as --format', 'zh-CN': '与 --format 相同' },
  list: { en: 'the formats, what they are for and their options', 'zh-CN': '列出各格式、用途及其选项' },
  check: {
    en: 'read back with something else, compare on test images, and only then keep it',
    'zh-CN': '用另外的程序读回，在测试图像上比较，通过后才保留',
  },
  networks: { en: 'networks to time; all if absent', 'zh-CN': '要测量的网络；缺省为全部' },
  tasks: { en: 'what to time: step, epoch', 'zh-CN': '要测量的内容：step、epoch' },
  frameworks: {
    en: 'peers to compare with: tfjs-layers, keras, pytorch',
    'zh-CN': '要对比的框架：tfjs-layers、keras、pytorch',
  },
  peers: {
    en: 'Python environment with Keras and PyTorch; LAYERLOOM_PEERS if absent',
    'zh-CN': '含 Keras 和 PyTorch 的 Python 环境；缺省取 LAYERLOOM_PEERS',
  },
  rounds: { en: 'processes per framework; 5 if absent', 'zh-CN': '每个框架的进程数；缺省为 5' },
  quick: {
    en: 'one short round, to see that everything runs',
    'zh-CN': '只运行一轮短测，以确认一切可用',
  },
  onto: { en: 'document or run that the weights are for', 'zh-CN': '要载入权重的文档或运行' },
  weights: {
    en: 'file or run whose weights to begin with, where they fit',
    'zh-CN': '以此文件或运行的权重开始训练（名称与尺寸相符者）',
  },
  resume: {
    en: 'go on with a run: train --resume RUN, with more --epochs if you like',
    'zh-CN': '继续一个运行：train --resume RUN，可用 --epochs 增加轮数',
  },
  run: { en: 'folder for the run; must be new or empty', 'zh-CN': '保存运行的文件夹；必须是新的或空的' },
} as const satisfies Record<string, Text>;

/** How the help tells of options that are training settings. */
export const settingOptionTexts = {
  range: { en: '{label}, {min} to {max}', 'zh-CN': '{label}，{min} 到 {max}' },
  choices: { en: '{label}: {choices}', 'zh-CN': '{label}：{choices}' },
  numbers: { en: '{label}, separated by commas, or none', 'zh-CN': '{label}，以逗号分隔，或 none' },
} as const satisfies Record<string, Text>;

/** Why a request is refused. */
export const usageTexts = {
  noCommand: { en: 'Name a command', 'zh-CN': '请指定命令' },
  unknownCommand: {
    en: 'There is no command {command}; there are: {known}.',
    'zh-CN': '没有命令 {command}；可用的有：{known}。',
  },
  unknownOption: { en: '{command} has no option {option}.', 'zh-CN': '{command} 没有选项 {option}。' },
  missingValue: { en: '{option} needs a value.', 'zh-CN': '{option} 需要一个值。' },
  takesNoValue: { en: '{option} takes no value, got {value}.', 'zh-CN': '{option} 不接受值，收到 {value}。' },
  missingOption: { en: '{command} needs {option}.', 'zh-CN': '{command} 需要 {option}。' },
  missingArgument: { en: '{command} needs {argument}.', 'zh-CN': '{command} 需要 {argument}。' },
  extraArgument: {
    en: '{command} got {argument}, which it does not expect.',
    'zh-CN': '{command} 收到了多余的参数 {argument}。',
  },
  notWithResume: {
    en: 'A run that goes on keeps its settings; leave out {options}.',
    'zh-CN': '继续的运行保持原有设置；请去掉 {options}。',
  },
  notNumber: {
    en: '{option}: got {value}, expected a number.',
    'zh-CN': '{option}：收到 {value}，应为数字。',
  },
  notCount: {
    en: '{option}: got {value}, expected a whole number of at least {min}.',
    'zh-CN': '{option}：收到 {value}，应为不小于 {min} 的整数。',
  },
  notShape: {
    en: '{option}: got {value}, expected height x width x channels, such as 28x28x1.',
    'zh-CN': '{option}：收到 {value}，应为 高x宽x通道，例如 28x28x1。',
  },
  notDevice: {
    en: '{option}: got {value}, expected auto, cpu or gpu:0.',
    'zh-CN': '{option}：收到 {value}，应为 auto、cpu 或 gpu:0。',
  },
  notChoice: {
    en: '{option}: got {value}, expected {choices}.',
    'zh-CN': '{option}：收到 {value}，应为 {choices}。',
  },
  unknownTemplate: {
    en: 'There is no template {template}; there are: {known}.',
    'zh-CN': '没有模板 {template}；可用的有：{known}。',
  },
  noWidths: {
    en: '{template} has no widths for {option}: leave it out.',
    'zh-CN': '{template} 不支持 {option}：请去掉该选项。',
  },
  foreignOption: {
    en: '{option} is no option of {target}.',
    'zh-CN': '{target} 没有选项 {option}。',
  },
  notReport: {
    en: '{option}: {path} exists and is no report of this benchmark; it was not changed.',
    'zh-CN': '{option}：{path} 已存在且不是此基准测试的报告，未被修改。',
  },
  noPython: {
    en: '{option}: {value} is neither a Python environment nor a Python.',
    'zh-CN': '{option}：{value} 既不是 Python 环境，也不是 Python 程序。',
  },
  fileExists: {
    en: '{path} exists. It was not changed; --force overwrites it.',
    'zh-CN': '{path} 已存在，未被修改；--force 可覆盖它。',
  },
} as const satisfies Record<string, Text>;

/** Headings and sentences of the human-readable output. */
export const outputTexts = {
  usage: { en: 'Usage:', 'zh-CN': '用法：' },
  commands: { en: 'Commands:', 'zh-CN': '命令：' },
  options: { en: 'Options:', 'zh-CN': '选项：' },
  moreHelp: {
    en: 'layerloom COMMAND --help says more about each.',
    'zh-CN': 'layerloom 命令 --help 显示各命令的详细说明。',
  },
  exitCodes: {
    en: 'Exit codes: 0 done, 1 it failed while running, 2 the request or a file is wrong.',
    'zh-CN': '退出码：0 完成，1 运行失败，2 请求或文件有误。',
  },
  template: { en: 'Template', 'zh-CN': '模板' },
  title: { en: 'Title', 'zh-CN': '标题' },
  inputShape: { en: 'Input', 'zh-CN': '输入' },
  parameters: { en: 'Parameters', 'zh-CN': '参数' },
  layer: { en: 'Layer', 'zh-CN': '层' },
  type: { en: 'Type', 'zh-CN': '类型' },
  output: { en: 'Output', 'zh-CN': '输出' },
  multiplyAdds: { en: 'Multiply-adds', 'zh-CN': '乘加' },
  total: { en: 'Total', 'zh-CN': '合计' },
  trainable: { en: '{count} of the parameters are trained.', 'zh-CN': '其中 {count} 个参数参与训练。' },
  noProblems: { en: 'No problems.', 'zh-CN': '没有问题。' },
  problems: { en: '{count, plural, one {# problem:} other {# problems:}}', 'zh-CN': '{count} 个问题：' },
  wrote: { en: 'Wrote {path}.', 'zh-CN': '已写入 {path}。' },
  training: {
    en: 'Training on {dataset}: {samples} images, {steps} steps per epoch, {device}, TensorFlow {version}.',
    'zh-CN': '在 {dataset} 上训练：{samples} 张图像，每轮 {steps} 步，{device}，TensorFlow {version}。',
  },
  epoch: { en: 'Epoch', 'zh-CN': '轮' },
  loss: { en: 'Loss', 'zh-CN': '损失' },
  accuracy: { en: 'Accuracy', 'zh-CN': '准确率' },
  testLoss: { en: 'Test loss', 'zh-CN': '测试损失' },
  testAccuracy: { en: 'Test accuracy', 'zh-CN': '测试准确率' },
  testTopK: { en: 'Test top-{k}', 'zh-CN': '测试 top-{k}' },
  seconds: { en: 'Seconds', 'zh-CN': '秒' },
  imagesPerSecond: { en: 'Images/s', 'zh-CN': '图像/秒' },
  stopping: {
    en: 'Stopping after this step; once more to end at once.',
    'zh-CN': '将在本步骤后停止；再按一次立即结束。',
  },
  resumed: {
    en: 'Going on after step {step}, {epoch, plural, one {# epoch} other {# epochs}} done.',
    'zh-CN': '从第 {step} 步之后继续，已完成 {epoch} 轮。',
  },
  done: { en: 'Done. The run is in {run}.', 'zh-CN': '完成。运行保存在 {run}。' },
  stopped: { en: 'Stopped. The run is in {run}.', 'zh-CN': '已停止。运行保存在 {run}。' },
  samples: { en: 'Images', 'zh-CN': '图像' },
  file: { en: 'File', 'zh-CN': '文件' },
  prediction: { en: 'Prediction', 'zh-CN': '预测' },
  runnersUp: { en: 'Then', 'zh-CN': '其次' },
  checked: {
    en: 'Checked with {reader}: {count, plural, one {#} other {#}} {compared, select, tensors {{count, plural, one {tensor} other {tensors}}} other {{count, plural, one {test image} other {test images}}}}, largest difference {difference}.',
    'zh-CN':
      '已用 {reader} 核对：{count} {compared, select, tensors {个张量} other {张测试图像}}，最大差异 {difference}。',
  },
  initialWeights: {
    en: 'The weights are initial ones (seed {seed}): nothing was trained.',
    'zh-CN': '权重为初始值（种子 {seed}）：未经训练。',
  },
  trainedWeights: {
    en: 'The weights are those after {epochs, plural, one {# epoch} other {# epochs}}.',
    'zh-CN': '权重取自第 {epochs} 轮之后。',
  },
  cancelled: { en: 'Cancelled. Nothing was written.', 'zh-CN': '已取消，没有写入任何内容。' },
  format: { en: 'Format', 'zh-CN': '格式' },
  runtime: { en: 'Runtime', 'zh-CN': '运行时' },
  device: { en: 'Device', 'zh-CN': '设备' },
  datasetHeading: { en: 'Data set', 'zh-CN': '数据集' },
  missing: { en: 'missing', 'zh-CN': '缺失' },
  nothingMissing: { en: 'Nothing is missing.', 'zh-CN': '没有缺失的部分。' },
  reading: { en: 'Reading images: {done} of {total}', 'zh-CN': '正在读取图像：{done} / {total}' },
} as const satisfies Record<string, Text | Record<string, Text>>;
