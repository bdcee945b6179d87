/** VggBlock (Simonyan and Zisserman, 2014): 3×3 convolutions in a row, then pooling. */
import { int } from '../../params/fields';
import { success } from '../../util/result';
import { BLOCK_INPUT, BlockSketch, onePixel, relu } from '../block-sketch';
import { filtersField, kernelInitializerField } from '../common-fields';
import { defineBlock } from '../define';

export default defineBlock({
  type: 'VggBlock',
  category: 'blocks',
  title: { en: 'VGG block', 'zh-CN': 'VGG 块' },
  doc: {
    en: 'Several 3×3 convolutions with ReLU that keep height and width, then 2×2 max pooling that halves them.',
    'zh-CN': '若干个保持高和宽的 3×3 卷积与 ReLU，再用 2×2 最大池化将高和宽减半。',
  },
  params: {
    convolutions: int({
      default: 2,
      min: 1,
      max: 64,
      label: { en: 'Convolutions', 'zh-CN': '卷积层数' },
      doc: { en: 'How many convolutions stand in a row.', 'zh-CN': '依次排列的卷积层个数。' },
    }),
    filters: filtersField,
    kernelInitializer: kernelInitializerField,
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ convolutions, filters }) => `${convolutions} × ${filters}`,
  parts({ convolutions, filters, kernelInitializer }) {
    const sketch = new BlockSketch();
    let last = BLOCK_INPUT;
    for (let index = 1; index <= convolutions; index++) {
      const params = { filters, kernelSize: [3, 3], padding: onePixel, kernelInitializer };
      const conv = sketch.layer(`conv${index}`, 'Conv2D', params, last);
      last = sketch.layer(`relu${index}`, 'Activation', relu, conv);
    }
    const window = { poolSize: [2, 2], strides: [2, 2] };
    return success(sketch.graph(sketch.layer('pool', 'MaxPooling2D', window, last)));
  },
  examples: [
    { inputs: [[8, 8, 3]], params: { filters: 4 } },
    { inputs: [[7, 5, 2]], params: { convolutions: 1, filters: 6, kernelInitializer: 'heNormal' } },
  ],
});
