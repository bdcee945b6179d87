/** VGG (Simonyan and Zisserman, 2014) as in Dive into Deep Learning 7.2: blocks of 3×3 convolutions. */
import type { Text } from '../texts/text';
import { denseHead, entry } from './layers';
import { defineTemplate, type LayerSpec } from './template';

/** Filters of the five blocks. */
const filters = [64, 128, 256, 512, 512];

/**
 * Without normalisation, thirteen convolutions after one another halve the variance at each ReLU where they begin as
 * Glorot has it, and learning does not get off the ground; He's initial values keep it (He et al., 2015).
 */
function vgg(depth: 11 | 16 | 19, convolutions: readonly number[], doc: Text) {
  return defineTemplate({
    id: `vgg-${depth}`,
    title: { en: `VGG-${depth}`, 'zh-CN': `VGG-${depth}` },
    doc,
    input: [224, 224, 1],
    hasWidths: true,
    training: { epochs: 5, batchSize: 32, optimizer: 'adam', learningRate: 0.0003 },
    layers: ({ input, classes, widthDivisor }) => {
      const blocks = convolutions.map((count, i): LayerSpec => {
        const params = {
          convolutions: count,
          filters: Math.max(1, Math.round((filters[i] ?? 1) / widthDivisor)),
          ...(depth > 11 && { kernelInitializer: 'heNormal' }),
        };
        return { type: 'VggBlock', name: `block${i + 1}`, params };
      });
      return [[...entry(input), ...blocks.slice(0, 2)], blocks.slice(2), ...denseHead(classes)];
    },
  });
}

export const vgg11 = vgg(11, [1, 1, 2, 2, 2], {
  en: 'Eight 3×3 convolutions in five blocks, each halving the image and doubling the channels, and three dense layers.',
  'zh-CN': '五个块共八个 3×3 卷积，每块使图像减半、通道加倍，之后是三个全连接层。',
});
export const vgg16 = vgg(16, [2, 2, 3, 3, 3], {
  en: 'VGG with thirteen convolutions: deeper, and much more to compute.',
  'zh-CN': '含十三个卷积层的 VGG：更深，计算量也大得多。',
});
export const vgg19 = vgg(19, [2, 2, 4, 4, 4], {
  en: 'VGG with sixteen convolutions.',
  'zh-CN': '含十六个卷积层的 VGG。',
});
