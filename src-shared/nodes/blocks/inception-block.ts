/** InceptionBlock (Szegedy et al., 2014): four ways of looking at the same image, side by side. */
import { int, sizes } from '../../params/fields';
import type { Text } from '../../texts/text';
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, onePixel, relu, twoPixels } from '../block-sketch';
import { MAX_CHANNELS } from '../common-fields';
import { defineBlock } from '../define';

const range = { min: 1, max: MAX_CHANNELS };
const reduce: Text = { en: '1×1', 'zh-CN': '1×1' };

function single(initial: number, label: Text, doc: Text) {
  return int({ ...range, default: initial, label, doc });
}

function pair(initial: readonly [number, number], window: string, label: Text, doc: Text) {
  return sizes({
    ...range,
    default: initial,
    labels: [reduce, { en: window, 'zh-CN': window }],
    label,
    doc,
  });
}

export default defineBlock({
  type: 'InceptionBlock',
  category: 'blocks',
  title: { en: 'Inception block', 'zh-CN': 'Inception 块' },
  doc: {
    en: 'Looks at the image through 1×1, 3×3 and 5×5 windows and a max pooling at once, and puts the channels of the four branches one after another. 1×1 convolutions before the large windows keep it cheap. ReLU follows every convolution.',
    'zh-CN':
      '同时用 1×1、3×3、5×5 的窗口和最大池化观察图像，并将四条支路的通道依次拼接。大窗口前的 1×1 卷积减少计算量。每个卷积后接 ReLU。',
  },
  params: {
    c1: single(
      64,
      { en: 'Branch 1: 1×1', 'zh-CN': '支路 1：1×1' },
      { en: 'Channels of the 1×1 convolution.', 'zh-CN': '1×1 卷积的通道数。' },
    ),
    c2: pair(
      [96, 128],
      '3×3',
      { en: 'Branch 2: 1×1, 3×3', 'zh-CN': '支路 2：1×1、3×3' },
      {
        en: 'Channels of the 1×1 convolution and of the 3×3 convolution behind it.',
        'zh-CN': '1×1 卷积及其后 3×3 卷积的通道数。',
      },
    ),
    c3: pair(
      [16, 32],
      '5×5',
      { en: 'Branch 3: 1×1, 5×5', 'zh-CN': '支路 3：1×1、5×5' },
      {
        en: 'Channels of the 1×1 convolution and of the 5×5 convolution behind it.',
        'zh-CN': '1×1 卷积及其后 5×5 卷积的通道数。',
      },
    ),
    c4: single(
      32,
      { en: 'Branch 4: pooling, 1×1', 'zh-CN': '支路 4：池化、1×1' },
      { en: 'Channels of the 1×1 convolution behind the pooling.', 'zh-CN': '池化后 1×1 卷积的通道数。' },
    ),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ c1, c2, c3, c4 }) => [c1, c2[1], c3[1], c4].join(' + '),
  parts({ c1, c2, c3, c4 }) {
    const sketch = new BlockSketch();
    const conv = (branch: string, filters: number, size: 1 | 3 | 5, source: string, column: number) => {
      const padding = { 1: 'valid', 3: onePixel, 5: twoPixels }[size];
      const params = { filters, kernelSize: [size, size], padding };
      const id = sketch.layer(`conv${branch}`, 'Conv2D', params, source, column);
      return sketch.layer(`relu${branch}`, 'Activation', relu, id, column);
    };
    const window = { poolSize: [3, 3], strides: [1, 1], padding: onePixel };
    const pool = sketch.layer('pool4', 'MaxPooling2D', window, BLOCK_INPUT, 3);
    const branches = [
      conv('1', c1, 1, BLOCK_INPUT, 0),
      conv('2b', c2[1], 3, conv('2a', c2[0], 1, BLOCK_INPUT, 1), 1),
      conv('3b', c3[1], 5, conv('3a', c3[0], 1, BLOCK_INPUT, 2), 2),
      conv('4', c4, 1, pool, 3),
    ];
    return success(sketch.graph(sketch.join('concat', 'Concatenate', branches)));
  },
  examples: [
    { inputs: [[6, 6, 3]], params: { c1: 2, c2: [3, 4], c3: [2, 3], c4: 2 } },
    { inputs: [[3, 5, 4]], params: { c1: 1, c2: [2, 2], c3: [1, 2], c4: 3 } },
  ],
});
