/** Labels of everything that can be asked of the window, by action id; menus, keys and palettes share them. */
import type { Text } from './text';

export const actionTexts = {
  'file.new': { en: 'New…', 'zh-CN': '新建…' },
  'file.open': { en: 'Open…', 'zh-CN': '打开…' },
  'file.recent': { en: 'Recent files…', 'zh-CN': '最近的文件…' },
  'file.save': { en: 'Save', 'zh-CN': '保存' },
  'file.saveAs': { en: 'Save as…', 'zh-CN': '另存为…' },
  'file.close': { en: 'Close window', 'zh-CN': '关闭窗口' },
  'edit.undo': { en: 'Undo', 'zh-CN': '撤销' },
  'edit.redo': { en: 'Redo', 'zh-CN': '重做' },
  'edit.cut': { en: 'Cut', 'zh-CN': '剪切' },
  'edit.copy': { en: 'Copy', 'zh-CN': '复制' },
  'edit.paste': { en: 'Paste', 'zh-CN': '粘贴' },
  'edit.duplicate': { en: 'Duplicate', 'zh-CN': '创建副本' },
  'edit.delete': { en: 'Delete', 'zh-CN': '删除' },
  'edit.deleteHeal': { en: 'Delete and reconnect', 'zh-CN': '删除并重新连接' },
  'edit.selectAll': { en: 'Select all', 'zh-CN': '全选' },
  'edit.rename': { en: 'Rename', 'zh-CN': '重命名' },
  'edit.addNode': { en: 'Add node…', 'zh-CN': '添加节点…' },
  'edit.connect': { en: 'Connect from here…', 'zh-CN': '从此处连接…' },
  'view.zoomIn': { en: 'Zoom in', 'zh-CN': '放大' },
  'view.zoomOut': { en: 'Zoom out', 'zh-CN': '缩小' },
  'view.fit': { en: 'Fit the network', 'zh-CN': '适应窗口' },
  'view.arrange': { en: 'Arrange', 'zh-CN': '自动排列' },
  'view.commands': { en: 'Command palette…', 'zh-CN': '命令面板…' },
  'view.problems': { en: 'Show problems', 'zh-CN': '显示问题' },
  'view.training': { en: 'Show training', 'zh-CN': '显示训练' },
  'view.predictions': { en: 'Show predictions', 'zh-CN': '显示预测' },
  'view.language': { en: 'Switch to 中文', 'zh-CN': '切换到 English' },
  'view.theme': { en: 'Change theme', 'zh-CN': '切换主题' },
  'run.start': { en: 'Train', 'zh-CN': '训练' },
  'run.stop': { en: 'Stop', 'zh-CN': '停止' },
  'help.shortcuts': { en: 'Keyboard shortcuts', 'zh-CN': '键盘快捷键' },
} as const satisfies Record<string, Text>;

/** What the canvas does with keys beyond the actions, for the sheet of shortcuts. */
export const canvasKeyTexts = {
  walk: { en: 'Walk along the wires', 'zh-CN': '沿连线移动选择' },
  move: { en: 'Move the selection', 'zh-CN': '移动所选节点' },
  connect: {
    en: 'Connect: arrows pick the target, Enter connects',
    'zh-CN': '连接：方向键选择目标，回车确认',
  },
  search: { en: 'Search for a node to add', 'zh-CN': '搜索并添加节点' },
  box: { en: 'Select with a box', 'zh-CN': '框选' },
  add: { en: 'Add to the selection', 'zh-CN': '加入选择' },
  escape: { en: 'Give up the gesture, clear the selection', 'zh-CN': '放弃操作，清除选择' },
  drag: { en: 'drag', 'zh-CN': '拖动' },
  click: { en: 'click', 'zh-CN': '单击' },
  arrows: { en: 'Arrows', 'zh-CN': '方向键' },
} as const satisfies Record<string, Text>;
