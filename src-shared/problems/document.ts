/** Problems of documents as files: what cannot be read, and what was mended while reading. */
import type { ProblemText } from './entry';

export const documentProblems = {
  'file/not-json': {
    message: { en: 'The file is not JSON: {reason, select, NOT_UTF8 {it is not UTF-8 text} other {{reason}}}.', 'zh-CN': '文件不是 JSON：{reason, select, NOT_UTF8 {不是 UTF-8 文本} other {{reason}}}。' },
    hint: { en: 'Open a .loom file that Layerloom saved. This file was not changed.', 'zh-CN': '请打开由 Layerloom 保存的 .loom 文件。该文件未被修改。' },
  },
  'file/wrong-format': {
    message: { en: 'The file is of format {format}, expected layerloom.', 'zh-CN': '文件格式为 {format}，应为 layerloom。' },
    hint: { en: 'Open a .loom file that Layerloom saved.', 'zh-CN': '请打开由 Layerloom 保存的 .loom 文件。' },
  },
  'file/wrong-version': {
    message: { en: 'The file is of version {version}; this program reads up to version {supported}.', 'zh-CN': '文件版本为 {version}；本程序最高支持版本 {supported}。' },
    hint: { en: 'Open it with a newer Layerloom. The file was not changed.', 'zh-CN': '请用更新的 Layerloom 打开。该文件未被修改。' },
  },
  'file/bad-value': {
    message: { en: '{place}: got {value}, expected {expected}.', 'zh-CN': '{place}：值为 {value}，应为 {expected}。' },
    hint: { en: 'Correct it in a text editor and open the file again.', 'zh-CN': '请用文本编辑器更正后重新打开。' },
  },
  'file/duplicate-id': {
    message: { en: '{place}: the id {id} is used twice.', 'zh-CN': '{place}：标识 {id} 重复。' },
    hint: { en: 'Give one of the two nodes an id of its own in a text editor.', 'zh-CN': '请用文本编辑器为其中一个节点换一个标识。' },
  },
  'file/wire-to-nowhere': {
    message: { en: '{place}: a wire names the node {id}, which is not in the file. The wire was left out.', 'zh-CN': '{place}：连线指向文件中不存在的节点 {id}，已略去该连线。' },
    hint: { en: 'Draw the wire again. The file itself is unchanged until you save over it.', 'zh-CN': '请重新连线。在您覆盖保存之前，原文件不会改变。' },
  },
  'file/port-taken-twice': {
    message: { en: '{place}: {port} of {id} has two wires. The second was left out.', 'zh-CN': '{place}：{id} 的端口 {port} 有两条连线，已略去第二条。' },
    hint: { en: 'Check the wires of that node. The file itself is unchanged until you save over it.', 'zh-CN': '请检查该节点的连线。在您覆盖保存之前，原文件不会改变。' },
  },
  'file/too-large': {
    message: { en: 'The file has {size} bytes, more than the {limit} that a document may have.', 'zh-CN': '文件大小为 {size} 字节，超过文档上限 {limit} 字节。' },
    hint: { en: 'Check that it is a .loom file.', 'zh-CN': '请确认这是 .loom 文件。' },
  },
  'file/cannot-read': {
    message: { en: '{path} could not be read: {reason, select, ENOENT {there is no such file} EACCES {permission denied} EPERM {not permitted} EISDIR {it is a folder} ENOTDIR {a part of the path is not a folder} NOT_A_FILE {it is not a regular file} other {{reason}}}.', 'zh-CN': '无法读取 {path}：{reason, select, ENOENT {文件不存在} EACCES {没有权限} EPERM {不被允许} EISDIR {这是一个文件夹} ENOTDIR {路径中有一部分不是文件夹} NOT_A_FILE {不是普通文件} other {{reason}}}。' },
    hint: { en: 'Check that the file exists and that you may read it.', 'zh-CN': '请确认文件存在且您有读取权限。' },
  },
  'file/cannot-write': {
    message: { en: '{path} could not be written: {reason, select, ENOSPC {the disk is full} EDQUOT {the disk quota is used up} EACCES {permission denied} EPERM {not permitted} EROFS {the disk is read-only} ENOENT {the folder does not exist} EISDIR {it is a folder} ENAMETOOLONG {the name is too long} EIO {the disk reported an error} other {{reason}}}. The file that was there is unchanged.', 'zh-CN': '无法写入 {path}：{reason, select, ENOSPC {磁盘已满} EDQUOT {磁盘配额已用完} EACCES {没有权限} EPERM {不被允许} EROFS {磁盘为只读} ENOENT {文件夹不存在} EISDIR {这是一个文件夹} ENAMETOOLONG {名称过长} EIO {磁盘报告错误} other {{reason}}}。原有文件未被修改。' },
    hint: { en: 'Free some space or save to another folder.', 'zh-CN': '请腾出空间，或保存到其他文件夹。' },
  },
  'file/not-allowed': {
    message: { en: '{path} was not opened or saved in this session.', 'zh-CN': '本次会话没有打开或保存过 {path}。' },
    hint: { en: 'Open or save it through the dialog.', 'zh-CN': '请通过对话框打开或保存。' },
  },
} as const satisfies Record<string, ProblemText>;
