/** Problems of exports: what a target cannot express, where it cannot be written, and what its check found. */
import type { ProblemText } from './entry';

export const exportProblems = {
  'export/unknown-target': {
    message: {
      en: 'There is no export format {target}; there are: {known}.',
      'zh-CN': '没有导出格式 {target}；可用的有：{known}。',
    },
    hint: { en: 'Pick one of them.', 'zh-CN': '请选择其中之一。' },
  },
  'export/layer-unsupported': {
    message: {
      en: '{name} is of type {type}, which {target} does not have.',
      'zh-CN': '{name} 的类型是 {type}，{target} 中没有这种层。',
    },
    hint: {
      en: 'Export to another format, or replace the node.',
      'zh-CN': '请导出为其他格式，或替换该节点。',
    },
  },
  'export/param-unsupported': {
    message: {
      en: '{name} has {param} {value}, which {target} cannot express.',
      'zh-CN': '{name} 的 {param} 为 {value}，{target} 无法表达。',
    },
    hint: {
      en: 'Change the parameter, or export to another format.',
      'zh-CN': '请更改该参数，或导出为其他格式。',
    },
  },
  'export/file-exists': {
    message: { en: '{path} exists. It was not changed.', 'zh-CN': '{path} 已存在，未被修改。' },
    hint: {
      en: 'Choose another name, or confirm that it may be overwritten (--force).',
      'zh-CN': '请另选名称，或确认可以覆盖（--force）。',
    },
  },
  'export/folder-not-empty': {
    message: {
      en: '{path} exists and is no empty folder. It was not changed.',
      'zh-CN': '{path} 已存在且不是空文件夹，未被修改。',
    },
    hint: {
      en: 'Name a new folder: an export of several files never replaces one.',
      'zh-CN': '请指定新的文件夹：含多个文件的导出不会替换已有的文件夹。',
    },
  },
  'export/check-unavailable': {
    message: {
      en: '{target} has nothing that a check could compare.',
      'zh-CN': '{target} 没有可供核对比较的内容。',
    },
    hint: { en: 'Export without the check.', 'zh-CN': '请不带核对导出。' },
  },
  'export/check-differs': {
    message: {
      en: 'The exported model is not the same: {reader} found a difference of {difference}, allowed are {tolerance}. Nothing was written.',
      'zh-CN': '导出的模型不一致：{reader} 发现差异 {difference}，允许值为 {tolerance}。没有写入任何内容。',
    },
    hint: {
      en: 'This is a mistake of ours: please report it with the document.',
      'zh-CN': '这是我们的错误：请附上文档报告。',
    },
  },
  'export/check-failed': {
    message: {
      en: '{reader} cannot read what was exported: {reason}. Nothing was written.',
      'zh-CN': '{reader} 无法读取导出的内容：{reason}。没有写入任何内容。',
    },
    hint: {
      en: 'Export without the check, or report this with the document.',
      'zh-CN': '请不带核对导出，或附上文档报告此问题。',
    },
  },
  'export/no-run': {
    message: {
      en: 'There is no run that {target} could be made of.',
      'zh-CN': '没有可用于生成 {target} 的运行。',
    },
    hint: { en: 'Train first, or name the folder of a run.', 'zh-CN': '请先训练，或指定运行文件夹。' },
  },
  'export/nothing-drawn': {
    message: { en: 'There are no nodes to draw.', 'zh-CN': '没有可绘制的节点。' },
    hint: { en: 'Add a node, or select some.', 'zh-CN': '请添加或选择节点。' },
  },
  'export/too-large': {
    message: {
      en: 'The weights have {size} bytes, more than the {limit} that this format can hold.',
      'zh-CN': '权重有 {size} 字节，超出此格式可容纳的 {limit} 字节。',
    },
    hint: { en: 'Export them as safetensors.', 'zh-CN': '请导出为 safetensors。' },
  },
  'export/picture-too-large': {
    message: {
      en: 'The picture would have {width} × {height} pixels.',
      'zh-CN': '图片将有 {width} × {height} 像素。',
    },
    hint: { en: 'Use a smaller scale, or SVG.', 'zh-CN': '请使用较小的缩放，或 SVG。' },
  },
  'export/picture-failed': {
    message: {
      en: 'The picture could not be made: {reason}.',
      'zh-CN': '无法生成图片：{reason}。',
    },
    hint: { en: 'Export it as SVG, or smaller.', 'zh-CN': '请导出为 SVG，或减小尺寸。' },
  },
  'export/weights-misfit': {
    message: {
      en: 'The checkpoint does not have {weight} as the network needs it.',
      'zh-CN': '检查点中没有网络所需的 {weight}。',
    },
    hint: {
      en: 'Export the run that belongs to this document.',
      'zh-CN': '请导出属于此文档的运行。',
    },
  },
} as const satisfies Record<string, ProblemText>;
