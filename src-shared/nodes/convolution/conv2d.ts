/** Conv2D: learned kernels slide over the image. */
import { formatShape } from '../../ir/shape';
import { invariant } from '../../util/assert';
import {
  filtersField,
  kernelFields,
  kernelInitializer,
  kernelSizeField,
  paddingField,
  stridesField,
} from '../common-fields';
import { defineNode } from '../define';
import { inferWindowed, lowerPadding, paddingSummary, stridesSummary } from '../windows';

export default defineNode({
  type: 'Conv2D',
  category: 'convolution',
  title: { en: 'Conv2D', 'zh-CN': '卷积' },
  doc: {
    en: 'Slides kernels over the input and sums products (cross-correlation). One kernel’s weights are shared by every position, so a feature is found wherever it lies.',
    'zh-CN':
      '卷积核在输入上滑动并对乘积求和（互相关）。同一卷积核的权重由所有位置共享，因此无论特征在何处都能找到。',
  },
  params: {
    filters: filtersField,
    kernelSize: kernelSizeField,
    strides: stridesField(1),
    padding: paddingField,
    ...kernelFields,
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
  infer: ({ filters, kernelSize, strides, padding }, [input]) =>
    inferWindowed(input, { window: kernelSize, strides, padding, param: 'kernelSize' }, filters),
  lower({ b, params, inputs: [x] }) {
    invariant(x, 'Conv2D is lowered without an input');
    const { filters, kernelSize, strides, padding, useBias } = params;
    const channels = x.dims[3];
    invariant(channels, 'Conv2D needs to know its channels');
    const kernel = b.weight({
      role: 'kernel',
      dims: [...kernelSize, channels, filters],
      initializer: kernelInitializer(params),
    });
    const padded = lowerPadding(b, x, { window: kernelSize, strides, padding, param: 'kernelSize' });
    const y = b.op('Conv2D', [padded.input, kernel], { strides, padding: padded.padding });
    if (!useBias) return y;
    return b.op(
      'BiasAdd',
      [y, b.weight({ role: 'bias', dims: [filters], initializer: { name: 'zeros' } })],
      {},
    );
  },
  examples: [
    { inputs: [[8, 8, 3]], params: { filters: 4 } },
    {
      inputs: [[9, 7, 2]],
      params: { filters: 3, kernelSize: [3, 5], strides: [2, 1], padding: 'same', useBias: false },
    },
    {
      inputs: [[6, 6, 1]],
      params: { filters: 2, kernelSize: [5, 5], padding: { top: 2, bottom: 2, left: 2, right: 2 } },
    },
    {
      inputs: [[7, 7, 3]],
      params: { filters: 4, strides: [2, 2], padding: { top: 1, bottom: 0, left: 2, right: 1 } },
    },
    { inputs: [[4, 4, 6]], params: { filters: 5, kernelSize: [1, 1], kernelInitializer: 'heNormal' } },
    {
      inputs: [[4, 4, 1]],
      params: { filters: 2, kernelInitializer: 'normal', kernelStandardDeviation: 0.1 },
    },
  ],
});
