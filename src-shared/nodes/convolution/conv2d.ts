/** Conv2D: learned kernels slide over the image. */
import { dilatedWindow, formatShape } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import { int } from '../../params/fields';
import type { KernelValues } from '../../params/list-fields';
import { invariant } from '../../util/assert';
import { failure, success } from '../../util/result';
import {
  addBias,
  dilationRateField,
  filtersField,
  kernelSizeField,
  kernelSpec,
  MAX_CHANNELS,
  paddingField,
  stridesField,
  typedKernelFields,
} from '../common-fields';
import { dilationIssues, groupIssues, lowerConvolution, type Sliding } from '../convolutions';
import { defineNode, type InferIssue } from '../define';
import { kernelValuesIssues } from '../kernel-values';
import { dilationSummary, inferWindowed, paddingSummary, stridesSummary } from '../windows';

interface Conv2DParams extends Omit<Sliding, 'padding'> {
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly groups: number;
  readonly kernelInitializer: string;
  readonly kernelValues: KernelValues;
}

const groupsWord = { en: 'groups', 'zh-CN': '组数' };

/** What is wrong although the window fits. */
function issuesOf(params: Conv2DParams, input: Shape): readonly InferIssue[] {
  const { filters, kernelSize, groups, kernelInitializer, kernelValues } = params;
  const grouping = groupIssues(groups, input, filters);
  const dims = [...kernelSize, (input[2] ?? 1) / groups, filters];
  const isChecked = kernelInitializer === 'custom' && grouping.length === 0;
  return [
    ...grouping,
    ...dilationIssues(params),
    ...(isChecked ? kernelValuesIssues(kernelValues, dims) : []),
  ];
}

export default defineNode({
  type: 'Conv2D',
  category: 'convolution',
  title: { en: 'Conv2D', 'zh-CN': '卷积' },
  doc: {
    en: 'Slides kernels over the input and sums products (cross-correlation). One kernel’s weights are shared by every position, so a feature is found wherever it lies. The kernel can be typed in, and frozen.',
    'zh-CN':
      '卷积核在输入上滑动并对乘积求和（互相关）。同一卷积核的权重由所有位置共享，因此无论特征在何处都能找到。卷积核可以手动输入，也可以冻结。',
  },
  params: {
    filters: filtersField,
    kernelSize: kernelSizeField,
    strides: stridesField(1),
    padding: paddingField,
    dilationRate: dilationRateField,
    groups: int({
      default: 1,
      min: 1,
      max: MAX_CHANNELS,
      label: { en: 'Groups', 'zh-CN': '分组数' },
      doc: {
        en: 'Splits channels and filters into this many groups that do not see one another.',
        'zh-CN': '把通道和卷积核分成互不相见的若干组。',
      },
    }),
    ...typedKernelFields,
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'filters',
  summary: ({ filters, kernelSize, strides, padding, dilationRate, groups }, locale) =>
    [
      filters,
      formatShape(kernelSize),
      ...stridesSummary(strides, [1, 1], locale),
      ...paddingSummary(padding, locale),
      ...dilationSummary(dilationRate, locale),
      ...(groups === 1 ? [] : [`${groupsWord[locale]} ${groups}`]),
    ].join(' · '),
  infer(params, [input = []]) {
    const { filters, kernelSize, strides, padding, dilationRate } = params;
    const window = dilatedWindow(kernelSize, dilationRate);
    const inferred = inferWindowed(input, { window, strides, padding, param: 'kernelSize' }, filters);
    const issues = input.length === 3 ? issuesOf(params, input) : [];
    const all = [...(inferred.ok ? [] : inferred.error), ...issues];
    return all.length > 0 ? failure(all) : success(inferred.ok ? inferred.value : []);
  },
  lower(context) {
    const { b, params } = context;
    const [x] = context.inputs;
    const channels = x?.dims[3];
    invariant(x && channels, 'Conv2D needs an input of known channels');
    const { filters, kernelSize, groups } = params;
    const kernel = b.weight(kernelSpec(params, [...kernelSize, channels / groups, filters]));
    return addBias(b, lowerConvolution(context, x, kernel, params), params);
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
    { inputs: [[6, 5, 4]], params: { filters: 6, groups: 2, padding: 'same' } },
    { inputs: [[9, 8, 2]], params: { filters: 3, dilationRate: [2, 3], padding: 'same' } },
    { inputs: [[9, 9, 4]], params: { filters: 4, groups: 4, dilationRate: [2, 2] } },
    {
      inputs: [[9, 9, 6]],
      params: {
        filters: 3,
        groups: 3,
        kernelSize: [2, 3],
        dilationRate: [1, 2],
        padding: { top: 1, bottom: 0, left: 1, right: 2 },
      },
    },
    { inputs: [[7, 7, 4]], params: { filters: 8, groups: 2, strides: [2, 1], padding: 'same' } },
    {
      inputs: [[6, 6, 1]],
      params: {
        filters: 1,
        kernelSize: [1, 2],
        kernelInitializer: 'custom',
        kernelValues: [[1, -1]],
        useBias: false,
        isTrainable: false,
      },
    },
    {
      inputs: [[4, 4, 2]],
      params: {
        filters: 3,
        kernelSize: [1, 1],
        kernelInitializer: 'custom',
        kernelValues: [
          [
            [
              [1, 0, -1],
              [0.5, 2, 0],
            ],
          ],
        ],
      },
    },
  ],
});
