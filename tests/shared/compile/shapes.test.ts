/** Sizes of convolutions and poolings: the notes' worked examples, and TensorFlow's rule for `same`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShape, paddingAlong, windowedSize } from '@shared/ir/shape';

const around = (height: number, width: number) => ({
  top: Math.floor(height / 2),
  bottom: Math.ceil(height / 2),
  left: Math.floor(width / 2),
  right: Math.ceil(width / 2),
});

describe('windowedSize', () => {
  it.each([
    [
      [3, 3],
      [2, 2],
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    [
      [8, 8],
      [3, 3],
      [2, 2],
      [1, 1],
      [8, 8],
    ],
    [
      [8, 8],
      [3, 3],
      [2, 2],
      [2, 2],
      [4, 4],
    ],
    [
      [5, 5],
      [2, 2],
      [0, 0],
      [3, 3],
      [2, 2],
    ],
    [
      [240, 240],
      [5, 5],
      [4, 4],
      [3, 3],
      [80, 80],
    ],
    [
      [8, 8],
      [3, 5],
      [0, 2],
      [3, 4],
      [2, 2],
    ],
  ] as const)('%j under %j, padding %j, strides %j gives %j', (size, window, total, strides, expected) => {
    expect(windowedSize(size, window, strides, around(total[0], total[1]))).toEqual(expected);
  });

  it('agrees with floor((n - k + 2p) / s) + 1', () => {
    const sizes = fc.record({
      n: fc.integer({ min: 1, max: 64 }),
      k: fc.integer({ min: 1, max: 9 }),
      p: fc.nat(4),
      s: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(sizes, ({ n, k, p, s }) => {
        fc.pre(n + 2 * p >= k);
        const size = Math.floor((n - k + 2 * p) / s) + 1;
        expect(windowedSize([n, n], [k, k], [s, s], around(2 * p, 2 * p))).toEqual([size, size]);
      }),
    );
  });

  it('same gives ceil(n / s), with the odd pixel below and right', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        (n, k, s) => {
          expect(windowedSize([n, n], [k, k], [s, s], 'same')[0]).toBe(Math.ceil(n / s));
          const [before, after] = paddingAlong(n, k, s, 'same', 'height');
          expect(after - before === 0 || after - before === 1).toBe(true);
        },
      ),
    );
  });
});

it('shapes are written with the multiplication sign', () => expect(formatShape([28, 28, 1])).toBe('28×28×1'));
