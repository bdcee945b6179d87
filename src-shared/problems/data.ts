/** Problems of data sets and images. */
import type { ProblemText } from './entry';

export const dataProblems = {
  'data/unknown-dataset': {
    message: {
      en: 'There is no data set {dataset}; known are: {known}.',
      'zh-CN': '没有数据集 {dataset}；可用的有：{known}。',
    },
    hint: { en: 'Pick one of them.', 'zh-CN': '请选择其中之一。' },
  },
  'data/missing': {
    message: {
      en: 'The files of {dataset} are not on this machine.',
      'zh-CN': '本机没有 {dataset} 的文件。',
    },
    hint: {
      en: 'Run npm run bootstrap, or pick another data set.',
      'zh-CN': '请运行 npm run bootstrap，或选择其他数据集。',
    },
  },
  'data/bad-file': {
    message: {
      en: '{file} is damaged: {reason, select, CUT_OFF {it is cut off} NOT_IDX {it does not begin like an IDX file} ELEMENT_TYPE {its elements are of type {found}, expected {expected} (bytes)} SIZES {its sizes are {found}, expected {expected}} LENGTH {it has {found} bytes, expected {expected}} GZIP {it cannot be inflated ({found})} LABEL {it has the label {found}, expected {expected}} other {{reason}}}.',
      'zh-CN':
        '{file} 已损坏：{reason, select, CUT_OFF {文件不完整} NOT_IDX {开头不是 IDX 格式} ELEMENT_TYPE {元素类型为 {found}，应为 {expected}（字节）} SIZES {尺寸为 {found}，应为 {expected}} LENGTH {有 {found} 字节，应为 {expected} 字节} GZIP {无法解压（{found}）} LABEL {标签为 {found}，应为 {expected}} other {{reason}}}。',
    },
    hint: {
      en: 'Delete it and run npm run bootstrap to fetch it again.',
      'zh-CN': '请删除它并运行 npm run bootstrap 重新获取。',
    },
  },
  'data/input-mismatch': {
    message: {
      en: 'The Input node takes {expected}, but images of {dataset} are {shape}.',
      'zh-CN': '输入节点接受 {expected}，而 {dataset} 的图像为 {shape}。',
    },
    hint: {
      en: 'Set the Input node to {shape}, or pick another data set.',
      'zh-CN': '请把输入节点设为 {shape}，或选择其他数据集。',
    },
  },
  'data/classes-mismatch': {
    message: {
      en: 'The network gives {units} values, but {dataset} has {classes} classes.',
      'zh-CN': '网络输出 {units} 个值，而 {dataset} 有 {classes} 个类别。',
    },
    hint: {
      en: 'Set the units of the last Dense node to {classes}.',
      'zh-CN': '请把最后一个 Dense 节点的单元数设为 {classes}。',
    },
  },
  'data/folder-missing': {
    message: {
      en: 'The folder {path} cannot be read: {reason, select, ENOENT {it does not exist} ENOTDIR {it is no folder} EACCES {access is denied} EPERM {access is denied} other {{reason}}}.',
      'zh-CN':
        '无法读取文件夹 {path}：{reason, select, ENOENT {它不存在} ENOTDIR {它不是文件夹} EACCES {没有访问权限} EPERM {没有访问权限} other {{reason}}}。',
    },
    hint: {
      en: 'Pick the folder again, or another data set.',
      'zh-CN': '请重新选择该文件夹，或选择其他数据集。',
    },
  },
  'data/folder-not-chosen': {
    message: {
      en: 'The document names the folder {path}, which has not been chosen on this machine yet.',
      'zh-CN': '文档指定了文件夹 {path}，但尚未在本机上选择过它。',
    },
    hint: { en: 'Choose it with “Image folder…”.', 'zh-CN': '请通过“图像文件夹…”选择它。' },
  },
  'data/folder-no-classes': {
    message: {
      en: 'There is no folder with PNG or JPEG images in {path}.',
      'zh-CN': '{path} 中没有包含 PNG 或 JPEG 图像的文件夹。',
    },
    hint: {
      en: 'Put the images of each class into a folder of its own, named like the class.',
      'zh-CN': '请把每个类别的图像放进各自的文件夹，并以类别命名。',
    },
  },
  'data/folder-one-class': {
    message: {
      en: '{path} has one class only: {name}.',
      'zh-CN': '{path} 只有一个类别：{name}。',
    },
    hint: {
      en: 'Put the images of each class into a folder of its own; at least two are needed.',
      'zh-CN': '请把每个类别的图像放进各自的文件夹；至少需要两个类别。',
    },
  },
  'data/folder-foreign-classes': {
    message: {
      en: 'The test images of {path} have classes that its training images lack: {names}.',
      'zh-CN': '{path} 的测试图像中有训练图像所没有的类别：{names}。',
    },
    hint: {
      en: 'Give the folders of both the same names.',
      'zh-CN': '请让两边的文件夹名称一致。',
    },
  },
  'data/folder-too-large': {
    message: {
      en: '{path} holds more than {limit} images.',
      'zh-CN': '{path} 中的图像超过 {limit} 张。',
    },
    hint: { en: 'Pick a part of it.', 'zh-CN': '请选择其中的一部分。' },
  },
  'data/folder-no-test-images': {
    message: {
      en: 'No image of {path} is left to test with.',
      'zh-CN': '{path} 中没有可用于测试的图像。',
    },
    hint: {
      en: 'Keep a larger share for testing, or add images.',
      'zh-CN': '请提高测试集比例，或添加图像。',
    },
  },
  'data/folder-empty-classes': {
    message: {
      en: '{count, plural, one {One folder} other {# folders}} of {path} without images {count, plural, one {is} other {are}} left out: {names}.',
      'zh-CN': '{path} 中有 {count} 个没有图像的文件夹被略过：{names}。',
    },
    hint: {
      en: 'Add PNG or JPEG images there, or delete the folder.',
      'zh-CN': '请在其中添加 PNG 或 JPEG 图像，或删除该文件夹。',
    },
  },
  'data/unreadable-images': {
    message: {
      en: '{count} of {total} images cannot be read and are left out; the first: {names}.',
      'zh-CN': '{total} 张图像中有 {count} 张无法读取，已略过；最前面的是：{names}。',
    },
    hint: {
      en: 'Save them anew as PNG or JPEG, or delete them.',
      'zh-CN': '请将它们重新保存为 PNG 或 JPEG，或将其删除。',
    },
  },
  'data/no-readable-images': {
    message: {
      en: 'None of the {total} images of {path} can be read; the first: {names}.',
      'zh-CN': '{path} 的 {total} 张图像都无法读取；最前面的是：{names}。',
    },
    hint: { en: 'Save them anew as PNG or JPEG.', 'zh-CN': '请将它们重新保存为 PNG 或 JPEG。' },
  },
  'data/input-no-image': {
    message: {
      en: 'The Input node takes {shape}, but images have a height, a width, and 1 or 3 channels.',
      'zh-CN': '输入节点接受 {shape}，而图像具有高、宽以及 1 或 3 个通道。',
    },
    hint: {
      en: 'Set the Input node to 28×28×1 or 96×96×3, for example: images are resized to it.',
      'zh-CN': '例如把输入节点设为 28×28×1 或 96×96×3：图像会缩放到该尺寸。',
    },
  },
  'data/other-classes': {
    message: {
      en: 'The classes of {path} are not those that the network was trained on: {found} instead of {expected}.',
      'zh-CN': '{path} 的类别与网络训练时的不同：是 {found}，而不是 {expected}。',
    },
    hint: {
      en: 'Give its folders the names of the classes.',
      'zh-CN': '请让其中的文件夹与类别同名。',
    },
  },
  'data/changed': {
    message: {
      en: 'The images of {path} are no longer those that the run began with.',
      'zh-CN': '{path} 中的图像与该次训练开始时的已不相同。',
    },
    hint: {
      en: 'Put the images back, or start a new run.',
      'zh-CN': '请恢复这些图像，或开始一次新的训练。',
    },
  },
  'data/reading-stopped': {
    message: {
      en: 'Stopped while the images were read.',
      'zh-CN': '在读取图像时被停止。',
    },
    hint: {
      en: 'Start again; images that were read already are read faster.',
      'zh-CN': '可以重新开始；已读取过的图像会读得更快。',
    },
  },
  'data/bad-image': {
    message: {
      en: '{file} is not an image that can be read: {reason}.',
      'zh-CN': '无法读取图像 {file}：{reason}。',
    },
    hint: { en: 'Use a PNG or JPEG file.', 'zh-CN': '请使用 PNG 或 JPEG 文件。' },
  },
} as const satisfies Record<string, ProblemText>;
