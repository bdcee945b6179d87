/** Two ways of computing the same values, compared. */
import { expect } from 'vitest';

export function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** Equal within the rounding of a sum of so many products of numbers up to 1. */
export function expectClose([plain, tuned]: readonly ArrayLike<number>[], tolerance = 2e-5): void {
  expect(tuned?.length).toBe(plain?.length);
  const largest = largestOf(plain ?? []);
  const worst = largestOf(Float64Array.from(plain ?? [], (value, i) => value - (tuned?.[i] ?? NaN)));
  expect(largest).toBeGreaterThan(0);
  expect(worst / largest).toBeLessThan(tolerance);
}
