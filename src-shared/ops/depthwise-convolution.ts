/** Depthwise convolution: each channel has kernels of its own, NHWC. */
import type { Dims } from '../ir/types';
import { invariant } from '../util/assert';
import {
  type ConvolutionAttributes,
  convolutionNodeDef,
  convolutionWindow,
  convolvedSize,
} from './convolution-rules';
import { ints, type Primitive } from './primitive';
import { at, imageDims } from './rules';

/** Inputs: images [n, h, w, channels], kernel [kh, kw, channels, multiplier]; gives channels * multiplier channels. */
export const DepthwiseConv2dNative: Primitive<ConvolutionAttributes> = {
  op: 'DepthwiseConv2dNative',
  infer(inputs, attributes) {
    const [batch, , , channels] = imageDims(at(inputs, 0));
    const [, , kernelChannels, multiplier] = imageDims(at(inputs, 1));
    invariant(channels === kernelChannels, `${channels} channels meet kernels for ${kernelChannels}`);
    const size = convolvedSize(at(inputs, 0), at(inputs, 1), attributes);
    return [{ dtype: at(inputs, 0).dtype, dims: [batch, ...size, channels * multiplier] }];
  },
  gradient({ b, inputs, gradient, attributes }) {
    const [x, kernel] = [at(inputs, 0), at(inputs, 1)];
    return [
      b.op('DepthwiseConv2dNativeBackpropInput', [b.op('Shape', [x], {}), kernel, gradient], {
        ...attributes,
        dims: x.dims,
      }),
      b.op('DepthwiseConv2dNativeBackpropFilter', [x, gradient], { ...attributes, dims: kernel.dims }),
    ];
  },
  nodeDef: convolutionNodeDef,
  macs(inputs, outputs) {
    const [kernelHeight, kernelWidth] = imageDims(at(inputs, 1));
    const [, height, width, channels] = imageDims(at(outputs, 0));
    return height * width * channels * kernelHeight * kernelWidth;
  },
  window: convolutionWindow,
};

type Backprop = ConvolutionAttributes & { readonly dims: Dims };

/** Inputs: sizes of the images (int32 [4]), kernel, gradient of the output. */
export const DepthwiseConv2dNativeBackpropInput: Primitive<Backprop> = {
  op: 'DepthwiseConv2dNativeBackpropInput',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 2).dtype, dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: convolutionNodeDef,
};

/** Inputs: images, gradient of the output; the kernel's sizes are constant. */
export const DepthwiseConv2dNativeBackpropFilter: Primitive<Backprop> = {
  op: 'DepthwiseConv2dNativeBackpropFilter',
  infer: (inputs, { dims }) => [{ dtype: at(inputs, 1).dtype, dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: convolutionNodeDef,
  literals: ({ dims }) => [{ position: 1, literal: ints(dims) }],
};
