/** Convolution (cross-correlation, as everywhere in deep learning) and bias, NHWC. */
import { windowedSize } from '../ir/shape';
import type { TensorType } from '../ir/types';
import { invariant } from '../util/assert';
import { type AttributeValue, ints, type NoAttributes, type Primitive } from './primitive';
import { at, imageDims, sameAsFirst, typeOfFirst } from './rules';

export interface ConvolutionAttributes {
  /** Height, width. */
  readonly strides: readonly [number, number];
  /** EXPLICIT is left out on purpose: it is correct but leaves the fast kernels. Pad first, then VALID. */
  readonly padding: 'SAME' | 'VALID';
}

function convolutionNodeDef(
  { strides: [height, width], padding }: ConvolutionAttributes,
  inputs: readonly TensorType[],
): Record<string, AttributeValue> {
  return {
    T: { type: at(inputs, inputs.length - 1).dtype },
    strides: { ints: [1, height, width, 1] },
    padding: { string: padding },
    data_format: { string: 'NHWC' },
  };
}

/** Inputs: images [n, h, w, in], kernel [kh, kw, in, out]. */
export const Conv2D: Primitive<ConvolutionAttributes> = {
  op: 'Conv2D',
  infer(inputs, { strides, padding }) {
    const [batch, height, width, channels] = imageDims(at(inputs, 0));
    const [kernelHeight, kernelWidth, kernelChannels, filters] = imageDims(at(inputs, 1));
    invariant(
      channels === kernelChannels,
      `Conv2D: ${channels} channels meet a kernel for ${kernelChannels}`,
    );
    const size = windowedSize(
      [height, width],
      [kernelHeight, kernelWidth],
      strides,
      padding === 'SAME' ? 'same' : 'valid',
    );
    return [{ dtype: at(inputs, 0).dtype, dims: [batch, ...size, filters] }];
  },
  gradient({ b, inputs, gradient, attributes }) {
    const [x, kernel] = [at(inputs, 0), at(inputs, 1)];
    return [
      b.op('Conv2DBackpropInput', [b.op('Shape', [x], {}), kernel, gradient], {
        ...attributes,
        dims: x.dims,
      }),
      b.op('Conv2DBackpropFilter', [x, gradient], { ...attributes, dims: kernel.dims }),
    ];
  },
  nodeDef: convolutionNodeDef,
  macs(inputs, outputs) {
    const [kernelHeight, kernelWidth, channels] = imageDims(at(inputs, 1));
    const [, height, width, filters] = imageDims(at(outputs, 0));
    return height * width * filters * kernelHeight * kernelWidth * channels;
  },
  window(attributes, inputs) {
    const [height, width] = imageDims(at(inputs, 1));
    return { size: [height, width], strides: attributes.strides };
  },
};

type Backprop = ConvolutionAttributes & { readonly dims: readonly number[] };

/** Inputs: sizes of the images (int32 [4], known when the batch is), kernel, gradient of the output. */
export const Conv2DBackpropInput: Primitive<Backprop> = {
  op: 'Conv2DBackpropInput',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 2).dtype, dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: convolutionNodeDef,
};

/** Inputs: images, gradient of the output; the kernel's sizes are constant. */
export const Conv2DBackpropFilter: Primitive<Backprop> = {
  op: 'Conv2DBackpropFilter',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 1).dtype, dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: convolutionNodeDef,
  literals: ({ dims }) => [{ position: 1, literal: ints(dims) }],
};

/** Adds a vector along the last axis. */
export const BiasAdd: Primitive<NoAttributes> = {
  op: 'BiasAdd',
  infer: sameAsFirst,
  gradient: ({ b, gradient }) => [gradient, b.op('BiasAddGrad', [gradient], {})],
  nodeDef: typeOfFirst,
};

export const BiasAddGrad: Primitive<NoAttributes> = {
  op: 'BiasAddGrad',
  infer: (inputs) => [{ dtype: at(inputs, 0).dtype, dims: at(inputs, 0).dims.slice(-1) }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: typeOfFirst,
};
