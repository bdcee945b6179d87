/** NiN (Lin et al., 2013) as in Dive into Deep Learning 7.3: small networks at every pixel, and no dense layer. */
import { around, dropout, entry, globalPool, maxPool, output } from './layers';
import { defineTemplate, type LayerSpec } from './template';

function block(name: string, filters: number, size: number, strides: number, padding: number): LayerSpec {
  const params = { filters, kernelSize: [size, size], strides: [strides, strides], padding: around(padding) };
  return { type: 'NinBlock', name, params };
}

export const nin = defineTemplate({
  id: 'nin',
  title: { en: 'NiN', 'zh-CN': 'NiN' },
  doc: {
    en: 'Network in network: 1×1 convolutions work on the channels of every pixel, and global average pooling takes the place of dense layers.',
    'zh-CN': '网络中的网络：1×1 卷积在每个像素的通道上运算，全局平均池化取代全连接层。',
  },
  input: [224, 224, 1],
  training: { epochs: 5, batchSize: 64, optimizer: 'adam', learningRate: 0.0005 },
  layers: ({ input, classes }) => [
    [...entry(input), block('block1', 96, 11, 4, 0), maxPool('pool1', 3, 2)],
    [block('block2', 256, 5, 1, 2), maxPool('pool2', 3, 2)],
    [block('block3', 384, 3, 1, 1), maxPool('pool3', 3, 2), dropout('dropout')],
    [block('block4', classes, 3, 1, 1), globalPool, output],
  ],
});
