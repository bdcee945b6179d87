/** SeparableConv2D: depthwise convolution, then a 1×1 convolution over all channels. */
import { dilatedWindow, formatShape } from '../../ir/shape';
import { invariant } from '../../util/assert';
import { failure } from '../../util/result';
import {
  addBias,
  depthMultiplierField,
  dilationRateField,
  filtersField,
  kernelFields,
  kernelSizeField,
  kernelSpec,
  paddingField,
  stridesField,
} from '../common-fields';
import { dilationIssues, lowerDepthwise } from '../convolutions';
import { defineNode } from '../define';
import { dilationSummary, inferWindowed, paddingSummary, stridesSummary } from '../windows';

export default defineNode({
  type: 'SeparableConv2D',
  category: 'convolution',
  title: { en: 'Separable conv', 'zh-CN': '可分离卷积' },
  doc: {
    en: 'Convolves each channel on its own, then mixes the channels with 1×1 kernels: close to a full convolution with far fewer products (Xception, MobileNet).',
    'zh-CN':
      '先对每个通道单独卷积，再用 1×1 卷积核混合通道：以少得多的乘法接近完整的卷积（Xception、MobileNet）。',
  },
  params: {
    filters: filtersField,
    kernelSize: kernelSizeField,
    strides: stridesField(1),
    padding: paddingField,
    depthMultiplier: depthMultiplierField,
    dilationRate: dilationRateField,
    ...kernelFields,
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'filters',
  summary: ({ filters, kernelSize, strides, padding, dilationRate }, locale) =>
    [
      filters,
      formatShape(kernelSize),
      ...stridesSummary(strides, [1, 1], locale),
      ...paddingSummary(padding, locale),
      ...dilationSummary(dilationRate, locale),
    ].join(' · '),
  infer(params, [input]) {
    const { filters, kernelSize, strides, padding, dilationRate } = params;
    const issues = dilationIssues(params);
    if (issues.length > 0) return failure(issues);
    const window = dilatedWindow(kernelSize, dilationRate);
    return inferWindowed(input, { window, strides, padding, param: 'kernelSize' }, filters);
  },
  lower(context) {
    const { b, params } = context;
    const [x] = context.inputs;
    const channels = x?.dims[3];
    invariant(x && channels, 'SeparableConv2D needs an input of known channels');
    const { filters, kernelSize, depthMultiplier } = params;
    const depthwise = b.weight(
      kernelSpec(params, [...kernelSize, channels, depthMultiplier], 'depthwiseKernel'),
    );
    const pointwise = b.weight(
      kernelSpec(params, [1, 1, channels * depthMultiplier, filters], 'pointwiseKernel'),
    );
    const each = lowerDepthwise(context, x, depthwise, params);
    return addBias(b, b.op('Conv2D', [each, pointwise], { strides: [1, 1], padding: 'VALID' }), params);
  },
  examples: [
    { inputs: [[6, 6, 3]], params: { filters: 4 } },
    {
      inputs: [[7, 6, 2]],
      params: { filters: 5, depthMultiplier: 2, strides: [2, 2], padding: 'same', useBias: false },
    },
    { inputs: [[8, 8, 2]], params: { filters: 3, dilationRate: [2, 2], padding: 'same' } },
  ],
});
