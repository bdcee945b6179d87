/** Seeded random numbers for shuffles and samples: the same keys give the same sequence everywhere. */

/** A stream of 32-bit numbers: sfc32 (Chris Doty-Humphrey, PractRand), which passes its author's tests. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Any number of integer keys; streams of different keys have nothing to do with one another. */
  constructor(...keys: readonly number[]) {
    let hash = 0x9e3779b9;
    for (const key of keys) hash = mix(hash ^ mix(key + keys.length));
    this.#a = hash;
    this.#b = mix(hash + 1);
    this.#c = mix(hash + 2);
    // As the author does: the first numbers still show the seed.
    for (let round = 0; round < 15; round++) this.next();
  }

  /** The next whole number from 0 to 2^32 - 1. */
  next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A whole number from 0 to `limit` - 1, all equally likely; `limit` is at most 2^32. */
  below(limit: number): number {
    // Numbers from the last, incomplete round would make the small results likelier.
    const complete = 2 ** 32 - (2 ** 32 % limit);
    let value = this.next();
    while (value >= complete) value = this.next();
    return value % limit;
  }
}

/** The finaliser of MurmurHash3: every bit of the key reaches every bit of the result. */
function mix(key: number): number {
  let hash = key | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** The numbers from 0 to `length` - 1 in random order (Fisher and Yates's shuffle, from the inside out). */
export function permutation(length: number, random: Random): Int32Array {
  const order = new Int32Array(length);
  for (let index = 1; index < length; index++) {
    const other = random.below(index + 1);
    order[index] = order[other] ?? 0;
    order[other] = index;
  }
  return order;
}
