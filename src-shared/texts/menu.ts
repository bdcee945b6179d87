/** Texts of the native menu and of native dialogs; the labels of actions stand in actions.ts. */
import type { Text } from './text';

export const menuTexts = {
  file: { en: 'File', 'zh-CN': '文件' },
  edit: { en: 'Edit', 'zh-CN': '编辑' },
  view: { en: 'View', 'zh-CN': '视图' },
  run: { en: 'Run', 'zh-CN': '运行' },
  window: { en: 'Window', 'zh-CN': '窗口' },
  help: { en: 'Help', 'zh-CN': '帮助' },
  about: { en: 'About Layerloom', 'zh-CN': '关于 Layerloom' },
  hide: { en: 'Hide Layerloom', 'zh-CN': '隐藏 Layerloom' },
  hideOthers: { en: 'Hide others', 'zh-CN': '隐藏其他' },
  showAll: { en: 'Show all', 'zh-CN': '全部显示' },
  quit: { en: 'Quit Layerloom', 'zh-CN': '退出 Layerloom' },
  minimize: { en: 'Minimise', 'zh-CN': '最小化' },
  zoomWindow: { en: 'Zoom', 'zh-CN': '缩放' },
  fullScreen: { en: 'Full screen', 'zh-CN': '全屏' },
  developerTools: { en: 'Developer tools', 'zh-CN': '开发者工具' },
} as const satisfies Record<string, Text>;

export const nativeDialogTexts = {
  imageFolder: {
    en: 'Folder with a folder of images for each class',
    'zh-CN': '按类别分文件夹存放图像的文件夹',
  },
  fileKind: { en: 'Layerloom networks', 'zh-CN': 'Layerloom 网络' },
  allFiles: { en: 'All files', 'zh-CN': '所有文件' },
  importFrom: { en: 'Import a network or weights', 'zh-CN': '导入网络或权重' },
  importKind: { en: 'Networks and weights', 'zh-CN': '网络与权重' },
  exportTo: { en: 'Export to', 'zh-CN': '导出到' },
  exportButton: { en: 'Export', 'zh-CN': '导出' },
  cannotOpen: { en: 'The file cannot be opened', 'zh-CN': '无法打开文件' },
  notResponding: {
    en: 'The window does not answer, and it has unsaved changes.',
    'zh-CN': '窗口没有响应，且有未保存的更改。',
  },
  notRespondingDetail: {
    en: 'Closing it loses what was changed since the last save.',
    'zh-CN': '关闭窗口会丢失自上次保存以来的更改。',
  },
  closeAnyway: { en: 'Close without saving', 'zh-CN': '不保存并关闭' },
  keepWaiting: { en: 'Keep waiting', 'zh-CN': '继续等待' },
  pageGone: { en: 'The window stopped working ({reason}).', 'zh-CN': '窗口已停止工作（{reason}）。' },
  pageGoneDetail: {
    en: 'Changes since the last save are lost, and a run that was going on has ended; its last checkpoint is kept. Reload the window to go on.',
    'zh-CN': '自上次保存以来的更改已丢失，正在进行的训练已结束；最后一个检查点已保留。请重新加载窗口以继续。',
  },
  reload: { en: 'Reload', 'zh-CN': '重新加载' },
  quit: { en: 'Quit', 'zh-CN': '退出' },
  noSandboxAsRoot: {
    en: 'Layerloom runs as root: the sandbox of its window is off (--no-sandbox).',
    'zh-CN': 'Layerloom 以 root 身份运行：窗口的沙箱已关闭（--no-sandbox）。',
  },
  noSandboxRefused: {
    en: 'Layerloom does not run without its sandbox: leave --no-sandbox out, it is for root only.',
    'zh-CN': 'Layerloom 不会在没有沙箱的情况下运行：请去掉 --no-sandbox，它仅供 root 使用。',
  },
} as const satisfies Record<string, Text>;
