/** A data set of a few images, as files that scripts read and as bytes for our own session. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers } from '../engine/graph-session';

export interface SmallData {
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

const SIDE = 28;

/** Waves, of each image its own: images that look alike leave batch normalisation with differences of rounding. */
export function smallData(count: number, seed: number): SmallData {
  const next = numbers(seed);
  const images = new Uint8Array(count * SIDE * SIDE);
  for (let image = 0, at = 0; image < count; image++) {
    const [down, across, turn] = [20 * next() - 10, 20 * next() - 10, 6 * next()];
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const [y, x] = [Math.floor(pixel / SIDE) / SIDE, (pixel % SIDE) / SIDE];
      images[at++] = 64 + 60 * Math.sin(down * y + across * x + turn) + 128 * next();
    }
  }
  return { images, labels: Int32Array.from({ length: count }, () => Math.floor(10 * next())) };
}

/** Both splits hold the same images, in the files of Fashion-MNIST and MNIST. */
export function writeIdx(folder: string, { images, labels }: SmallData): void {
  mkdirSync(folder, { recursive: true });
  for (const split of ['train', 't10k']) {
    writeFileSync(join(folder, `${split}-images-idx3-ubyte`), idx([labels.length, SIDE, SIDE], images));
    writeFileSync(join(folder, `${split}-labels-idx1-ubyte`), idx([labels.length], Uint8Array.from(labels)));
  }
}

function idx(sizes: readonly number[], values: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, axis) => head.writeInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([head, values]);
}
