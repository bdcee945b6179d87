/** ResidualBlock (He et al., 2015): two convolutions that learn what to add to their input. */
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, onePixel, relu } from '../block-sketch';
import { filtersField, stridesField } from '../common-fields';
import { defineBlock } from '../define';
import { closeResidual } from '../residual';
import { stridesSummary } from '../windows';

export default defineBlock({
  type: 'ResidualBlock',
  category: 'blocks',
  title: { en: 'Residual block', 'zh-CN': '残差块' },
  doc: {
    en: 'ReLU(F(x) + x), where F is two 3×3 convolutions with batch normalisation. Where channels or size change, x goes through a 1×1 convolution.',
    'zh-CN': 'ReLU(F(x) + x)，其中 F 为两个带批量归一化的 3×3 卷积。通道数或尺寸改变时，x 先经过 1×1 卷积。',
  },
  params: { filters: filtersField, strides: stridesField(1) },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ filters, strides }, locale) =>
    [filters, ...stridesSummary(strides, [1, 1], locale)].join(' · '),
  parts({ filters, strides }, [input]) {
    const sketch = new BlockSketch();
    const window = { filters, kernelSize: [3, 3], padding: onePixel };
    const conv1 = sketch.layer('conv1', 'Conv2D', { ...window, strides }, BLOCK_INPUT);
    const norm1 = sketch.layer('norm1', 'BatchNormalization', {}, conv1);
    const relu1 = sketch.layer('relu1', 'Activation', relu, norm1);
    const conv2 = sketch.layer('conv2', 'Conv2D', window, relu1);
    const norm2 = sketch.layer('norm2', 'BatchNormalization', {}, conv2);
    return success(sketch.graph(closeResidual(sketch, norm2, input, { filters, strides })));
  },
  examples: [
    { inputs: [[6, 6, 4]], params: { filters: 4 } },
    { inputs: [[7, 6, 3]], params: { filters: 5, strides: [2, 2] } },
    { inputs: [[5, 5, 3]], params: { filters: 4 } },
  ],
});
