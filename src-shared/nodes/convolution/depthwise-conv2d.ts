/** DepthwiseConv2D: every channel is convolved on its own. */
import { dilatedWindow, formatShape } from '../../ir/shape';
import { invariant } from '../../util/assert';
import { failure } from '../../util/result';
import {
  addBias,
  depthMultiplierField,
  dilationRateField,
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
  type: 'DepthwiseConv2D',
  category: 'convolution',
  title: { en: 'Depthwise conv', 'zh-CN': '逐通道卷积' },
  doc: {
    en: 'Convolves each channel with kernels of its own and mixes no channels: the cheap half of a separable convolution.',
    'zh-CN': '每个通道用各自的卷积核卷积，不混合通道：可分离卷积中开销小的那一半。',
  },
  params: {
    kernelSize: kernelSizeField,
    strides: stridesField(1),
    padding: paddingField,
    depthMultiplier: depthMultiplierField,
    dilationRate: dilationRateField,
    ...kernelFields,
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'depthMultiplier',
  summary: ({ kernelSize, strides, padding, depthMultiplier, dilationRate }, locale) =>
    [
      formatShape(kernelSize),
      ...stridesSummary(strides, [1, 1], locale),
      ...paddingSummary(padding, locale),
      ...dilationSummary(dilationRate, locale),
      ...(depthMultiplier === 1 ? [] : [`×${depthMultiplier}`]),
    ].join(' · '),
  infer(params, [input = []]) {
    const { kernelSize, strides, padding, depthMultiplier, dilationRate } = params;
    const issues = dilationIssues(params);
    if (issues.length > 0) return failure(issues);
    const window = dilatedWindow(kernelSize, dilationRate);
    const filters = (input[2] ?? 0) * depthMultiplier;
    return inferWindowed(input, { window, strides, padding, param: 'kernelSize' }, filters);
  },
  lower(context) {
    const { b, params } = context;
    const [x] = context.inputs;
    const channels = x?.dims[3];
    invariant(x && channels, 'DepthwiseConv2D needs an input of known channels');
    const kernel = b.weight(kernelSpec(params, [...params.kernelSize, channels, params.depthMultiplier]));
    return addBias(b, lowerDepthwise(context, x, kernel, params), params);
  },
  examples: [
    { inputs: [[6, 6, 3]], params: {} },
    { inputs: [[7, 5, 2]], params: { depthMultiplier: 3, strides: [2, 2], padding: 'same' } },
    { inputs: [[7, 8, 2]], params: { kernelSize: [2, 3], strides: [1, 2], padding: 'same' } },
    { inputs: [[8, 7, 3]], params: { strides: [2, 1], padding: { top: 1, bottom: 1, left: 0, right: 2 } } },
    { inputs: [[8, 7, 3]], params: { dilationRate: [2, 2], padding: 'same', useBias: false } },
    { inputs: [[9, 8, 2]], params: { dilationRate: [3, 2], depthMultiplier: 2 } },
    { inputs: [[5, 6, 1]], params: { kernelSize: [1, 1], depthMultiplier: 2 } },
  ],
});
