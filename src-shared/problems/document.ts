/** Problems of documents as files: what cannot be read, and what was mended while reading. */
import type { ProblemText } from './entry';

export const documentProblems = {
  // The reasons END and CHARACTER come with line and column.
  'file/not-json': {
    message: {
      en: '{reason, select, END {Line {line}, column {column}: the file ends too early, it is not whole JSON} CHARACTER {Line {line}, column {column}: {character} cannot stand here, the file is not JSON} NOT_UTF8 {The file is not UTF-8 text} other {The file is not JSON: {reason}}}.',
      'zh-CN':
        '{reason, select, END {第 {line} 行第 {column} 列：文件提前结束，不是完整的 JSON} CHARACTER {第 {line} 行第 {column} 列：此处不应出现 {character}，文件不是 JSON} NOT_UTF8 {文件不是 UTF-8 文本} other {文件不是 JSON：{reason}}}。',
    },
    hint: {
      en: 'Open a .loom file that Layerloom saved. This file was not changed.',
      'zh-CN': '请打开由 Layerloom 保存的 .loom 文件。该文件未被修改。',
    },
  },
  'file/too-deep': {
    message: {
      en: 'Line {line}, column {column}: values are nested more than {limit} deep.',
      'zh-CN': '第 {line} 行第 {column} 列：值的嵌套超过 {limit} 层。',
    },
    hint: {
      en: 'Open a .loom file that Layerloom saved. This file was not changed.',
      'zh-CN': '请打开由 Layerloom 保存的 .loom 文件。该文件未被修改。',
    },
  },
  'file/wrong-format': {
    message: {
      en: 'The file {format, select, undefined {names no format} other {is of format {format}}}, expected layerloom.',
      'zh-CN': '{format, select, undefined {文件没有注明格式} other {文件格式为 {format}}}，应为 layerloom。',
    },
    hint: {
      en: 'Open a .loom file that Layerloom saved.',
      'zh-CN': '请打开由 Layerloom 保存的 .loom 文件。',
    },
  },
  'file/wrong-version': {
    message: {
      en: 'The file is of version {version}; this program reads up to version {supported}.',
      'zh-CN': '文件版本为 {version}；本程序最高支持版本 {supported}。',
    },
    hint: {
      en: 'Open it with a newer Layerloom. The file was not changed.',
      'zh-CN': '请用更新的 Layerloom 打开。该文件未被修改。',
    },
  },
  // `expected` is one of the words of document/reader.ts, or any other text as it is.
  'file/bad-value': {
    message: {
      en: '{place}: {value, select, undefined {the value is missing} other {got {value}}}, expected {expected, select, list {a list} object {an object} text {a text} number {a number} id {an id of its own, such as conv2d_1} endpoint {a node and a port, such as ["conv2d_1", "in"]} part {the id of one of the parts} version {a whole number from 1} counter {a whole number from 0 to 999999999} other {{expected}}}.',
      'zh-CN':
        '{place}：{value, select, undefined {缺少该值} other {值为 {value}}}，应为{expected, select, list {列表} object {对象} text {文本} number {数字} id {唯一的标识，例如 conv2d_1} endpoint {节点与端口，例如 ["conv2d_1", "in"]} part {某个组成部分的标识} version {不小于 1 的整数} counter {0 到 999999999 之间的整数} other {{expected}}}。',
    },
    hint: {
      en: 'Correct it in a text editor and open the file again.',
      'zh-CN': '请用文本编辑器更正后重新打开。',
    },
  },
  'file/duplicate-id': {
    message: { en: '{place}: the id {id} is used twice.', 'zh-CN': '{place}：标识 {id} 重复。' },
    hint: {
      en: 'Give one of the two nodes an id of its own in a text editor.',
      'zh-CN': '请用文本编辑器为其中一个节点换一个标识。',
    },
  },
  'file/wire-to-nowhere': {
    message: {
      en: '{place}: a wire names the node {id}, which is not in the file. The wire was left out.',
      'zh-CN': '{place}：连线指向文件中不存在的节点 {id}，已略去该连线。',
    },
    hint: {
      en: 'Draw the wire again. The file itself is unchanged until you save over it.',
      'zh-CN': '请重新连线。在您覆盖保存之前，原文件不会改变。',
    },
  },
  'file/port-taken-twice': {
    message: {
      en: '{place}: {port} of {id} has two wires. The second was left out.',
      'zh-CN': '{place}：{id} 的端口 {port} 有两条连线，已略去第二条。',
    },
    hint: {
      en: 'Check the wires of that node. The file itself is unchanged until you save over it.',
      'zh-CN': '请检查该节点的连线。在您覆盖保存之前，原文件不会改变。',
    },
  },
  'file/inputs-renumbered': {
    message: {
      en: 'The inputs of {id} were numbered with gaps. They were renumbered in the same order.',
      'zh-CN': '{id} 的输入编号不连续，已按原顺序重新编号。',
    },
    hint: {
      en: 'Check the wires of that node. The file itself is unchanged until you save over it.',
      'zh-CN': '请检查该节点的连线。在您覆盖保存之前，原文件不会改变。',
    },
  },
  'file/groups-left-out': {
    message: {
      en: 'Of the expanded blocks of the file, {count} can no longer be collapsed: the parts or the id are taken.',
      'zh-CN': '文件中有 {count} 个已展开的块无法再折叠：其组成部分或标识已不可用。',
    },
    hint: {
      en: 'The parts are ordinary nodes now; select them and pack them to have a block again.',
      'zh-CN': '这些组成部分现在是普通节点；如需恢复成块，请选中并打包。',
    },
  },
  'file/too-large': {
    message: {
      en: 'The file has {size} bytes, more than the {limit} that a document may have.',
      'zh-CN': '文件大小为 {size} 字节，超过文档上限 {limit} 字节。',
    },
    hint: { en: 'Check that it is a .loom file.', 'zh-CN': '请确认这是 .loom 文件。' },
  },
  'file/cannot-read': {
    message: {
      en: '{path} could not be read: {reason, select, ENOENT {there is no such file} EACCES {permission denied} EPERM {not permitted} EISDIR {it is a folder} ENOTDIR {a part of the path is not a folder} NOT_A_FILE {it is not a regular file} other {{reason}}}.',
      'zh-CN':
        '无法读取 {path}：{reason, select, ENOENT {文件不存在} EACCES {没有权限} EPERM {不被允许} EISDIR {这是一个文件夹} ENOTDIR {路径中有一部分不是文件夹} NOT_A_FILE {不是普通文件} other {{reason}}}。',
    },
    hint: {
      en: 'Check that the file exists and that you may read it.',
      'zh-CN': '请确认文件存在且您有读取权限。',
    },
  },
  'file/cannot-write': {
    message: {
      en: '{path} could not be written: {reason, select, ENOSPC {the disk is full} EDQUOT {the disk quota is used up} EACCES {permission denied} EPERM {not permitted} EROFS {the disk is read-only} ENOENT {the folder does not exist} EISDIR {it is a folder} ENAMETOOLONG {the name is too long} EIO {the disk reported an error} other {{reason}}}. The file that was there is unchanged.',
      'zh-CN':
        '无法写入 {path}：{reason, select, ENOSPC {磁盘已满} EDQUOT {磁盘配额已用完} EACCES {没有权限} EPERM {不被允许} EROFS {磁盘为只读} ENOENT {文件夹不存在} EISDIR {这是一个文件夹} ENAMETOOLONG {名称过长} EIO {磁盘报告错误} other {{reason}}}。原有文件未被修改。',
    },
    hint: { en: 'Free some space or save to another folder.', 'zh-CN': '请腾出空间，或保存到其他文件夹。' },
  },
  'file/not-allowed': {
    message: {
      en: '{path} was not opened or saved in this session.',
      'zh-CN': '本次会话没有打开或保存过 {path}。',
    },
    hint: { en: 'Open or save it through the dialog.', 'zh-CN': '请通过对话框打开或保存。' },
  },
} as const satisfies Record<string, ProblemText>;
