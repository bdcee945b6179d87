/** A Keras script that trains the network of the document elsewhere: readable, and runnable as it is. */
import { analyse } from '../../compile/analyse';
import type { Problem } from '../../problems/problem';
import { trainingProblems } from '../../training/settings';
import { success } from '../../util/result';
import { kerasNames } from '../keras/names';
import { kerasNetwork, kerasSupport } from '../keras/network';
import type { ExportInput } from '../model';
import { defineTarget } from '../target';
import { scriptCode } from './script';

export default defineTarget({
  id: 'keras-script',
  group: 'code',
  title: { en: 'Keras training script (.py)', 'zh-CN': 'Keras 训练脚本（.py）' },
  doc: {
    en: 'The network as code, with data, augmentation, schedule, optimizer, loss and precision of the document: for Keras 3 on TensorFlow, PyTorch or JAX. Keeps what it trains as .keras, which can be imported here.',
    'zh-CN':
      '以代码形式给出网络，并包含文档的数据、增强、学习率调度、优化器、损失和精度：用于 Keras 3（TensorFlow、PyTorch 或 JAX 后端）。训练结果保存为 .keras，可导入本应用。',
  },
  output: { kind: 'file', extension: '.py' },
  options: {},
  needsWeights: false,
  support: kerasSupport,
  export(input) {
    const network = kerasNetwork(input.model, kerasNames);
    const files = [{ path: input.fileName, parts: [scriptCode(input, network)] }];
    return success({ files, notes: trainingObstacles(input) });
  },
});

/** Why it could not train as it is, such as a data set of another size: written all the same, for it can be changed. */
function trainingObstacles({ document }: ExportInput): readonly Problem[] {
  const found = trainingProblems(analyse(document), document.training);
  return found.map((each) => ({ ...each, severity: 'warning' }));
}
