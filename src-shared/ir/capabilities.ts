/** What the TensorFlow at hand can do: a node that needs a missing kernel has a second lowering. */
export interface Capabilities {
  /** Runs on the processor rather than on a GPU: kernels are chosen for it. */
  readonly isProcessor: boolean;
  /** Conv2D, gradients included, whose kernels see a part of the channels. */
  readonly groupedConvolution: boolean;
  readonly dilatedConvolution: boolean;
  /** DepthwiseConv2dNative, gradients included, with dilation. */
  readonly dilatedDepthwise: boolean;
  /** DepthwiseConv2dNative, gradients included, with unequal strides. */
  readonly unevenDepthwise: boolean;
  /** Computes in bfloat16, and faster than in float32. */
  readonly bfloat16: boolean;
  /** The same for float16. */
  readonly float16: boolean;
}

export const everythingNative: Capabilities = {
  isProcessor: true,
  groupedConvolution: true,
  dilatedConvolution: true,
  dilatedDepthwise: true,
  unevenDepthwise: true,
  bfloat16: true,
  float16: true,
};
