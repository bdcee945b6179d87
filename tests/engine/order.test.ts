/** The order of images: a permutation in every epoch, the same for the same seed, and fair. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permutation, Random } from '@shared/util/random';
import { chooseImages, epochOrder } from '../../src-main/engine/data/order';

const sorted = (values: Int32Array): number[] => [...values].sort((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('an epoch', () => {
  it('has every chosen image once', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), fc.nat(3000), (seed, epoch, count) => {
        expect(sorted(epochOrder(chooseImages(count, undefined, seed), seed, epoch))).toEqual(upTo(count));
      }),
    );
  });

  it('is the same for the same seed, and another for every epoch and seed', () => {
    const chosen = chooseImages(1000, undefined, 1);
    const orders = [1, 2, 3].flatMap((seed) =>
      [1, 2, 3].map((epoch) => epochOrder(chosen, seed, epoch).join()),
    );
    expect(new Set(orders).size).toBe(9);
    expect(epochOrder(chosen, 2, 3).join()).toBe(orders[5]);
  });
});

describe('the limit', () => {
  it('takes the first images after the seeded shuffle, and epochs stay among them', () => {
    const all = chooseImages(5000, undefined, 7);
    const some = chooseImages(5000, 100, 7);
    expect([...some]).toEqual([...all.subarray(0, 100)]);
    expect(sorted(epochOrder(some, 7, 4))).toEqual(sorted(some));
    expect([...chooseImages(5000, 100, 8)]).not.toEqual([...some]);
  });
});

describe('the generator', () => {
  it('gives each number the same chance (chi-squared over 10 cells, 1 in 10,000)', () => {
    const random = new Random(3, 5);
    const counts = new Array<number>(10).fill(0);
    const draws = 100_000;
    for (let draw = 0; draw < draws; draw++) counts[random.below(10)]! += 1;
    const expected = draws / 10;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(33.7);
  });

  it('puts every image at every place equally often (chi-squared over 24 orders, 1 in 10,000)', () => {
    const counts = new Map<string, number>();
    const rounds = 24_000;
    for (let epoch = 1; epoch <= rounds; epoch++) {
      const order = permutation(4, new Random(11, epoch)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(58.6);
  });

  it('gives unrelated streams to neighbouring keys', () => {
    const first = (...keys: number[]) => new Random(...keys).next();
    const values = upTo(1000).flatMap((key) => [first(0, key), first(key + 1, 0)]);
    expect(new Set(values).size).toBeGreaterThan(1995);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length / 2 ** 32;
    expect(mean).toBeGreaterThan(0.47);
    expect(mean).toBeLessThan(0.53);
  });
});
