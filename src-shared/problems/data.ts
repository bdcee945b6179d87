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
  'data/bad-image': {
    message: {
      en: '{file} is not an image that can be read: {reason}.',
      'zh-CN': '无法读取图像 {file}：{reason}。',
    },
    hint: { en: 'Use a PNG or JPEG file.', 'zh-CN': '请使用 PNG 或 JPEG 文件。' },
  },
} as const satisfies Record<string, ProblemText>;
