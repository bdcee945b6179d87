/** Problems of blocks: what cannot be packed, opened, closed or repeated. */
import type { ProblemText } from './entry';

export const blockProblems = {
  'block/unknown': {
    message: { en: 'The document has no block {block}.', 'zh-CN': '文档中没有块 {block}。' },
    hint: {
      en: 'Add the block from the library or document that has it, or delete the node.',
      'zh-CN': '请从包含该块的块库或文档中添加它，或删除该节点。',
    },
  },
  'block/recursive': {
    message: {
      en: 'The block {name} contains itself, directly or through another block.',
      'zh-CN': '块 {name} 直接或通过其他块包含了自身。',
    },
    hint: {
      en: 'Take the node that stands for it out of it, or give the new block a name of its own.',
      'zh-CN': '请从中移除代表它自身的节点，或将其另存为新的块。',
    },
  },
  'block/too-deep': {
    message: {
      en: 'Blocks stand inside the block {name} more than {max} deep.',
      'zh-CN': '块 {name} 的嵌套超过 {max} 层。',
    },
    hint: { en: 'Unpack some of the inner blocks.', 'zh-CN': '请拆开部分内层的块。' },
  },
  'block/too-many-parts': {
    message: {
      en: 'The block has {count} parts, repetitions included; at most {max} are allowed.',
      'zh-CN': '该块含重复共有 {count} 个组成部分，最多允许 {max} 个。',
    },
    hint: {
      en: 'Lower the repeat count of the block or of blocks inside it.',
      'zh-CN': '请减小该块或其内部块的重复次数。',
    },
  },
  'block/repeat-many-inputs': {
    message: {
      en: 'The block has {count} inputs and cannot be repeated.',
      'zh-CN': '该块有 {count} 个输入，无法重复。',
    },
    hint: {
      en: 'Set repeat to 1, or pack a part of it that has one input.',
      'zh-CN': '请将重复次数设为 1，或只打包其中只有一个输入的部分。',
    },
  },
  'block/repeat-no-fit': {
    message: {
      en: 'Repetition {round} does not take what the one before it gives: {shape}.',
      'zh-CN': '第 {round} 次重复无法接收前一次的输出 {shape}。',
    },
    hint: {
      en: 'Lower the repeat count, or change the block so that its output fits its input.',
      'zh-CN': '请减小重复次数，或修改该块使其输出与输入相符。',
    },
  },
  'block/unknown-parameter': {
    message: {
      en: 'The block’s parameter {name} belongs to {param} of {part}, which does not exist.',
      'zh-CN': '块的参数 {name} 对应 {part} 的 {param}，但它不存在。',
    },
    hint: { en: 'Pack the block again without it.', 'zh-CN': '请去掉该参数后重新打包。' },
  },
  'block/bad-parameter-name': {
    message: {
      en: 'A parameter of a block cannot be called "{name}".',
      'zh-CN': '块的参数不能命名为“{name}”。',
    },
    hint: {
      en: 'Type a name other than block and repeat.',
      'zh-CN': '请输入 block 和 repeat 以外的名称。',
    },
  },
  'block/end-inside': {
    message: {
      en: '{name} is an end of the network and stays outside of blocks.',
      'zh-CN': '{name} 是网络的端点，不能放入块中。',
    },
    hint: { en: 'Leave it out of the selection.', 'zh-CN': '请不要选中它。' },
  },
  'block/no-input': {
    message: { en: 'Nothing leads into these nodes.', 'zh-CN': '这些节点没有输入。' },
    hint: { en: 'Wire one of them to the node before it.', 'zh-CN': '请将其中一个节点连接到前面的节点。' },
  },
  'block/many-outputs': {
    message: {
      en: 'A block has one output; these nodes have {count}: {names}.',
      'zh-CN': '一个块只能有一个输出；这些节点有 {count} 个：{names}。',
    },
    hint: {
      en: 'Select the nodes up to one where the ways join again.',
      'zh-CN': '请选到各支路重新汇合的节点为止。',
    },
  },
  'block/not-closed': {
    message: {
      en: '{name} lies between these nodes: the block would feed itself.',
      'zh-CN': '{name} 位于这些节点之间：该块会成为自己的输入。',
    },
    hint: { en: 'Select it too.', 'zh-CN': '请把它也选中。' },
  },
  'block/edited': {
    message: {
      en: '{part} is no longer as it was in the block {name}.',
      'zh-CN': '{part} 与块 {name} 中的已不相同。',
    },
    hint: {
      en: 'Undo the change, or pack the nodes as a block of your own.',
      'zh-CN': '请撤销更改，或将这些节点打包成自己的块。',
    },
  },
  'block/in-use': {
    message: {
      en: 'The block {name} is used {count, plural, one {once} other {# times}}.',
      'zh-CN': '块 {name} 正被使用 {count, plural, other {#}} 次。',
    },
    hint: {
      en: 'Unpack or delete what uses it first.',
      'zh-CN': '请先拆开或删除使用它的节点。',
    },
  },
  'block/not-ready': {
    message: {
      en: 'What {name} consists of depends on its inputs, and those are not known.',
      'zh-CN': '{name} 的组成取决于其输入，而输入尚不明确。',
    },
    hint: { en: 'Wire its inputs first.', 'zh-CN': '请先连接它的输入。' },
  },
  'block/none-in-file': {
    message: { en: 'The file holds no blocks.', 'zh-CN': '该文件中没有块。' },
    hint: { en: 'Pick a block library or a document with blocks.', 'zh-CN': '请选择块库或包含块的文档。' },
  },
} as const satisfies Record<string, ProblemText>;
