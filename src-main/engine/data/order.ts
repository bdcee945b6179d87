/** In which order a run sees its images: everything follows from the seed. */
import { permutation, Random } from '@shared/util/random';

/** Epochs count from 1, so 0 is free for the choice of the images. */
const CHOICE = 0;

/** The images that a run trains on: the first `limit` after the seeded shuffle of all `count`. */
export function chooseImages(count: number, limit: number | undefined, seed: number): Int32Array {
  return permutation(count, new Random(seed, CHOICE)).subarray(0, limit);
}

/** `chosen` in the order of that epoch. */
export function epochOrder(chosen: Int32Array, seed: number, epoch: number): Int32Array {
  return permutation(chosen.length, new Random(seed, epoch)).map((place) => chosen[place] ?? 0);
}
