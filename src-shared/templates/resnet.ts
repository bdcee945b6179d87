/** ResNet (He et al., 2015) as in Dive into Deep Learning 7.6; ResNet-50 with the paper's bottleneck blocks. */
import type { Text } from '../texts/text';
import { dense, globalPool, output, stem } from './layers';
import { defineTemplate, type LayerSpec } from './template';

const filters = [64, 128, 256, 512];

function resnet(
  depth: 18 | 34 | 50,
  block: 'ResidualBlock' | 'BottleneckBlock',
  counts: readonly number[],
  doc: Text,
) {
  const stage = (index: number): readonly LayerSpec[] =>
    Array.from({ length: counts[index] ?? 0 }, (_, i) => {
      const stride = index > 0 && i === 0 ? 2 : 1;
      const params = { filters: filters[index] ?? 1, strides: [stride, stride] };
      return { type: block, name: `stage${index + 1}_block${i + 1}`, params };
    });
  return defineTemplate({
    id: `resnet-${depth}`,
    title: { en: `ResNet-${depth}`, 'zh-CN': `ResNet-${depth}` },
    doc,
    input: [96, 96, 1],
    training: { epochs: 5, batchSize: 64, optimizer: 'adam', learningRate: 0.001 },
    layers: ({ input, classes }) => [
      stem(input, true),
      ...counts.map((_, index) => stage(index)),
      [globalPool, dense('dense', classes), output],
    ],
  });
}

export const resnet18 = resnet(18, 'ResidualBlock', [2, 2, 2, 2], {
  en: 'Eight residual blocks: each learns what to add to its input, which lets very deep networks train.',
  'zh-CN': '八个残差块：每个块学习在其输入上加什么，使很深的网络也能训练。',
});
export const resnet34 = resnet(34, 'ResidualBlock', [3, 4, 6, 3], {
  en: 'ResNet with sixteen residual blocks.',
  'zh-CN': '含十六个残差块的 ResNet。',
});
export const resnet50 = resnet(50, 'BottleneckBlock', [3, 4, 6, 3], {
  en: 'ResNet with sixteen bottleneck blocks: 1×1 convolutions squeeze the channels before each 3×3 and widen them after it.',
  'zh-CN': '含十六个瓶颈块的 ResNet：1×1 卷积在每个 3×3 卷积之前压缩通道，之后再扩展。',
});
