/** Problems of imports from TensorFlow.js, whose models are several files. */
import type { ProblemText } from './entry';

export const tfjsImportProblems = {
  'import/weight-files': {
    message: {
      en: '{name} cannot be imported: {reason, select, PATH {it names a file of weights that is not in its own folder, {file}} MISSING {its file of weights, {file}, is not beside it or too large} SIZE {its files of weights have {found} bytes in place of {expected}} TYPE {it has a tensor of type {type}, which is not read} other {its weights cannot be read}}. Nothing was changed.',
      'zh-CN':
        '无法导入 {name}：{reason, select, PATH {其中提到的权重文件 {file} 不在它所在的文件夹中} MISSING {旁边没有其权重文件 {file}，或文件过大} SIZE {其权重文件共有 {found} 字节，应为 {expected}} TYPE {其中有类型为 {type} 的张量，无法读取} other {无法读取其权重}}。没有任何更改。',
    },
    hint: {
      en: 'Keep model.json in one folder with all files that were written with it.',
      'zh-CN': '请把 model.json 与同时写出的所有文件放在同一个文件夹中。',
    },
  },
  'import/graph-model': {
    message: {
      en: '{name} is a graph model of TensorFlow.js: it lists operations and no longer tells the layers. Nothing was changed.',
      'zh-CN': '{name} 是 TensorFlow.js 的图模型：它只列出运算，已不含各层的信息。没有任何更改。',
    },
    hint: {
      en: 'Import the Keras model that it was made from (.keras or .h5), or convert that to a layers model. Graph models that Layerloom wrote can be imported, and weights of others loaded onto a network whose nodes have the names of the layers.',
      'zh-CN':
        '请导入生成它的 Keras 模型（.keras 或 .h5），或将其转换为层模型。由 Layerloom 导出的图模型可以导入；其他图模型的权重可加载到节点与各层同名的网络上。',
    },
  },
} as const satisfies Record<string, ProblemText>;
