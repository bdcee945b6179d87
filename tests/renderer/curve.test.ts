/** Curves: no step lost, none twice, whatever the pieces in which they arrive. */
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Curve, SmoothedCurve } from '../../src-renderer/training/curve';
import { chartData } from '../../src-renderer/training/chart-data';

const pieces = fc.array(fc.array(fc.double({ noNaN: true }), { maxLength: 600 }), { maxLength: 12 });

describe('Curve', () => {
  test('gives back every value in order, in whatever pieces it came', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const curve = new Curve();
        for (const part of parts) curve.append(curve.length, part);
        expect([...curve.values]).toEqual(parts.flat());
      }),
      { numRuns: 40 },
    );
  });

  test('takes each step once where a message repeats some', () => {
    const curve = new Curve();
    curve.append(0, [1, 2, 3]);
    curve.append(1, [20, 30, 4, 5]);
    curve.append(0, [10]);
    expect([...curve.values]).toEqual([1, 2, 3, 4, 5]);
  });

  test('a gap is never drawn over', () => {
    const curve = new Curve();
    curve.append(0, [1]);
    expect(() => curve.append(2, [3])).toThrow('steps 1 to 1 are missing');
  });
});

describe('SmoothedCurve', () => {
  test('is the exponential average, however the values are cut into messages', () => {
    const values = Array.from({ length: 500 }, (_, i) => Math.sin(i / 9) + i / 100);
    const weight = 2 / 41;
    const expected: number[] = [];
    for (const value of values) {
      const before = expected.at(-1) ?? value;
      expected.push(before + weight * (value - before));
    }
    const smooth = new SmoothedCurve(40);
    for (const [from, to] of [
      [0, 3],
      [3, 4],
      [2, 200],
      [200, 500],
    ] as const)
      smooth.append(from, values.slice(from, to));
    expect(smooth.curve.length).toBe(500);
    [...smooth.curve.values].forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 10));
  });
});

describe('chartData', () => {
  const filled = (count: number) => {
    const raw = new Curve();
    const smooth = new SmoothedCurve(40);
    const values = Array.from({ length: count }, (_, i) => i);
    raw.append(0, values);
    smooth.append(0, values);
    return { raw, smooth };
  };

  test('shows every step of a short run, and test values at the ends of epochs', () => {
    const data = chartData({ ...filled(100), test: [7, 8], stepsPerEpoch: 50 });
    expect(data.steps).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(data.raw).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(data.test.flatMap((value, i) => (value === null ? [] : [[data.steps[i], value]]))).toEqual([
      [50, 7],
      [100, 8],
    ]);
  });

  test('shows the learning rate of every step where it changes', () => {
    const data = chartData({ ...filled(4), test: [], stepsPerEpoch: 2, rateAt: (step) => step / 10 });
    expect(data.rates).toEqual([0, 0.1, 0.2, 0.3]);
    expect(chartData({ ...filled(4), test: [], stepsPerEpoch: 2 }).rates).toEqual([]);
  });

  test('thins a long run but keeps every test value, in order', () => {
    const data = chartData({ ...filled(30_000), test: [1, 2, 3], stepsPerEpoch: 9_999 });
    expect(data.steps.length).toBeLessThan(4_100);
    expect(data.steps).toEqual([...data.steps].sort((a, b) => a - b));
    expect(data.test.flatMap((value, i) => (value === null ? [] : [[data.steps[i], value]]))).toEqual([
      [9_999, 1],
      [19_998, 2],
      [29_997, 3],
    ]);
  });
});
