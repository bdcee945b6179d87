/** Operations that change the images of a training batch; no gradient passes through them. */
import { BATCH, type TensorType } from '../ir/types';
import { floatScalar, ints, type NoAttributes, type Primitive } from './primitive';
import { at, imageDims, sameAsFirst, typeOfFirst } from './rules';

const onImages = { nonDifferentiable: 'only changes images on their way in' } as const;

interface Resampling {
  /** Height, width of the output. */
  readonly size: readonly [number, number];
}

function resampled(inputs: readonly TensorType[], { size }: Resampling): readonly TensorType[] {
  const [, , , channels] = imageDims(at(inputs, 0));
  return [{ dtype: 'float32', dims: [BATCH, ...size, channels] }];
}

/**
 * Inputs: images (bytes or numbers), boxes (float32 [n, 4]: y1, x1, y2, x2, where 0 and 1 are the centres of the first
 * and last pixel), index of the image of each box (int32 [n]). A box may be reversed, which mirrors. Takes the nearest
 * pixel; places before the first or after the last one, by however little, become 0.
 */
export const CropAndResize: Primitive<Resampling> = {
  op: 'CropAndResize',
  infer: resampled,
  gradient: onImages,
  nodeDef: (_, inputs) => ({
    T: { type: at(inputs, 0).dtype },
    method: { string: 'nearest' },
    extrapolation_value: { float: 0 },
  }),
  literals: ({ size }) => [{ position: 3, literal: ints(size) }],
};

/**
 * Inputs: images (float32), transforms (float32 [n, 8]). Output pixel (x, y) is taken bilinearly from
 * (a0 x + a1 y + a2, b0 x + b1 y + b2) where a row is a0, a1, a2, b0, b1, b2, 0, 0; outside of the image it is 0.
 */
export const ImageProjectiveTransformV3: Primitive<Resampling> = {
  op: 'ImageProjectiveTransformV3',
  infer: resampled,
  gradient: onImages,
  nodeDef: (_, inputs) => ({
    dtype: { type: at(inputs, 0).dtype },
    interpolation: { string: 'BILINEAR' },
    fill_mode: { string: 'CONSTANT' },
  }),
  literals: ({ size }) => [
    { position: 2, literal: ints(size) },
    { position: 3, literal: floatScalar(0) },
  ],
};

export const ClipByValue: Primitive<{ readonly low: number; readonly high: number }> = {
  op: 'ClipByValue',
  infer: sameAsFirst,
  gradient: onImages,
  nodeDef: typeOfFirst,
  literals: ({ low, high }) => [
    { position: 1, literal: floatScalar(low) },
    { position: 2, literal: floatScalar(high) },
  ],
};

const ofDraws = (op: string): Primitive<NoAttributes> => ({
  op,
  infer: sameAsFirst,
  gradient: { nonDifferentiable: 'only computes with random numbers' },
  nodeDef: typeOfFirst,
});

export const Floor = ofDraws('Floor');
export const Cos = ofDraws('Cos');
export const Sin = ofDraws('Sin');

/** Inputs: start, limit, step (int32 scalars); as long as the batch where the limit is its size. */
export const Range: Primitive<NoAttributes> = {
  op: 'Range',
  infer: () => [{ dtype: 'int32', dims: [BATCH] }],
  gradient: { nonDifferentiable: 'gives indices' },
  nodeDef: () => ({ Tidx: { type: 'int32' } }),
};
