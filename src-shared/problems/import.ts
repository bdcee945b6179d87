/** Problems of imports: files that cannot be read, and what a layer of a file is not with us. */
import type { ProblemText } from './entry';

export const importProblems = {
  'import/unknown-format': {
    message: {
      en: '{name} is of no format that can be imported. Known: {known}.',
      'zh-CN': '{name} 不是可导入的格式。支持：{known}。',
    },
    hint: {
      en: 'Open .loom files with Open; export the model from where it was made to one of these formats.',
      'zh-CN': '.loom 文件请用“打开”；或在原处把模型导出为上述格式之一。',
    },
  },
  'import/bad-file': {
    message: {
      en: '{name} cannot be imported: {reason, select, TOO_LARGE {it is too large} NOT_HDF5 {it is not an HDF5 file} NOT_ZIP {it is not a zip archive} DAMAGED {it is cut off or damaged} TOO_SLOW {reading it takes too long; it may be damaged} TOO_MANY_OBJECTS {it has too many objects} TOO_DEEP {its groups are nested too deep} EXTERNAL_LINK {it has a link to another file} TENSORS_TOO_LARGE {its tensors are too large} TOO_MANY_TEXTS {it has too many texts} TOO_MANY_ENTRIES {it has too many entries} PATH_OUTSIDE {it has an entry whose path leads out of it} CONTENTS_TOO_LARGE {its contents are too large} NO_CONFIG {it holds no description of a network} WEIGHTS_ONLY {it holds weights alone, without the network} NOT_JSON {its description is not JSON} NOT_A_MODEL {its description is of another form} TOO_MANY_LAYERS {it has too many layers} MANY_INPUTS {its network has several inputs} MANY_OUTPUTS {its network has several outputs} NO_LAYERS {its network has no layers} CYCLE {its layers feed one another in a circle} SUBCLASSED {its network is a class of its own, whose code is not in the file} NOT_ONNX {it is no ONNX model} OLD_OPSET {its operators are of a version before 7} EXTERNAL_PATH {it names a file outside its folder for its weights} EXTERNAL_MISSING {the file with its weights is not beside it} other {{reason}}}. Nothing was changed.',
      'zh-CN':
        '无法导入 {name}：{reason, select, TOO_LARGE {文件过大} NOT_HDF5 {不是 HDF5 文件} NOT_ZIP {不是 zip 压缩包} DAMAGED {文件不完整或已损坏} TOO_SLOW {读取时间过长，文件可能已损坏} TOO_MANY_OBJECTS {对象过多} TOO_DEEP {组的嵌套过深} EXTERNAL_LINK {含有指向其他文件的链接} TENSORS_TOO_LARGE {张量过大} TOO_MANY_TEXTS {文本过多} TOO_MANY_ENTRIES {条目过多} PATH_OUTSIDE {有条目的路径指向压缩包之外} CONTENTS_TOO_LARGE {内容过大} NO_CONFIG {不含网络的描述} WEIGHTS_ONLY {只含权重，不含网络} NOT_JSON {其描述不是 JSON} NOT_A_MODEL {其描述是另一种形式} TOO_MANY_LAYERS {层过多} MANY_INPUTS {网络有多个输入} MANY_OUTPUTS {网络有多个输出} NO_LAYERS {网络没有层} CYCLE {各层互相循环连接} SUBCLASSED {网络是自定义类，其代码不在文件中} NOT_ONNX {不是 ONNX 模型} OLD_OPSET {其算子版本早于 7} EXTERNAL_PATH {其权重文件的路径指向所在文件夹之外} EXTERNAL_MISSING {旁边没有其权重文件} other {{reason}}}。没有任何更改。',
    },
    hint: {
      en: 'Check the file, or save it again where it was made.',
      'zh-CN': '请检查文件，或在原处重新保存。',
    },
  },
  'import/nothing-fits': {
    message: {
      en: 'None of the weights fits this network: no name and size are the same. Nothing was changed.',
      'zh-CN': '没有任何权重适合此网络：没有名称和尺寸都相同的。没有任何更改。',
    },
    hint: {
      en: 'Name the nodes as the layers of the file are named, or import the network of the file.',
      'zh-CN': '请把节点命名为文件中各层的名称，或导入文件中的网络。',
    },
  },
  'import/weights-alone': {
    message: {
      en: '{name} holds weights alone, without a network.',
      'zh-CN': '{name} 只含权重，不含网络。',
    },
    hint: {
      en: 'Name the network that they are for: import {name} --onto FILE.loom --run DIR.',
      'zh-CN': '请指定它们所属的网络：import {name} --onto FILE.loom --run DIR。',
    },
  },
  'import/layer-unknown': {
    message: {
      en: 'There is no node for {type}. Its place is kept, without its settings.',
      'zh-CN': '没有与 {type} 对应的节点。保留其位置，但不含其设置。',
    },
    hint: { en: 'Put other nodes in its place.', 'zh-CN': '请用其他节点代替。' },
  },
  'import/code': {
    message: {
      en: '{type} holds code, which is not read and never run. Its place is kept.',
      'zh-CN': '{type} 含有代码，不会被读取，也绝不会执行。保留其位置。',
    },
    hint: { en: 'Put nodes that do the same in its place.', 'zh-CN': '请用功能相同的节点代替。' },
  },
  'import/setting-unsupported': {
    message: {
      en: 'It has {setting} {value}, which its node cannot do. Its place is kept.',
      'zh-CN': '其 {setting} 为 {value}，对应的节点做不到。保留其位置。',
    },
    hint: { en: 'Put other nodes in its place.', 'zh-CN': '请用其他节点代替。' },
  },
  'import/setting-left-out': {
    message: {
      en: '{setting} {value} was left out: its node has none.',
      'zh-CN': '略去了 {setting} {value}：对应的节点没有该设置。',
    },
    hint: {
      en: 'What the network says is the same; further training may differ.',
      'zh-CN': '网络的输出不变；继续训练时可能有差别。',
    },
  },
  'import/constant-weight': {
    message: {
      en: 'It has no {weight}; its node has one, which was set so that it changes nothing.',
      'zh-CN': '它没有 {weight}；对应的节点有，已设为不起作用的值。',
    },
    hint: { en: 'Further training may change it.', 'zh-CN': '继续训练时它可能会改变。' },
  },
  'import/shared': {
    message: {
      en: 'It is used in several places; each became a node with a copy of the weights.',
      'zh-CN': '它在多处使用；每处成为一个带有权重副本的节点。',
    },
    hint: {
      en: 'What the network says is the same; further training moves the copies apart.',
      'zh-CN': '网络的输出不变；继续训练时各副本会各自变化。',
    },
  },
  'import/input-scaled': {
    message: {
      en: 'It takes bytes from 0 to 255; images come from 0 to 1 here, and the scale was adapted.',
      'zh-CN': '它接收 0 到 255 的字节；此处图像取值为 0 到 1，已相应调整比例。',
    },
    hint: { en: 'Check it against an image.', 'zh-CN': '请用图像核对。' },
  },
  'import/input-shape': {
    message: {
      en: 'It takes {given}; images have height, width and channels here, and {chosen} was put in its place.',
      'zh-CN': '它接收 {given}；此处图像有高、宽和通道，已改为 {chosen}。',
    },
    hint: { en: 'Check the shape of the Input.', 'zh-CN': '请检查输入节点的形状。' },
  },
  'import/logits': {
    message: {
      en: 'The network ends without softmax or sigmoid; here softmax makes predictions of its values.',
      'zh-CN': '网络末尾没有 softmax 或 sigmoid；此处由 softmax 把其输出变为预测。',
    },
    hint: {
      en: 'Choose another loss in the training settings if the values are meant otherwise.',
      'zh-CN': '如果这些值另有含义，请在训练设置中选择其他损失。',
    },
  },
  'import/weights-misfit': {
    message: {
      en: 'Its weights do not fit it: {found} of {expected}. They were left out.',
      'zh-CN': '其权重与之不符：应有 {expected} 个，实有 {found} 个。已略去。',
    },
    hint: { en: 'Save the file again where it was made.', 'zh-CN': '请在原处重新保存文件。' },
  },
  'import/order': {
    message: {
      en: 'It takes the values of an image in another order (channel by channel) than its node. Its place is kept.',
      'zh-CN': '它按另一种顺序（逐通道）接收图像的值，与对应的节点不同。保留其位置。',
    },
    hint: { en: 'Put other nodes in its place.', 'zh-CN': '请用其他节点代替。' },
  },
  'import/weights-computed': {
    message: {
      en: 'Its weights ({value}) are computed in the file or are no float32 numbers. Its place is kept.',
      'zh-CN': '其权重（{value}）由文件中的算子计算得出，或不是 float32 数值。保留其位置。',
    },
    hint: {
      en: 'Export the model with constants folded, in float32.',
      'zh-CN': '请以 float32 重新导出模型，并折叠常量。',
    },
  },
  'import/operand-unknown': {
    message: {
      en: 'It takes {value}, which does not come from the network’s input. Its place is kept.',
      'zh-CN': '它接收的 {value} 并非来自网络的输入。保留其位置。',
    },
    hint: { en: 'Put other nodes in its place.', 'zh-CN': '请用其他节点代替。' },
  },
} as const satisfies Record<string, ProblemText>;
