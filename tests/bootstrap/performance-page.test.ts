/** The tables of docs/performance.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withTables } from '../../scripts/bench/networks/page.mjs';

const page = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8');

const machine = { processor: 'P', cores: 2, device: 'CPU', versions: { torch: '2' } };
const result = { network: 'lenet', measure: 'step', batch: 256, variant: '' };
const report = {
  machine,
  results: [
    { ...result, precision: 'fp32', framework: 'layerloom', value: 25_600 },
    { ...result, precision: 'fp32', framework: 'keras', value: 20_000 },
    { ...result, precision: 'fp32', framework: 'pytorch', value: 30_000 },
  ],
  comparisons: [
    { ...result, precision: 'fp32', peer: 'keras', theirs: 20_000, ratio: 1.28, target: 1.15 },
    { ...result, precision: 'fp32', peer: 'pytorch', theirs: 30_000, ratio: 0.853, target: 1 },
  ],
};

describe('the tables', () => {
  const written = withTables(page, report);

  test('give ms per step, ratios, and targets that are met or missed', () => {
    expect(written).toContain('| network | fp32: Layerloom | fp32: Keras | fp32: PyTorch |');
    expect(written).toContain(
      '| lenet, batch 256 | 10.0 ms | 12.8 ms, 1.28× ≥ 1.15 | 8.53 ms, **0.85× < 1** |',
    );
    expect(written).toContain('2 cores of P, CPU; torch 2.');
  });

  test('leave out what was not measured', () => {
    expect(written).not.toContain('### Epoch');
    expect(written).not.toContain('tfjs-layers |');
    expect(written).not.toContain('bf16:');
  });

  test('replace those that were there, and nothing else', () => {
    expect(withTables(written, report)).toBe(written);
    const around = (text: string) => text.replace(/<!-- tables[\s\S]*end of the tables -->/, '');
    expect(around(written)).toBe(around(page));
  });

  test('need their place on the page', () => {
    expect(() => withTables('# Nothing', report)).toThrow('the page has no');
  });
});
