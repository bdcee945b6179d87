/** Problems of the graph itself: parameters and wires. */
import type { ProblemText } from './entry';

export const graphProblems = {
  'param/not-integer': {
    message: {
      en: '{param} is {value}, which is not a whole number.',
      'zh-CN': '{param} 的值 {value} 不是整数。',
    },
    hint: { en: 'Type a whole number from {min} to {max}.', 'zh-CN': '请输入 {min} 到 {max} 之间的整数。' },
  },
  'param/not-number': {
    message: { en: '{param} is {value}, which is not a number.', 'zh-CN': '{param} 的值 {value} 不是数字。' },
    hint: { en: 'Type a number from {min} to {max}.', 'zh-CN': '请输入 {min} 到 {max} 之间的数字。' },
  },
  'param/out-of-range': {
    message: {
      en: '{param} is {value}, outside {min} to {max}.',
      'zh-CN': '{param} 的值 {value} 超出 {min} 到 {max} 的范围。',
    },
    hint: { en: 'Type a value from {min} to {max}.', 'zh-CN': '请输入 {min} 到 {max} 之间的值。' },
  },
  'param/not-choice': {
    message: {
      en: '{param} is {value}, which is none of: {choices}.',
      'zh-CN': '{param} 的值 {value} 不在可选项之中：{choices}。',
    },
    hint: { en: 'Pick one of the choices.', 'zh-CN': '请从可选项中选择一个。' },
  },
  'param/not-boolean': {
    message: {
      en: '{param} is {value}, expected true or false.',
      'zh-CN': '{param} 的值是 {value}，应为 true 或 false。',
    },
    hint: { en: 'Switch it on or off.', 'zh-CN': '请打开或关闭它。' },
  },
  'param/not-sizes': {
    message: {
      en: '{param} is {value}, expected {count} whole numbers from {min} to {max}.',
      'zh-CN': '{param} 的值是 {value}，应为 {count} 个 {min} 到 {max} 之间的整数。',
    },
    hint: { en: 'Type {count} whole numbers.', 'zh-CN': '请输入 {count} 个整数。' },
  },
  'param/not-padding': {
    message: {
      en: '{param} is {value}, expected same, valid or whole numbers for top, bottom, left and right.',
      'zh-CN': '{param} 的值是 {value}，应为 same、valid 或上下左右四个整数。',
    },
    hint: {
      en: 'Pick same or valid, or type the pixels of each side, from 0 to {max}.',
      'zh-CN': '请选择 same 或 valid，或输入每一侧的像素数（0 到 {max}）。',
    },
  },
  'param/not-shape': {
    message: {
      en: '{param} is {value}, expected one or three whole numbers from 1 to {max}.',
      'zh-CN': '{param} 的值是 {value}，应为一个或三个 1 到 {max} 之间的整数。',
    },
    hint: {
      en: 'Type the features, or height, width and channels; one of them may be -1 for what is left.',
      'zh-CN': '请输入特征数，或高、宽和通道数；其中一个可以是 -1，表示剩余部分。',
    },
  },
  'param/not-numbers': {
    message: {
      en: '{param} is {value}, expected a list of numbers from {min} to {max}.',
      'zh-CN': '{param} 的值是 {value}，应为 {min} 到 {max} 之间数字的列表。',
    },
    hint: {
      en: 'Type numbers from {min} to {max} with commas between them, or nothing.',
      'zh-CN': '请输入 {min} 到 {max} 之间的数字，以逗号分隔，或留空。',
    },
  },
  'param/not-kernel': {
    message: {
      en: '{param} is {value}, expected rows of numbers, all equally long.',
      'zh-CN': '{param} 的值是 {value}，应为若干行等长的数字。',
    },
    hint: {
      en: 'Type one row of the kernel after another, at most {max} numbers.',
      'zh-CN': '请逐行输入卷积核，最多 {max} 个数字。',
    },
  },
  'graph/unknown-type': {
    message: { en: 'This version has no node of type {type}.', 'zh-CN': '此版本没有 {type} 类型的节点。' },
    hint: {
      en: 'Replace the node, or open the file with the version that made it. The node is kept as it is.',
      'zh-CN': '请替换该节点，或用创建它的版本打开文件。节点会原样保留。',
    },
  },
  'graph/unknown-param': {
    message: { en: '{type} has no parameter {param}.', 'zh-CN': '{type} 没有参数 {param}。' },
    hint: { en: 'It is ignored and kept in the file.', 'zh-CN': '它会被忽略并保留在文件中。' },
  },
  'graph/unknown-port': {
    message: {
      en: 'A wire goes to {port} of {name}, which has no such port.',
      'zh-CN': '有连线指向 {name} 的端口 {port}，但该端口不存在。',
    },
    hint: {
      en: 'Delete the wire and connect it to a port of the node.',
      'zh-CN': '请删除该连线，并连接到节点已有的端口。',
    },
  },
  'graph/cycle': {
    message: {
      en: 'These nodes feed one another in a circle: {names}.',
      'zh-CN': '这些节点相互连接成环：{names}。',
    },
    hint: { en: 'Delete one of the wires between them.', 'zh-CN': '请删除其中一条连线。' },
  },
  'graph/input-missing': {
    message: {
      en: 'Input {port} of {name} is not connected.',
      'zh-CN': '{name} 的输入端口 {port} 没有连接。',
    },
    hint: {
      en: 'Drag a wire to it from the output of the node that should feed it.',
      'zh-CN': '请从应当提供数据的节点的输出端口拖一条连线过来。',
    },
  },
  'graph/no-input-node': {
    message: { en: 'The network has no Input node.', 'zh-CN': '网络中没有输入节点。' },
    hint: {
      en: 'Add an Input node and wire it to the first layer.',
      'zh-CN': '请添加一个输入节点并连接到第一层。',
    },
  },
  'graph/no-output-node': {
    message: { en: 'The network has no Output node.', 'zh-CN': '网络中没有输出节点。' },
    hint: {
      en: 'Add an Output node and wire the last layer to it.',
      'zh-CN': '请添加一个输出节点，并把最后一层连接到它。',
    },
  },
  'graph/many-input-nodes': {
    message: {
      en: '{name} is one of {count} Input nodes; a network has one.',
      'zh-CN': '{name} 是 {count} 个输入节点之一；网络只能有一个。',
    },
    hint: { en: 'Delete all but one.', 'zh-CN': '请只保留一个。' },
  },
  'graph/many-output-nodes': {
    message: {
      en: '{name} is one of {count} Output nodes; a network has one.',
      'zh-CN': '{name} 是 {count} 个输出节点之一；网络只能有一个。',
    },
    hint: { en: 'Delete all but one.', 'zh-CN': '请只保留一个。' },
  },
  'graph/unused-node': {
    message: {
      en: 'Nothing that {name} computes reaches the Output node.',
      'zh-CN': '{name} 的计算结果没有到达输出节点。',
    },
    hint: {
      en: 'Wire its output onward, or delete it. It is left out of training.',
      'zh-CN': '请把它的输出继续连接下去，或删除它。训练时会忽略它。',
    },
  },
  'graph/no-weights': {
    message: {
      en: 'The network has nothing to learn: no node on the way to the Output has weights that are trained.',
      'zh-CN': '网络没有可学习的内容：通往输出的节点都没有可训练的权重。',
    },
    hint: {
      en: 'Add a Conv2D or Dense node, or make a frozen one trainable.',
      'zh-CN': '请添加 Conv2D 或 Dense 节点，或将冻结的节点设为可训练。',
    },
  },
  'graph/duplicate-name': {
    message: { en: 'More than one node is called {name}.', 'zh-CN': '有多个节点名为 {name}。' },
    hint: { en: 'Give each node a name of its own.', 'zh-CN': '请为每个节点取不同的名称。' },
  },
  'graph/name-empty': {
    message: { en: 'The name is empty.', 'zh-CN': '名称为空。' },
    hint: { en: 'Type at least one character that is not a space.', 'zh-CN': '请输入至少一个非空格字符。' },
  },
  'graph/name-too-long': {
    message: {
      en: 'The name has {length} characters; at most {max} are allowed.',
      'zh-CN': '名称有 {length} 个字符，最多允许 {max} 个。',
    },
    hint: { en: 'Choose a shorter name.', 'zh-CN': '请使用更短的名称。' },
  },
} as const satisfies Record<string, ProblemText>;
