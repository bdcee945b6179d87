// The summary of `npm test` counts what the runners report, and a crash as a failure.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checksReport, playwrightReport, summary, vitestReport } from '../../scripts/test-report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'layerloom-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, json: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(json));
  return join(folder, name);
}

const test_ = (status: string, fullName: string) => ({ status, fullName });

test('passed, failed and skipped tests of all runners add up in the last line', () => {
  const unit = write('unit.json', {
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [test_('passed', 'one'), test_('failed', 'two')],
      },
      { name: 'b.test.ts', status: 'failed', message: 'syntax error', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [test_('pending', 'needs a GPU')] },
    ],
  });
  const endToEnd = write('e2e.json', {
    suites: [
      {
        title: 'app.spec.ts',
        suites: [{ title: 'canvas', specs: [{ title: 'drags', tests: [{ status: 'expected' }] }] }],
        specs: [{ title: 'opens', tests: [{ status: 'unexpected' }] }],
      },
    ],
  });
  const lines = summary([
    checksReport('lint', [
      { name: 'tsc', passed: true },
      { name: 'eslint', passed: false },
    ]),
    vitestReport('vitest', 1, unit),
    playwrightReport('playwright', 1, endToEnd),
  ]);
  expect(lines.at(-1)).toBe('3 passed, 4 failed, 1 skipped');
  expect(lines).toContain('skipped: c.test.ts: needs a GPU');
  expect(lines).toContain('failed: b.test.ts: syntax error');
});

test('a runner that crashed, or ran nothing, has failed', () => {
  expect(vitestReport('vitest', 137, join(folder, 'none.json')).failed).toEqual([
    'vitest ended with code 137',
  ]);
  const good = write('good.json', {
    testResults: [{ name: 'a', status: 'passed', assertionResults: [test_('passed', 'x')] }],
  });
  expect(vitestReport('vitest', 1, good).failed).toHaveLength(1);
  expect(vitestReport('vitest', 0, write('empty.json', { testResults: [] })).failed).toEqual([
    'vitest ran no test',
  ]);
  expect(summary([vitestReport('vitest', 0, good)]).at(-1)).toBe('1 passed, 0 failed');
});

test('errors outside any test are failures', () => {
  const file = write('errors.json', { errors: [{ message: 'no such module\nat x' }], suites: [] });
  expect(playwrightReport('playwright', 1, file).failed).toEqual(['no such module']);
});
