/** AveragePooling2D: the mean of each window. */
import { formatShape } from '../../ir/shape';
import { invariant } from '../../util/assert';
import { paddingField, poolSizeField, stridesField } from '../common-fields';
import { defineNode } from '../define';
import { inferWindowed, lowerPadding, paddingSummary, stridesSummary } from '../windows';

export default defineNode({
  type: 'AveragePooling2D',
  category: 'pooling',
  title: { en: 'Average pooling', 'zh-CN': '平均池化' },
  doc: {
    en: 'Gives the mean of each window. Under same the mean is over real pixels only; padding typed per side counts as zeros.',
    'zh-CN': '输出每个窗口的平均值。same 填充时只对真实像素求平均；逐边输入的填充按零计入。',
  },
  params: { poolSize: poolSizeField, strides: stridesField(2), padding: paddingField },
  inputs: { kind: 'single' },
  hasOutput: true,
  summary: ({ poolSize, strides, padding }, locale) =>
    [
      formatShape(poolSize),
      ...stridesSummary(strides, poolSize, locale),
      ...paddingSummary(padding, locale),
    ].join(' · '),
  infer: ({ poolSize, strides, padding }, [input]) =>
    inferWindowed(input, { window: poolSize, strides, padding, param: 'poolSize' }),
  lower({ b, params: { poolSize, strides, padding }, inputs: [x] }) {
    invariant(x, 'AveragePooling2D is lowered without an input');
    const padded = lowerPadding(
      b,
      x,
      { window: poolSize, strides, padding, param: 'poolSize' },
      { countsPadding: true },
    );
    return b.op('AvgPool', [padded.input], { window: poolSize, strides, padding: padded.padding });
  },
  examples: [
    { inputs: [[8, 8, 3]], params: {} },
    { inputs: [[7, 9, 2]], params: { poolSize: [3, 3], strides: [2, 2], padding: 'same' } },
    {
      inputs: [[6, 6, 2]],
      params: { poolSize: [3, 3], strides: [1, 1], padding: { top: 1, bottom: 1, left: 1, right: 1 } },
    },
  ],
});
