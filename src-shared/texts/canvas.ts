/** Texts of the canvas, its palette and its problems, most of them read out rather than shown. */
import type { Text } from './text';

export const canvasTexts = {
  overview: {
    en: '{count, plural, one {# node} other {# nodes}} from afar; the arrow keys go from node to node',
    'zh-CN': '{count} 个节点的远景；可用方向键在节点之间移动',
  },
  canvas: { en: 'Network', 'zh-CN': '网络' },
  palette: { en: 'Nodes', 'zh-CN': '节点' },
  search: { en: 'Search nodes', 'zh-CN': '搜索节点' },
  searchNone: { en: 'No node matches “{query}”', 'zh-CN': '没有匹配“{query}”的节点' },
  addHint: { en: 'Drag to the canvas, or press Enter to add', 'zh-CN': '拖到画布上，或按回车添加' },
  addTitle: { en: 'Add a node', 'zh-CN': '添加节点' },
  addAfter: { en: 'Add a node after {name}', 'zh-CN': '在 {name} 之后添加节点' },
  addBefore: { en: 'Add a node that feeds {name}', 'zh-CN': '添加为 {name} 提供输入的节点' },
  addOnWire: { en: 'Insert a node into the wire', 'zh-CN': '在连线中插入节点' },
  emptyTitle: { en: 'An empty canvas', 'zh-CN': '空白画布' },
  emptyBody: {
    en: 'Drag a node from the left, or press / to search for one. Start with Input.',
    'zh-CN': '从左侧拖入节点，或按 / 搜索。请从“输入”开始。',
  },
  node: { en: 'node', 'zh-CN': '节点' },
  wire: { en: 'wire', 'zh-CN': '连线' },
  nodeLabel: { en: '{name}, {type}', 'zh-CN': '{name}，{type}' },
  nodeShape: { en: 'output {shape}', 'zh-CN': '输出 {shape}' },
  nodeNoShape: { en: 'output unknown', 'zh-CN': '输出未知' },
  wireLabel: { en: 'Wire from {from} to {to}, {port}', 'zh-CN': '从 {from} 到 {to} 的连线，{port}' },
  inputPort: { en: 'Input {port} of {name}', 'zh-CN': '{name} 的输入 {port}' },
  outputPort: { en: 'Output of {name}', 'zh-CN': '{name} 的输出' },
  unknownType: { en: 'Unknown type', 'zh-CN': '未知类型' },
  miniMap: { en: 'Map of the network', 'zh-CN': '网络缩略图' },
  nodeKeys: {
    en: 'Arrow keys walk along the wires, Alt with arrow keys moves the node, C connects, F2 renames, Enter opens a block, Delete removes.',
    'zh-CN': '方向键沿连线移动，Alt 加方向键移动节点，C 连接，F2 重命名，回车打开块，Delete 删除。',
  },
  wireKeys: { en: 'Delete removes the wire.', 'zh-CN': '按 Delete 删除连线。' },
  connecting: { en: 'Connect {from} to {to}, {port}', 'zh-CN': '将 {from} 连接到 {to} 的 {port}' },
  connectKeys: {
    en: 'Arrows choose · Enter connects · Esc cancels',
    'zh-CN': '方向键选择 · 回车连接 · Esc 取消',
  },
  connectNone: { en: 'No node can take the output of {from}', 'zh-CN': '没有节点可以接收 {from} 的输出' },
  connected: { en: 'Connected {from} to {to}', 'zh-CN': '已将 {from} 连接到 {to}' },
  added: { en: 'Added {name}', 'zh-CN': '已添加 {name}' },
  deleted: {
    en: '{count, plural, one {Deleted # item} other {Deleted # items}}',
    'zh-CN': '已删除 {count} 项',
  },
  moved: { en: 'Moved to {x}, {y}', 'zh-CN': '已移动到 {x}, {y}' },
  renameLabel: { en: 'New name of {name}', 'zh-CN': '{name} 的新名称' },
  problemsTitle: { en: 'Problems', 'zh-CN': '问题' },
  problemsNone: { en: 'No problems: this network can be trained.', 'zh-CN': '没有问题：该网络可以训练。' },
  problemGo: { en: 'Go to {name}', 'zh-CN': '转到 {name}' },
  fixes: { en: 'Ways to mend it', 'zh-CN': '修复方法' },
  fixed: { en: 'Mended', 'zh-CN': '已修复' },
  severityError: { en: 'Problem', 'zh-CN': '问题' },
  severityWarning: { en: 'Warning', 'zh-CN': '警告' },
  wholeNetwork: { en: 'Whole network', 'zh-CN': '整个网络' },
} as const satisfies Record<string, Text>;

/** Headings of the palette, by category. */
export const categoryTexts = {
  'input-output': { en: 'Input and output', 'zh-CN': '输入与输出' },
  convolution: { en: 'Convolution', 'zh-CN': '卷积' },
  pooling: { en: 'Pooling', 'zh-CN': '池化' },
  dense: { en: 'Dense', 'zh-CN': '全连接' },
  normalization: { en: 'Normalisation', 'zh-CN': '归一化' },
  activation: { en: 'Activation', 'zh-CN': '激活' },
  regularization: { en: 'Regularisation', 'zh-CN': '正则化' },
  merge: { en: 'Join', 'zh-CN': '合并' },
  shape: { en: 'Shape', 'zh-CN': '形状' },
  blocks: { en: 'Blocks', 'zh-CN': '块' },
} as const satisfies Record<string, Text>;
