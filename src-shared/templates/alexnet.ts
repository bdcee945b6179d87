/** AlexNet (Krizhevsky et al., 2012) as in Dive into Deep Learning 7.1. */
import { activation, conv, denseHead, entry, maxPool } from './layers';
import { defineTemplate } from './template';

export const alexnet = defineTemplate({
  id: 'alexnet',
  title: { en: 'AlexNet', 'zh-CN': 'AlexNet' },
  doc: {
    en: 'Five convolutions and three dense layers with ReLU and dropout: the network that began the deep learning of images in 2012.',
    'zh-CN': '五个卷积层和三个全连接层，使用 ReLU 和暂退法：2012 年开启图像深度学习的网络。',
  },
  input: [224, 224, 1],
  training: { epochs: 5, batchSize: 64, optimizer: 'adam', learningRate: 0.0003 },
  layers: ({ input, classes }) => [
    [
      ...entry(input),
      conv('conv1', 96, 11, { strides: 4, padding: 1 }),
      activation('relu1', 'relu'),
      maxPool('pool1', 3, 2),
    ],
    [conv('conv2', 256, 5, { padding: 2 }), activation('relu2', 'relu'), maxPool('pool2', 3, 2)],
    [
      conv('conv3', 384, 3, { padding: 1 }),
      activation('relu3', 'relu'),
      conv('conv4', 384, 3, { padding: 1 }),
      activation('relu4', 'relu'),
    ],
    [conv('conv5', 256, 3, { padding: 1 }), activation('relu5', 'relu'), maxPool('pool5', 3, 2)],
    ...denseHead(classes),
  ],
});
