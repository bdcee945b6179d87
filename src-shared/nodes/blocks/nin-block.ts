/** NinBlock (Lin, Chen and Yan, 2013): a convolution and a small network at every pixel. */
import { formatShape } from '../../ir/shape';
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, relu } from '../block-sketch';
import { filtersField, kernelSizeField, paddingField, stridesField } from '../common-fields';
import { defineBlock } from '../define';
import { paddingSummary, stridesSummary } from '../windows';

export default defineBlock({
  type: 'NinBlock',
  category: 'blocks',
  title: { en: 'NiN block', 'zh-CN': 'NiN 块' },
  doc: {
    en: 'A convolution and two 1×1 convolutions, each with ReLU: a small dense network at every pixel.',
    'zh-CN': '一个卷积和两个 1×1 卷积，各接 ReLU：相当于在每个像素上应用一个小型全连接网络。',
  },
  params: {
    filters: filtersField,
    kernelSize: kernelSizeField,
    strides: stridesField(1),
    padding: paddingField,
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ filters, kernelSize, strides, padding }, locale) =>
    [
      filters,
      formatShape(kernelSize),
      ...stridesSummary(strides, [1, 1], locale),
      ...paddingSummary(padding, locale),
    ].join(' · '),
  parts({ filters, kernelSize, strides, padding }) {
    const sketch = new BlockSketch();
    const point = { filters, kernelSize: [1, 1] };
    const conv1 = sketch.layer('conv1', 'Conv2D', { filters, kernelSize, strides, padding }, BLOCK_INPUT);
    const relu1 = sketch.layer('relu1', 'Activation', relu, conv1);
    const conv2 = sketch.layer('conv2', 'Conv2D', point, relu1);
    const relu2 = sketch.layer('relu2', 'Activation', relu, conv2);
    const conv3 = sketch.layer('conv3', 'Conv2D', point, relu2);
    return success(sketch.graph(sketch.layer('relu3', 'Activation', relu, conv3)));
  },
  paramOf: (part, param) => (part === 'conv1' || param === 'filters' ? param : undefined),
  examples: [
    { inputs: [[8, 8, 3]], params: { filters: 6 } },
    {
      inputs: [[11, 9, 1]],
      params: { filters: 8, kernelSize: [5, 5], strides: [2, 2], padding: 'same' },
    },
  ],
});
