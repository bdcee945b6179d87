/** Problems of runs: settings, the engine process, and what the command line refuses. */
import type { ProblemText } from './entry';

export const runProblems = {
  'run/graph-has-problems': {
    message: {
      en: 'The graph has {count, plural, one {# problem} other {# problems}}.',
      'zh-CN': '图中有 {count} 个问题。',
    },
    hint: {
      en: 'Mend them first; the list of problems jumps to each.',
      'zh-CN': '请先解决问题；问题列表可跳转到每一处。',
    },
  },
  'run/batch-larger-than-data': {
    message: {
      en: 'The batch size is {batchSize}, but there are only {samples} training images.',
      'zh-CN': '批量大小为 {batchSize}，但训练图像只有 {samples} 张。',
    },
    hint: { en: 'Use a batch of at most {samples}.', 'zh-CN': '请使用不超过 {samples} 的批量大小。' },
  },
  'run/batch-of-one': {
    message: {
      en: '{name} normalises each feature over the batch, which a batch of one cannot give.',
      'zh-CN': '{name} 在批量上对每个特征归一化，批量为 1 时无法进行。',
    },
    hint: { en: 'Use a batch of at least 2.', 'zh-CN': '请使用至少为 2 的批量大小。' },
  },
  'run/class-weights-mismatch': {
    message: {
      en: 'There {count, plural, one {is # class weight} other {are # class weights}}, but the network tells {classes} classes apart.',
      'zh-CN': '有 {count} 个类别权重，但网络区分 {classes} 个类别。',
    },
    hint: {
      en: 'Give {classes} class weights, one for each class in order, or none.',
      'zh-CN': '请按类别顺序给出 {classes} 个类别权重，或一个也不给。',
    },
  },
  'run/batch-skipped': {
    message: {
      en: 'The last batch of each epoch has one image and {name} cannot normalise it, so it is skipped.',
      'zh-CN': '每轮最后一个批量只有一张图像，{name} 无法对其归一化，因此跳过。',
    },
    hint: {
      en: 'Choose a batch size that leaves no single image over.',
      'zh-CN': '请选择不会剩下单张图像的批量大小。',
    },
  },
  'run/precision-not-possible': {
    message: {
      en: 'Training in {precision} gains nothing here: the device has no instructions for it, or TensorFlow no kernels.',
      'zh-CN': '此处以 {precision} 训练没有好处：设备没有相应的指令，或 TensorFlow 没有相应的内核。',
    },
    hint: {
      en: 'Choose fp32. bf16 needs a processor with AVX-512 BF16, AMX or ARM’s BF16 (seen on Linux only), or a GPU with bf16; fp16 needs a GPU.',
      'zh-CN':
        '请选择 fp32。bf16 需要带有 AVX-512 BF16、AMX 或 ARM BF16 的处理器（仅在 Linux 上可识别），或支持 bf16 的 GPU；fp16 需要 GPU。',
    },
  },
  'run/loss-not-finite': {
    message: {
      en: 'The loss became {value} at step {step}; training was ended.',
      'zh-CN': '第 {step} 步的损失变为 {value}，训练已结束。',
    },
    hint: {
      en: 'Lower the learning rate, or add batch normalisation.',
      'zh-CN': '请降低学习率，或加入批量归一化。',
    },
  },
  'run/out-of-memory': {
    message: { en: 'The machine ran out of memory while training.', 'zh-CN': '训练时内存不足。' },
    hint: { en: 'Use a smaller batch or a smaller network.', 'zh-CN': '请使用更小的批量或更小的网络。' },
  },
  'run/engine-failed': {
    message: { en: 'The engine could not go on: {reason}.', 'zh-CN': '引擎无法继续：{reason}。' },
    hint: {
      en: 'Start the run again; layerloom doctor checks the installation.',
      'zh-CN': '请重新开始；layerloom doctor 可检查安装情况。',
    },
  },
  'run/engine-died': {
    message: {
      en: 'The engine process ended unexpectedly (exit code {exitCode}). Weights up to the last checkpoint are kept.',
      'zh-CN': '引擎进程意外结束（退出码 {exitCode}）。最后一个检查点之前的权重已保留。',
    },
    hint: {
      en: 'Start again. If it happens once more, use a smaller batch: too little memory is the usual cause.',
      'zh-CN': '请重新开始。若再次发生，请减小批量：内存不足是常见原因。',
    },
  },
  'run/engine-missing': {
    message: { en: 'TensorFlow could not be loaded: {reason}.', 'zh-CN': '无法加载 TensorFlow：{reason}。' },
    hint: {
      en: 'Run npm run bootstrap and start the app again.',
      'zh-CN': '请运行 npm run bootstrap 并重新启动应用。',
    },
  },
  'run/busy': {
    message: { en: 'This engine already trains a run.', 'zh-CN': '该引擎已在训练。' },
    hint: { en: 'Stop it first, or start a new one.', 'zh-CN': '请先停止，或启动新的运行。' },
  },
  'run/nothing-trained': {
    message: { en: 'There is no trained network yet.', 'zh-CN': '还没有训练好的网络。' },
    hint: { en: 'Train first.', 'zh-CN': '请先训练。' },
  },
  'run/device-absent': {
    message: {
      en: 'The device {device} is not there; found: {found}.',
      'zh-CN': '没有设备 {device}；找到的有：{found}。',
    },
    hint: { en: 'Use --device cpu or auto.', 'zh-CN': '请使用 --device cpu 或 auto。' },
  },
  'run/gpu-build-missing': {
    message: {
      en: 'The device {device} is there, but TensorFlow for it is not installed.',
      'zh-CN': '设备 {device} 存在，但没有安装对应的 TensorFlow。',
    },
    hint: {
      en: 'Run npm run bootstrap, or use --device cpu or auto.',
      'zh-CN': '请运行 npm run bootstrap，或使用 --device cpu 或 auto。',
    },
  },
  'run/directory-exists': {
    message: {
      en: 'The run folder {path} exists and is not empty.',
      'zh-CN': '运行文件夹 {path} 已存在且不为空。',
    },
    hint: { en: 'Name a new folder.', 'zh-CN': '请指定新的文件夹。' },
  },
  'run/not-a-run': {
    message: {
      en: '{path} is not the folder of a run: {reason, select, NO_DOCUMENT {document.loom is missing} NO_CHECKPOINT {it has no checkpoint} BAD_RECORD {run.json is missing or damaged} BAD_CHECKPOINT {the checkpoint {file} is damaged} MISFIT {the checkpoint does not have {file} as the document needs it} other {{reason}}}.',
      'zh-CN':
        '{path} 不是运行文件夹：{reason, select, NO_DOCUMENT {缺少 document.loom} NO_CHECKPOINT {没有检查点} BAD_RECORD {run.json 缺失或已损坏} BAD_CHECKPOINT {检查点 {file} 已损坏} MISFIT {检查点中没有文档所需的 {file}} other {{reason}}}。',
    },
    hint: {
      en: 'Name the folder that layerloom train --run made.',
      'zh-CN': '请指定由 layerloom train --run 创建的文件夹。',
    },
  },
  'run/other-run': {
    message: {
      en: 'The run in {path} trains another network, or with other settings.',
      'zh-CN': '{path} 中的运行训练的是另一个网络，或使用其他设置。',
    },
    hint: {
      en: 'Name only the folder to go on with it as it is: layerloom train --resume RUN.',
      'zh-CN': '若要按原样继续，请只给出文件夹：layerloom train --resume RUN。',
    },
  },
  'run/nothing-left': {
    message: {
      en: 'The run has all of its epochs: {epochs, plural, one {# is} other {# are}} trained.',
      'zh-CN': '该运行已完成全部轮次：已训练 {epochs} 轮。',
    },
    hint: { en: 'Give more epochs with --epochs.', 'zh-CN': '请用 --epochs 指定更多轮数。' },
  },
  'cli/bad-usage': {
    message: { en: '{reason}', 'zh-CN': '{reason}' },
    hint: {
      en: 'layerloom --help lists the commands and their options.',
      'zh-CN': 'layerloom --help 列出命令及其选项。',
    },
  },
} as const satisfies Record<string, ProblemText>;
