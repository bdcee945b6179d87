/** Max and average pooling, NHWC. */
import { windowedSize } from '../ir/shape';
import type { TensorType } from '../ir/types';
import type { AttributeValue, Primitive } from './primitive';
import { at, imageDims, sameAsFirst } from './rules';

export interface PoolingAttributes {
  /** Height, width. */
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'SAME' | 'VALID';
}

function poolingNodeDef(
  { window, strides, padding }: PoolingAttributes,
  inputs: readonly TensorType[],
): Record<string, AttributeValue> {
  return {
    T: { type: at(inputs, inputs.length - 1).dtype },
    ksize: { ints: [1, window[0], window[1], 1] },
    strides: { ints: [1, strides[0], strides[1], 1] },
    padding: { string: padding },
    data_format: { string: 'NHWC' },
  };
}

const pooling = {
  infer: (
    inputs: readonly TensorType[],
    { window, strides, padding }: PoolingAttributes,
  ): readonly TensorType[] => {
    const [batch, height, width, channels] = imageDims(at(inputs, 0));
    const size = windowedSize([height, width], window, strides, padding === 'SAME' ? 'same' : 'valid');
    return [{ dtype: at(inputs, 0).dtype, dims: [batch, ...size, channels] }];
  },
  nodeDef: poolingNodeDef,
  window: ({ window, strides }: PoolingAttributes) => ({ size: window, strides }),
};

export const MaxPool: Primitive<PoolingAttributes> = {
  op: 'MaxPool',
  ...pooling,
  gradient: ({ b, inputs, outputs, gradient, attributes }) => [
    b.op('MaxPoolGrad', [at(inputs, 0), at(outputs, 0), gradient], attributes),
  ],
};

/** Inputs: images, pooled images, gradient of the output. Of equal values the first takes the whole gradient. */
export const MaxPoolGrad: Primitive<PoolingAttributes> = {
  op: 'MaxPoolGrad',
  infer: sameAsFirst,
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: poolingNodeDef,
};

/** Under SAME the mean is over the pixels inside the image only. */
export const AvgPool: Primitive<PoolingAttributes> = {
  op: 'AvgPool',
  ...pooling,
  gradient: ({ b, inputs, gradient, attributes }) => [
    b.op('AvgPoolGrad', [b.op('Shape', [at(inputs, 0)], {}), gradient], {
      ...attributes,
      dims: at(inputs, 0).dims,
    }),
  ],
};

/** Inputs: sizes of the images (int32 [4]), gradient of the output. */
export const AvgPoolGrad: Primitive<PoolingAttributes & { readonly dims: readonly number[] }> = {
  op: 'AvgPoolGrad',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 1).dtype, dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: poolingNodeDef,
};
