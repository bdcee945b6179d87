/** Large arrays that nobody refers to are given back when asked for. */
import { memoryUsage } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { collectGarbage } from '../../src-main/engine/runtime/garbage';

const BYTES = 64 * 2 ** 20;

/** An array that nobody refers to afterwards. */
function dropArray(): void {
  new Uint8Array(BYTES).fill(1);
}

it('frees an array that was let go, and keeps one that is in use', async () => {
  const kept = new Uint8Array(BYTES).fill(1);
  const before = memoryUsage().arrayBuffers;
  dropArray();
  // Others come and go meanwhile, but none as large.
  expect(memoryUsage().arrayBuffers - before).toBeGreaterThan(BYTES / 2);
  // What a running function had in hand may count as in use until it returns.
  await setTimeout(0);
  collectGarbage();
  expect(memoryUsage().arrayBuffers - before).toBeLessThan(BYTES / 2);
  expect(kept.at(-1)).toBe(1);
});
