/** Texts of composite blocks: on the canvas, in the inspector, in the palette and in their dialogs. */
import type { Text } from './text';

export const blockTexts = {
  block: { en: 'block', 'zh-CN': '块' },
  partCount: {
    en: '{count, plural, one {# layer} other {# layers}}',
    'zh-CN': '{count} 层',
  },
  open: { en: 'Open the block {name}', 'zh-CN': '打开块 {name}' },
  close: { en: 'Close block', 'zh-CN': '关闭块' },
  closeNamed: { en: 'Close the block {name}', 'zh-CN': '关闭块 {name}' },
  frame: { en: 'Open block {name}', 'zh-CN': '已打开的块 {name}' },
  opened: { en: 'Opened {name}', 'zh-CN': '已打开 {name}' },
  closed: { en: 'Closed {name}', 'zh-CN': '已关闭 {name}' },
  unpacked: { en: 'Unpacked {name}', 'zh-CN': '已拆开 {name}' },
  made: { en: 'Made the block {name}', 'zh-CN': '已创建块 {name}' },
  parts: { en: 'Parts', 'zh-CN': '组成' },
  partOf: { en: 'Part of the open block {name}', 'zh-CN': '属于已打开的块 {name}' },
  fixableTitle: { en: 'The block stays open', 'zh-CN': '块保持打开' },
  makeTitle: { en: 'Make a block', 'zh-CN': '创建块' },
  makeIntro: {
    en: 'The block takes the place of {count, plural, one {# node} other {# nodes}} and can be used again from the palette.',
    'zh-CN': '该块将取代所选的 {count} 个节点，并可从节点面板中重复使用。',
  },
  name: { en: 'Name', 'zh-CN': '名称' },
  newName: { en: 'My block', 'zh-CN': '我的块' },
  repeat: { en: 'Times in a row', 'zh-CN': '重复次数' },
  exposed: { en: 'Parameters that can be set on the block', 'zh-CN': '可在块上设置的参数' },
  exposedHint: {
    en: 'Parameters that bear the same name are set together.',
    'zh-CN': '同名的参数会一起设置。',
  },
  exposedName: { en: 'Name of {param} on the block', 'zh-CN': '{param} 在块上的名称' },
  noParameters: { en: 'The selected nodes have nothing to set.', 'zh-CN': '所选节点没有可设置的参数。' },
  make: { en: 'Make block', 'zh-CN': '创建块' },
  renameTitle: { en: 'Rename the block {name}', 'zh-CN': '重命名块 {name}' },
  rename: { en: 'Rename', 'zh-CN': '重命名' },
  menuOf: { en: 'More about the block {name}', 'zh-CN': '块 {name} 的更多操作' },
  imported: {
    en: '{count, plural, one {Took in # block} other {Took in # blocks}} from {name}',
    'zh-CN': '已从 {name} 导入 {count} 个块',
  },
  exported: {
    en: '{count, plural, one {Wrote # block} other {Wrote # blocks}} to {name}',
    'zh-CN': '已将 {count} 个块写入 {name}',
  },
  library: { en: 'blocks', 'zh-CN': '块库' },
} as const satisfies Record<string, Text>;
