/** LeNet (LeCun et al., 1998) as in Dive into Deep Learning 6.6, and the same with batch normalisation (7.5). */
import { activation, conv, dense, entry, flatten, norm, output } from './layers';
import { defineTemplate, type LayerSpec } from './template';

/** 0.984 to 0.986 on MNIST after five epochs; the textbook's SGD at 0.9 does not leave chance with some seeds. */
const training = {
  dataset: 'mnist',
  epochs: 5,
  batchSize: 64,
  optimizer: 'adam',
  learningRate: 0.003,
} as const;

const sigmoid = (name: string): LayerSpec => activation(name, 'sigmoid');
const pool = (name: string): LayerSpec => ({ type: 'AveragePooling2D', name });

export const lenet = defineTemplate({
  id: 'lenet',
  title: { en: 'LeNet', 'zh-CN': 'LeNet' },
  doc: {
    en: 'Two convolutions and three dense layers: the first network that read handwritten digits.',
    'zh-CN': '两个卷积层和三个全连接层：最早识别手写数字的网络。',
  },
  input: [28, 28, 1],
  training,
  layers: ({ input, classes }) => [
    [...entry(input), conv('conv1', 6, 5, { padding: 2 }), sigmoid('sigmoid1'), pool('pool1')],
    [conv('conv2', 16, 5), sigmoid('sigmoid2'), pool('pool2'), flatten],
    [dense('dense1', 120), sigmoid('sigmoid3'), dense('dense2', 84), sigmoid('sigmoid4')],
    [dense('dense3', classes), output],
  ],
});

export const lenetWithBatchNormalization = defineTemplate({
  id: 'lenet-bn',
  title: { en: 'LeNet with batch normalisation', 'zh-CN': '带批量归一化的 LeNet' },
  doc: {
    en: 'LeNet whose layers are normalised over the batch before each activation: it learns faster.',
    'zh-CN': '在每个激活函数之前做批量归一化的 LeNet：学习更快。',
  },
  input: [28, 28, 1],
  training,
  layers: ({ input, classes }) => [
    [...entry(input), conv('conv1', 6, 5), norm('norm1'), sigmoid('sigmoid1'), pool('pool1')],
    [conv('conv2', 16, 5), norm('norm2'), sigmoid('sigmoid2'), pool('pool2'), flatten],
    [dense('dense1', 120), norm('norm3'), sigmoid('sigmoid3')],
    [dense('dense2', 84), norm('norm4'), sigmoid('sigmoid4')],
    [dense('dense3', classes), output],
  ],
});
