/** Resizing of images, NHWC, by half-pixel centres: pixel i lies at i + 0.5, as in Keras, PyTorch and OpenCV. */
import type { TensorType } from '../ir/types';
import { ints, type NoAttributes, type Primitive, type Window } from './primitive';
import { at, imageDims, typeOfFirst } from './rules';

interface Resize {
  /** Height, width of the output. */
  readonly size: readonly [number, number];
}

const halfPixels = (_attributes: unknown, inputs: readonly TensorType[]) => ({
  ...typeOfFirst(undefined, inputs),
  align_corners: { bool: false },
  half_pixel_centers: { bool: true },
});

const resizing = {
  infer(inputs: readonly TensorType[], { size }: Resize): readonly TensorType[] {
    const [batch, , , channels] = imageDims(at(inputs, 0));
    return [{ dtype: at(inputs, 0).dtype, dims: [batch, ...size, channels] }];
  },
  nodeDef: halfPixels,
  literals: ({ size }: Resize) => [{ position: 1, literal: ints(size) }],
};

/** A value is mixed from `taps` pixels per axis, and steps size / output pixels. */
const resizeWindow =
  (taps: number) =>
  ({ size }: Resize, inputs: readonly TensorType[]): Window => {
    const [, height, width] = imageDims(at(inputs, 0));
    return { size: [taps, taps], strides: [height / size[0], width / size[1]] };
  };

export const ResizeNearestNeighbor: Primitive<Resize> = {
  op: 'ResizeNearestNeighbor',
  ...resizing,
  gradient({ b, inputs, gradient }) {
    const [, height, width] = imageDims(at(inputs, 0));
    return [b.op('ResizeNearestNeighborGrad', [gradient], { size: [height, width] })];
  },
  window: resizeWindow(1),
};

/** Inputs: gradient of the output; `size` is that of the images. */
export const ResizeNearestNeighborGrad: Primitive<Resize> = {
  op: 'ResizeNearestNeighborGrad',
  ...resizing,
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
};

export const ResizeBilinear: Primitive<Resize> = {
  op: 'ResizeBilinear',
  ...resizing,
  gradient: ({ b, inputs, gradient }) => [b.op('ResizeBilinearGrad', [gradient, at(inputs, 0)], {})],
  window: resizeWindow(2),
};

/** Inputs: gradient of the output, the images. */
export const ResizeBilinearGrad: Primitive<NoAttributes> = {
  op: 'ResizeBilinearGrad',
  infer: (inputs) => [{ dtype: at(inputs, 0).dtype, dims: at(inputs, 1).dims }],
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: halfPixels,
};
