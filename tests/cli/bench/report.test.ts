/** The table, and the file that gathers reports. */
import { describe, expect, test } from 'vitest';
import {
  type Comparison,
  mergeReports,
  parseReport,
  type Report,
  type Result,
  serialiseReport,
} from '../../../src-main/cli/bench/report';
import { comparisonTable, missingLines } from '../../../src-main/cli/bench/table';
import { Context } from '../../../src-main/cli/context';

const contextIn = (locale: 'en' | 'zh-CN') =>
  new Context({
    locale,
    engineEntry: '',
    peerPrograms: '',
    version: '1',
    writeOut: () => undefined,
    writeError: () => undefined,
  });
const english = contextIn('en');

const row: Comparison = {
  network: 'lenet',
  precision: 'fp32',
  measure: 'step',
  unit: 'images per second',
  peer: 'keras',
  variant: '',
  ours: 25_600,
  theirs: 20_000,
  ratio: 1.28,
  target: 1.15,
  isMet: true,
};
const result: Result = {
  network: 'lenet',
  precision: 'fp32',
  measure: 'step',
  unit: 'images per second',
  framework: 'keras',
  batch: 256,
  value: 20_000,
  variant: '',
  processes: [{ variant: '', values: [19_000, 20_000] }],
  params: 61_706,
  samplesPerSecond: 20_000,
  msPerStep: 12.8,
};
const report: Report = {
  machine: { processor: 'P', cores: 2, memoryBytes: 1, device: 'CPU', versions: { torch: '2' } },
  results: [result],
  comparisons: [row],
  missing: [{ what: 'pytorch', reason: 'none' }],
};

describe('the table', () => {
  test('has a row for each comparison with ratio, target and verdict', () => {
    const [heading = '', line = ''] = comparisonTable(english, [row]);
    expect(heading).toMatch(/^Network +Precision +Measured +Against +Layerloom +Peer +Ratio +Target +Met$/);
    expect(line).toMatch(
      /^lenet +fp32 +training step +keras +25600 images\/s +20000 images\/s +1\.28 +1\.15 +yes$/,
    );
  });

  test('says what was missed, names variants, and leaves out verdicts where there is no target', () => {
    const missed = { ...row, ratio: 0.9, isMet: false, variant: 'tf.data' };
    const free = { ...row, target: null, isMet: null };
    const [, first = '', second = ''] = comparisonTable(english, [missed, free]);
    expect(first).toMatch(/keras \(tf\.data\).* 0\.90 +1\.15 +no$/);
    expect(second).toMatch(/1\.28$/);
  });

  test('gives memory in MiB and times in seconds', () => {
    const memory: Comparison = { ...row, measure: 'memory', ours: 3 * 2 ** 20, theirs: 2 ** 21 };
    const start: Comparison = { ...row, measure: 'firstStep', ours: 0.5, theirs: 2 };
    const [, first = '', second = ''] = comparisonTable(english, [memory, start]);
    expect(first).toMatch(/3 MiB +2 MiB/);
    expect(second).toMatch(/0\.50 s +2\.00 s/);
  });

  test('without a row says so, in both languages', () => {
    expect(comparisonTable(english, [])).toEqual(['There was nothing to compare.']);
    expect(comparisonTable(contextIn('zh-CN'), [])[0]).toMatch(/没有/);
  });

  test('what was not measured stands below with the reason', () => {
    expect(missingLines(english, [])).toEqual([]);
    expect(missingLines(english, report.missing)).toEqual(['Not measured:', '  pytorch: none']);
  });
});

describe('the file of reports', () => {
  test('what is written is read again', () => {
    expect(parseReport(serialiseReport(report))).toEqual(report);
    expect(parseReport(serialiseReport({ ...report, comparisons: [] })).comparisons).toEqual([]);
  });

  test('has one line for each row, and figures to six digits', () => {
    const long = { ...row, ratio: 1.23456789 };
    const lines = serialiseReport({ ...report, comparisons: [long, row] }).split('\n');
    expect(lines.filter((each) => each.includes('"ratio"'))).toHaveLength(2);
    expect(lines.find((each) => each.includes('1.2345'))).toContain('"ratio":1.23457,');
  });

  test.each([
    ['', 'no text'],
    ['{}', 'an empty object'],
    [JSON.stringify({ ...report, comparisons: [{ ...row, ratio: 'fast' }] }), 'a ratio that is no number'],
  ])('%# refuses %s', (text) => {
    expect(() => parseReport(text)).toThrow();
  });

  test('new rows replace those of the same measurement, the others stay', () => {
    const other = { ...row, network: 'nin' };
    const again = { ...row, ratio: 2 };
    const older = { ...report, comparisons: [row, other] };
    const merged = mergeReports(older, { ...report, comparisons: [again], results: [], missing: [] });
    expect(merged.comparisons).toEqual([again, other]);
    expect(merged.results).toEqual([result]);
    expect(merged.missing).toEqual(report.missing);
  });

  test('another peer, precision or measure is another measurement', () => {
    const rows: Comparison[] = [
      { ...row, peer: 'pytorch' },
      { ...row, precision: 'bf16' },
      { ...row, measure: 'epoch' },
    ];
    const merged = mergeReports(report, { ...report, comparisons: rows }).comparisons;
    const [pytorch, bf16, epoch] = rows;
    expect(merged).toEqual([row, pytorch, epoch, bf16]);
  });
});
