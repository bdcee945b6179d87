/** Convolution (cross-correlation, as everywhere in deep learning) and bias, NHWC. */
import type { GraphBuilder } from '../ir/builder';
import { elementsPerSample } from '../ir/shape';
import type { TensorRef } from '../ir/types';
import { invariant } from '../util/assert';
import {
  type ConvolutionAttributes,
  convolutionNodeDef,
  convolutionWindow,
  convolvedSize,
} from './convolution-rules';
import { ints, type NoAttributes, type Primitive } from './primitive';
import { at, imageDims, sameAsFirst, typeOfFirst } from './rules';

/** Inputs: images [n, h, w, in], kernel [kh, kw, in / groups, out]: the groups follow from the sizes. */
export const Conv2D: Primitive<ConvolutionAttributes> = {
  op: 'Conv2D',
  infer(inputs, attributes) {
    const [batch, , , channels] = imageDims(at(inputs, 0));
    const [, , kernelChannels, filters] = imageDims(at(inputs, 1));
    const groups = channels / kernelChannels;
    invariant(
      Number.isInteger(groups) && filters % groups === 0,
      `Conv2D: ${channels} channels meet ${filters} kernels for ${kernelChannels}`,
    );
    const size = convolvedSize(at(inputs, 0), at(inputs, 1), attributes);
    return [{ dtype: at(inputs, 0).dtype, dims: [batch, ...size, filters] }];
  },
  gradient({ b, inputs, gradient, attributes }) {
    const [x, kernel] = [at(inputs, 0), at(inputs, 1)];
    return [
      b.op('Conv2DBackpropInput', [b.op('Shape', [x], {}), kernel, gradient], {
        ...attributes,
        dims: x.dims,
      }),
      kernelGradient(b, x, gradient, { ...attributes, dims: kernel.dims }),
    ];
  },
  nodeDef: convolutionNodeDef,
  macs(inputs, outputs) {
    const [kernelHeight, kernelWidth, channels] = imageDims(at(inputs, 1));
    const [, height, width, filters] = imageDims(at(outputs, 0));
    return height * width * filters * kernelHeight * kernelWidth * channels;
  },
  window: convolutionWindow,
};

type Backprop = ConvolutionAttributes & { readonly dims: readonly number[] };

/**
 * Inputs: sizes of the images (int32 [4], known when the batch is), kernel [kh, kw, in, out], gradient of the output.
 * Forward, it is the transposed convolution: from [n, h, w, out] to larger images [n, H, W, in].
 */
export const Conv2DBackpropInput: Primitive<Backprop> = {
  op: 'Conv2DBackpropInput',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 2).dtype, dims }],
  gradient({ b, inputs, gradient, attributes: { dims: _, ...attributes } }) {
    const [kernel, x] = [at(inputs, 1), at(inputs, 2)];
    return [
      null,
      kernelGradient(b, gradient, x, { ...attributes, dims: kernel.dims }),
      b.op('Conv2D', [gradient, kernel], attributes),
    ];
  },
  nodeDef: convolutionNodeDef,
  macs(inputs) {
    const [, height, width] = imageDims(at(inputs, 2));
    return height * width * elementsPerSample(at(inputs, 1).dims);
  },
  /** A value is reached by at most ceil(k / s) pixels per axis, and steps s times finer. */
  window({ strides }, inputs) {
    const [height, width] = imageDims(at(inputs, 1));
    return {
      size: [Math.ceil(height / strides[0]), Math.ceil(width / strides[1])],
      strides: [1 / strides[0], 1 / strides[1]],
    };
  },
};

/**
 * A strided 1×1 kernel sees some of the pixels only, and they are picked out first, as means over one value: TensorFlow
 * 2.21 with oneDNN writes past its memory there when channels are few, and aborts the process.
 */
function kernelGradient(
  b: GraphBuilder,
  images: TensorRef,
  gradient: TensorRef,
  attributes: Backprop,
): TensorRef {
  const { strides, dims } = attributes;
  const isPicking = dims[0] === 1 && dims[1] === 1 && strides.some((step) => step > 1);
  if (!isPicking) return b.op('Conv2DBackpropFilter', [images, gradient], attributes);
  const seen = b.op('AvgPool', [images], { window: [1, 1], strides, padding: 'VALID' });
  return b.op('Conv2DBackpropFilter', [seen, gradient], { strides: [1, 1], padding: 'VALID', dims });
}

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
