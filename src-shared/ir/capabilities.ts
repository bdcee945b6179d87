/** Kernels that not every build of TensorFlow has; a node that needs a missing one has a second lowering. */
export interface Capabilities {
  /** Conv2D, gradients included, whose kernels see a part of the channels. */
  readonly groupedConvolution: boolean;
  readonly dilatedConvolution: boolean;
  /** DepthwiseConv2dNative, gradients included, with dilation. */
  readonly dilatedDepthwise: boolean;
  /** DepthwiseConv2dNative, gradients included, with unequal strides. */
  readonly unevenDepthwise: boolean;
}

export const everythingNative: Capabilities = {
  groupedConvolution: true,
  dilatedConvolution: true,
  dilatedDepthwise: true,
  unevenDepthwise: true,
};
