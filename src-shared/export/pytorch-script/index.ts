/** PyTorch training script: model.py, train.py that trains it elsewhere, and the document that its checkpoints fit. */
import { serialiseDocument } from '../../document/serialise';
import { success } from '../../util/result';
import { torchSupport } from '../pytorch';
import { modelFile } from '../pytorch/model-file';
import { defineTarget } from '../target';
import { trainFile } from './train-file';

export default defineTarget({
  id: 'pytorch-script',
  group: 'code',
  title: { en: 'PyTorch training script', 'zh-CN': 'PyTorch 训练脚本' },
  doc: {
    en: 'A folder with model.py and train.py, which trains it with the data, augmentation, schedule, metrics and precision of the document, alone or under torchrun on several processes and machines; its checkpoints can be loaded here.',
    'zh-CN':
      '一个文件夹：model.py 与 train.py。train.py 采用文档的数据、数据增强、学习率调度、指标和精度进行训练，可单独运行，也可用 torchrun 在多个进程和多台机器上运行；其检查点可载入本应用。',
  },
  output: { kind: 'folder' },
  options: {},
  needsWeights: false,
  support: torchSupport,
  export(input) {
    const { model, document, layerloomVersion } = input;
    return success({
      files: [
        { path: 'train.py', parts: [trainFile(input)] },
        { path: 'model.py', parts: [modelFile(model, layerloomVersion)] },
        { path: 'document.loom', parts: [serialiseDocument(document)] },
      ],
    });
  },
});
