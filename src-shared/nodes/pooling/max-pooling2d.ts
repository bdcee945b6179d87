/** MaxPooling2D: the largest value of each window. */
import { formatShape, type Padding } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import { invariant } from '../../util/assert';
import { failure } from '../../util/result';
import { paddingField, poolSizeField, stridesField } from '../common-fields';
import { defineNode } from '../define';
import { inferWindowed, lowerPadding, paddingSummary, stridesSummary } from '../windows';

/** The lowest float32: what padding may never beat. */
const LOWEST = -3.4028234663852886e38;

interface Pooling {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

/** Whether the first or the last window lies beside the image: there is no largest value there. */
function seesOnlyPadding(input: Shape, output: Shape, { poolSize, strides, padding }: Pooling): boolean {
  if (typeof padding === 'string') return false;
  return [padding.top, padding.left].some((before, axis) => {
    const last = ((output[axis] ?? 1) - 1) * (strides[axis] ?? 1) - before;
    return before >= (poolSize[axis] ?? 1) || last >= (input[axis] ?? 1);
  });
}

export default defineNode({
  type: 'MaxPooling2D',
  category: 'pooling',
  title: { en: 'Max pooling', 'zh-CN': '最大池化' },
  doc: {
    en: 'Keeps the largest value of each window: a smaller image that minds less where exactly a feature was.',
    'zh-CN': '保留每个窗口的最大值：图像变小，且对特征的确切位置不那么敏感。',
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
  infer({ poolSize, strides, padding }, [input = []]) {
    const inferred = inferWindowed(input, { window: poolSize, strides, padding, param: 'poolSize' });
    if (!inferred.ok || !seesOnlyPadding(input, inferred.value, { poolSize, strides, padding }))
      return inferred;
    const args = { window: formatShape(poolSize) };
    return failure([{ code: 'shape/window-in-padding', args, param: 'padding' }]);
  },
  lower({ b, params: { poolSize, strides, padding }, inputs: [x] }) {
    invariant(x, 'MaxPooling2D is lowered without an input');
    const padded = lowerPadding(
      b,
      x,
      { window: poolSize, strides, padding, param: 'poolSize' },
      { value: LOWEST },
    );
    return b.op('MaxPool', [padded.input], { window: poolSize, strides, padding: padded.padding });
  },
  examples: [
    { inputs: [[8, 8, 3]], params: {} },
    { inputs: [[7, 9, 2]], params: { poolSize: [3, 3], strides: [2, 2], padding: 'same' } },
    {
      inputs: [[6, 6, 2]],
      params: { poolSize: [3, 3], strides: [1, 1], padding: { top: 1, bottom: 1, left: 1, right: 1 } },
    },
    {
      inputs: [[5, 5, 2]],
      params: { poolSize: [3, 2], strides: [2, 2], padding: { top: 1, bottom: 1, left: 0, right: 1 } },
    },
  ],
});
