/** Conv2DTranspose: the way back through a convolution, to a larger image. */
import { formatShape, type Padding } from '../../ir/shape';
import { imageDims } from '../../ops/rules';
import { invariant } from '../../util/assert';
import { failure, success } from '../../util/result';
import { batchedSizes } from '../batched-sizes';
import {
  addBias,
  filtersField,
  kernelFields,
  kernelSizeField,
  kernelSpec,
  stridesField,
  transposedPaddingField,
} from '../common-fields';
import { defineNode } from '../define';
import { expectImage, paddingSummary, stridesSummary } from '../windows';

type Pair = readonly [number, number];

interface Sizes {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/**
 * Output before cropping, along one axis. Under `same` n * s and under `valid` n * s + max(k - s, 0), as Keras has it;
 * typed per side (n - 1) * s + k, from which PyTorch then takes the padding.
 */
function fullSize(size: number, window: number, stride: number, padding: Padding): number {
  if (padding === 'same') return size * stride;
  if (padding === 'valid') return size * stride + Math.max(window - stride, 0);
  return (size - 1) * stride + window;
}

function fullSizes([height, width]: Pair, { kernelSize, strides, padding }: Sizes): Pair {
  return [
    fullSize(height, kernelSize[0], strides[0], padding),
    fullSize(width, kernelSize[1], strides[1], padding),
  ];
}

function cropsOf(padding: Padding): readonly [Pair, Pair] {
  if (typeof padding === 'string') {
    return [
      [0, 0],
      [0, 0],
    ];
  }
  return [
    [padding.top, padding.bottom],
    [padding.left, padding.right],
  ];
}

function outputSize(image: Pair, params: Sizes): Pair {
  const [height, width] = fullSizes(image, params);
  const [[top, bottom], [left, right]] = cropsOf(params.padding);
  return [height - top - bottom, width - left - right];
}

export default defineNode({
  type: 'Conv2DTranspose',
  category: 'convolution',
  title: { en: 'Transposed conv', 'zh-CN': '转置卷积' },
  doc: {
    en: 'Spreads each value over a window, weighted by a kernel, and adds what overlaps: an image that is larger by the strides. Padding per side is taken off the output, as in PyTorch.',
    'zh-CN':
      '把每个值按卷积核加权铺到一个窗口上，重叠处相加：图像按步幅放大。逐边填充会从输出中去掉，与 PyTorch 相同。',
  },
  params: {
    filters: filtersField,
    kernelSize: kernelSizeField,
    strides: stridesField(2),
    padding: transposedPaddingField,
    ...kernelFields,
  },
  inputs: { kind: 'single' },
  hasOutput: true,
  sizedBy: 'filters',
  summary: ({ filters, kernelSize, strides, padding }, locale) =>
    [
      filters,
      formatShape(kernelSize),
      ...stridesSummary(strides, [2, 2], locale),
      ...paddingSummary(padding, locale),
    ].join(' · '),
  infer(params, [input]) {
    const image = expectImage(input);
    if (!image.ok) return image;
    const [height, width] = image.value;
    const size = outputSize([height, width], params);
    if (size.every((each) => each > 0)) return success([...size, params.filters]);
    const [rows, columns] = cropsOf(params.padding);
    const crop = formatShape([rows[0] + rows[1], columns[0] + columns[1]]);
    const full = formatShape(fullSizes([height, width], params));
    return failure([{ code: 'shape/crop-too-large', args: { crop, size: full }, param: 'padding' }]);
  },
  lower({ b, params, inputs: [x] }) {
    invariant(x, 'Conv2DTranspose is lowered without an input');
    const [batch, height, width, channels] = imageDims(x);
    const { filters, kernelSize, strides, padding } = params;
    const full = fullSizes([height, width], params);
    const kernel = b.weight(kernelSpec(params, [...kernelSize, filters, channels]));
    const spread = b.op('Conv2DBackpropInput', [batchedSizes(b, x, [...full, filters]), kernel, x], {
      strides,
      padding: padding === 'same' ? 'SAME' : 'VALID',
      dims: [batch, ...full, filters],
    });
    const [[top, bottom], [left, right]] = cropsOf(padding);
    const isCropped = top + bottom + left + right > 0;
    const begin = [0, top, left, 0];
    const size = [batch, ...outputSize([height, width], params), filters];
    return addBias(b, isCropped ? b.op('Slice', [spread], { begin, size }) : spread, params);
  },
  examples: [
    { inputs: [[4, 5, 3]], params: { filters: 2 } },
    { inputs: [[4, 3, 2]], params: { filters: 3, padding: 'same', useBias: false } },
    { inputs: [[3, 3, 2]], params: { filters: 2, kernelSize: [2, 2], strides: [3, 3] } },
    { inputs: [[3, 3, 2]], params: { filters: 2, kernelSize: [2, 2], strides: [3, 3], padding: 'same' } },
    {
      inputs: [[4, 4, 3]],
      params: { filters: 2, kernelSize: [4, 4], padding: { top: 1, bottom: 1, left: 1, right: 0 } },
    },
    { inputs: [[5, 4, 2]], params: { filters: 2, kernelSize: [3, 2], strides: [1, 2] } },
  ],
});
