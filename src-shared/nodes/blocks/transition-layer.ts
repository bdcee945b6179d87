/** TransitionLayer (Huang et al., 2016): narrows what a dense block has piled up. */
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, relu } from '../block-sketch';
import { filtersField } from '../common-fields';
import { defineBlock } from '../define';

export default defineBlock({
  type: 'TransitionLayer',
  category: 'blocks',
  title: { en: 'Transition layer', 'zh-CN': '过渡层' },
  doc: {
    en: 'Batch normalisation, ReLU, a 1×1 convolution that sets the channels, and 2×2 average pooling that halves height and width: stands between dense blocks.',
    'zh-CN': '批量归一化、ReLU、设定通道数的 1×1 卷积，以及将高和宽减半的 2×2 平均池化：用在稠密块之间。',
  },
  params: { filters: filtersField },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ filters }) => `${filters}`,
  parts({ filters }) {
    const sketch = new BlockSketch();
    const norm = sketch.layer('norm', 'BatchNormalization', {}, BLOCK_INPUT);
    const active = sketch.layer('relu', 'Activation', relu, norm);
    const conv = sketch.layer('conv', 'Conv2D', { filters, kernelSize: [1, 1] }, active);
    const window = { poolSize: [2, 2], strides: [2, 2] };
    return success(sketch.graph(sketch.layer('pool', 'AveragePooling2D', window, conv)));
  },
  examples: [
    { inputs: [[6, 6, 5]], params: { filters: 3 } },
    { inputs: [[7, 5, 4]], params: { filters: 2 } },
  ],
});
