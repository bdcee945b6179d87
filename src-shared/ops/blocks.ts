/** Images dealt out in blocks along the batch and back: how dilation is had from kernels that know none. */
import { BATCH, type Dims, type TensorType } from '../ir/types';
import { invariant } from '../util/assert';
import { ints, type Primitive } from './primitive';
import { at, imageDims, typeOfFirst } from './rules';

interface Blocks {
  /** Height and width of a block: how many images one becomes, by row and column. */
  readonly block: readonly [number, number];
}

/** Pixels added (or cropped) per side, [top, bottom], [left, right]. */
type Sides = readonly [readonly [number, number], readonly [number, number]];

const blockLiterals = ({ block }: Blocks, sides: Sides) => [
  { position: 1, literal: ints(block) },
  { position: 2, literal: { dtype: 'int32' as const, dims: [2, 2], values: sides.flat() } },
];

const blockNodeDef = (_attributes: unknown, inputs: readonly TensorType[]) => ({
  ...typeOfFirst(undefined, inputs),
  Tblock_shape: { type: 'int32' as const },
});

function checked(dims: Dims): readonly TensorType[] {
  invariant(dims.every(Number.isInteger), `blocks do not fit: [${dims.join(', ')}]`);
  return [{ dtype: 'float32', dims }];
}

/**
 * Pads, and deals the pixels of one image out to block[0] * block[1] small ones along the batch: neighbours there were
 * a block apart here. The batch must be a symbol.
 */
export const SpaceToBatchND: Primitive<Blocks & { readonly paddings: Sides }> = {
  op: 'SpaceToBatchND',
  infer(inputs, { block, paddings }) {
    const [, height, width, channels] = imageDims(at(inputs, 0));
    const [[top, bottom], [left, right]] = paddings;
    return checked([BATCH, (height + top + bottom) / block[0], (width + left + right) / block[1], channels]);
  },
  gradient: ({ b, gradient, attributes: { block, paddings } }) => [
    b.op('BatchToSpaceND', [gradient], { block, crops: paddings }),
  ],
  nodeDef: (attributes, inputs) => ({ ...blockNodeDef(attributes, inputs), Tpaddings: { type: 'int32' } }),
  literals: (attributes) => blockLiterals(attributes, attributes.paddings),
};

/** The way back: puts the small images together again, and crops. */
export const BatchToSpaceND: Primitive<Blocks & { readonly crops: Sides }> = {
  op: 'BatchToSpaceND',
  infer(inputs, { block, crops }) {
    const [, height, width, channels] = imageDims(at(inputs, 0));
    const [[top, bottom], [left, right]] = crops;
    return checked([BATCH, height * block[0] - top - bottom, width * block[1] - left - right, channels]);
  },
  gradient: ({ b, gradient, attributes: { block, crops } }) => [
    b.op('SpaceToBatchND', [gradient], { block, paddings: crops }),
  ],
  nodeDef: (attributes, inputs) => ({ ...blockNodeDef(attributes, inputs), Tcrops: { type: 'int32' } }),
  literals: (attributes) => blockLiterals(attributes, attributes.crops),
};
