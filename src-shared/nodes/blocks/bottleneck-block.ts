/** BottleneckBlock (He et al., 2015): the residual block of ResNet-50, its 3×3 convolution between two narrow ones. */
import { int } from '../../params/fields';
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, onePixel, relu } from '../block-sketch';
import { filtersField, MAX_CHANNELS, stridesField } from '../common-fields';
import { defineBlock } from '../define';
import { closeResidual } from '../residual';
import { stridesSummary } from '../windows';

/** The output has this many times the channels of the narrow part. */
const EXPANSION = 4;

export default defineBlock({
  type: 'BottleneckBlock',
  category: 'blocks',
  title: { en: 'Bottleneck block', 'zh-CN': '瓶颈块' },
  doc: {
    en: 'ReLU(F(x) + x), where F narrows to the filters with a 1×1 convolution, applies a 3×3 one that bears the strides, and widens to four times the filters, with batch normalisation after each. Where channels or size change, x goes through a 1×1 convolution.',
    'zh-CN':
      'ReLU(F(x) + x)，其中 F 先用 1×1 卷积收窄到所设通道数，再做带步幅的 3×3 卷积，最后扩展到四倍通道数，每次卷积后接批量归一化。通道数或尺寸改变时，x 先经过 1×1 卷积。',
  },
  params: {
    filters: int({
      default: 64,
      min: 1,
      max: MAX_CHANNELS / EXPANSION,
      label: filtersField.label,
      doc: {
        en: 'Channels of the narrow part; the output has four times as many.',
        'zh-CN': '收窄部分的通道数；输出的通道数为其四倍。',
      },
    }),
    strides: stridesField(1),
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ filters, strides }, locale) =>
    [`${filters}→${filters * EXPANSION}`, ...stridesSummary(strides, [1, 1], locale)].join(' · '),
  parts({ filters, strides }, [input]) {
    const sketch = new BlockSketch();
    const wide = filters * EXPANSION;
    const window = { filters, kernelSize: [3, 3], padding: onePixel, strides };
    const conv1 = sketch.layer('conv1', 'Conv2D', { filters, kernelSize: [1, 1] }, BLOCK_INPUT);
    const norm1 = sketch.layer('norm1', 'BatchNormalization', {}, conv1);
    const relu1 = sketch.layer('relu1', 'Activation', relu, norm1);
    const conv2 = sketch.layer('conv2', 'Conv2D', window, relu1);
    const norm2 = sketch.layer('norm2', 'BatchNormalization', {}, conv2);
    const relu2 = sketch.layer('relu2', 'Activation', relu, norm2);
    const conv3 = sketch.layer('conv3', 'Conv2D', { filters: wide, kernelSize: [1, 1] }, relu2);
    const norm3 = sketch.layer('norm3', 'BatchNormalization', {}, conv3);
    return success(sketch.graph(closeResidual(sketch, norm3, input, { filters: wide, strides })));
  },
  examples: [
    { inputs: [[6, 6, 8]], params: { filters: 2 } },
    { inputs: [[7, 6, 3]], params: { filters: 2, strides: [2, 2] } },
  ],
});
