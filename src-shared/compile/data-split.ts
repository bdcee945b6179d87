/** One split of a data set in a program's graph: its variables, batches gathered from them, and bytes made numbers. */
import type { GraphBuilder, VariableHandle } from '../ir/builder';
import { withBatch } from '../ir/shape';
import { BATCH, type Shape, type TensorRef } from '../ir/types';
import type { AugmentationSettings } from '../training/augmentation';
import { Augmentation } from './augment';
import { assignment } from './endpoints';
import type { ProgramData } from './program';
import type { RandomSource } from './random-key';

export class DataSplit {
  readonly #b: GraphBuilder;
  readonly #split: 'train' | 'test';
  readonly #images: VariableHandle;
  readonly #labels: VariableHandle;

  /** `input` is `[height, width, channels]` of one image. */
  constructor(b: GraphBuilder, split: 'train' | 'test', input: Shape) {
    this.#b = b;
    this.#split = split;
    this.#images = b.variable(`data/${split}/images`, 'uint8', withBatch(input));
    this.#labels = b.variable(`data/${split}/labels`, 'int32', [BATCH]);
  }

  /** int32 `[n]`, of the images at `indices` (int32 `[n]`). */
  labels(indices: TensorRef): TensorRef {
    return this.#gather('labels', this.#labels, indices);
  }

  /** uint8 `[n, height, width, channels]`, at `indices` (int32 `[n]`). */
  images(indices: TensorRef): TensorRef {
    return this.#gather('images', this.#images, indices);
  }

  /** By which the engine puts the split into the session. */
  loading(): ProgramData {
    const b = this.#b;
    return { images: assignment(b, this.#images, 'uint8'), labels: assignment(b, this.#labels, 'int32') };
  }

  /** Under a name of its own: a batch may be fed in its place. */
  #gather(what: 'images' | 'labels', { handle, dtype, dims }: VariableHandle, indices: TensorRef): TensorRef {
    const b = this.#b;
    const all = b.op('ReadVariableOp', [handle], { dtype, dims });
    return b.op('GatherV2', [all, indices], {}, { name: `batch/${this.#split}/${what}` });
  }
}

/** byte / 255, as float32: what a network sees at inference. */
export function scaled(b: GraphBuilder, images: TensorRef): TensorRef {
  return asShares(b, b.op('Cast', [images], { to: 'float32' }));
}

/** The same after the random changes of training. */
export function augmented(
  b: GraphBuilder,
  images: TensorRef,
  settings: AugmentationSettings,
  random: RandomSource,
): TensorRef {
  const augmentation = new Augmentation(b, settings, random);
  return augmentation.light(asShares(b, augmentation.move(images)));
}

function asShares(b: GraphBuilder, bytes: TensorRef): TensorRef {
  return b.op('Mul', [bytes, b.float(1 / 255)], {});
}
