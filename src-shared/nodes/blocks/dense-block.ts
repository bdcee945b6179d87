/** DenseBlock (Huang et al., 2016): each layer sees the channels of all layers before it. */
import { int } from '../../params/fields';
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, onePixel, relu } from '../block-sketch';
import { MAX_CHANNELS } from '../common-fields';
import { defineBlock } from '../define';

export default defineBlock({
  type: 'DenseBlock',
  category: 'blocks',
  title: { en: 'Dense block', 'zh-CN': '稠密块' },
  doc: {
    en: 'Each layer (batch normalisation, ReLU, 3×3 convolution) adds its channels to those that it saw, so that the next sees them all. The output has the channels of the input and layers × growth more.',
    'zh-CN':
      '每一层（批量归一化、ReLU、3×3 卷积）把自己的通道拼接到其输入之后，供下一层使用。输出通道数为输入通道数加上 层数 × 增长率。',
  },
  params: {
    layers: int({
      default: 4,
      min: 1,
      max: 128,
      label: { en: 'Layers', 'zh-CN': '层数' },
      doc: { en: 'How many convolutions the block has.', 'zh-CN': '块中的卷积层个数。' },
    }),
    growthRate: int({
      default: 32,
      min: 1,
      max: MAX_CHANNELS,
      label: { en: 'Growth rate', 'zh-CN': '增长率' },
      doc: { en: 'How many channels each layer adds.', 'zh-CN': '每一层新增的通道数。' },
    }),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ layers, growthRate }) => `${layers} × ${growthRate}`,
  parts({ layers, growthRate }) {
    const sketch = new BlockSketch();
    let last = BLOCK_INPUT;
    for (let index = 1; index <= layers; index++) {
      const norm = sketch.layer(`norm${index}`, 'BatchNormalization', {}, last);
      const active = sketch.layer(`relu${index}`, 'Activation', relu, norm);
      const window = { filters: growthRate, kernelSize: [3, 3], padding: onePixel };
      const conv = sketch.layer(`conv${index}`, 'Conv2D', window, active);
      last = sketch.join(`concat${index}`, 'Concatenate', [last, conv]);
    }
    return success(sketch.graph(last));
  },
  paramOf: (_part, param) => (param === 'filters' ? 'growthRate' : undefined),
  examples: [
    { inputs: [[6, 6, 3]], params: { layers: 2, growthRate: 4 } },
    { inputs: [[4, 5, 2]], params: { layers: 3, growthRate: 2 } },
  ],
});
