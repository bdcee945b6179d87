/** One split of a data set in a program's graph: its variables, batches gathered from them, and bytes made numbers. */
import type { GraphBuilder, VariableHandle } from '../ir/builder';
import { withBatch } from '../ir/shape';
import { BATCH, type Shape, type TensorRef } from '../ir/types';
import { assignment } from './endpoints';
import type { ProgramData } from './program';

export class DataSplit {
  readonly #b: GraphBuilder;
  readonly #images: VariableHandle;
  readonly #labels: VariableHandle;

  /** `input` is `[height, width, channels]` of one image. */
  constructor(b: GraphBuilder, split: 'train' | 'test', input: Shape) {
    this.#b = b;
    this.#images = b.variable(`data/${split}/images`, 'uint8', withBatch(input));
    this.#labels = b.variable(`data/${split}/labels`, 'int32', [BATCH]);
  }

  /** int32 `[n]`, of the images at `indices` (int32 `[n]`). */
  labels(indices: TensorRef): TensorRef {
    return this.#gather(this.#labels, indices);
  }

  /** float32 `[n, height, width, channels]` from 0 to 1, at `indices` (int32 `[n]`). */
  images(indices: TensorRef): TensorRef {
    return scaled(this.#b, this.#gather(this.#images, indices));
  }

  /** By which the engine puts the split into the session. */
  loading(): ProgramData {
    const b = this.#b;
    return { images: assignment(b, this.#images, 'uint8'), labels: assignment(b, this.#labels, 'int32') };
  }

  #gather({ handle, dtype, dims }: VariableHandle, indices: TensorRef): TensorRef {
    const b = this.#b;
    return b.op('GatherV2', [b.op('ReadVariableOp', [handle], { dtype, dims }), indices], {});
  }
}

/** byte / 255, as float32. */
export function scaled(b: GraphBuilder, images: TensorRef): TensorRef {
  return b.op('Mul', [b.op('Cast', [images], { to: 'float32' }), b.float(1 / 255)], {});
}
