// Adds up what the test runners report in JSON; a runner that crashed counts as a failure.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Report
 * @property {string} runner
 * @property {number} passed
 * @property {string[]} failed   names
 * @property {string[]} skipped  names
 */

/** @param {string} runner @returns {Report} */
const emptyReport = (runner) => ({ runner, passed: 0, failed: [], skipped: [] });

/**
 * Reads a runner's file. A non-zero exit without a failed test (crash, unhandled error, no tests) is one failure,
 * and so is a zero exit without a single test.
 * @param {string} runner @param {number} exitCode @param {string} file
 * @param {(json: any, report: Report) => void} collect
 */
function readReport(runner, exitCode, file, collect) {
  const report = emptyReport(runner);
  if (existsSync(file)) collect(JSON.parse(readFileSync(file, 'utf8')), report);
  const quiet = report.failed.length === 0;
  if (exitCode !== 0 && quiet) report.failed.push(`${runner} ended with code ${exitCode}`);
  else if (quiet && report.passed + report.skipped.length === 0) report.failed.push(`${runner} ran no test`);
  return report;
}

/** @param {any} json @param {Report} report */
function collectVitest(json, report) {
  for (const file of json.testResults) {
    const name = file.name.replace(`${process.cwd()}/`, '');
    if (file.status === 'failed' && file.assertionResults.length === 0)
      report.failed.push(`${name}: ${file.message}`);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') report.passed++;
      else if (test.status === 'failed') report.failed.push(`${name}: ${test.fullName}`);
      else report.skipped.push(`${name}: ${test.fullName}`);
    }
  }
}

/** @param {any} suite @param {string} path @param {Report} report */
function collectSuite(suite, path, report) {
  for (const inner of suite.suites ?? []) collectSuite(inner, `${path}${inner.title}: `, report);
  for (const { title, tests } of suite.specs ?? []) {
    for (const { status } of tests) {
      if (status === 'expected') report.passed++;
      else if (status === 'skipped') report.skipped.push(path + title);
      else report.failed.push(path + title);
    }
  }
}

/** @param {any} json @param {Report} report */
function collectPlaywright(json, report) {
  for (const { message } of json.errors ?? []) report.failed.push(String(message).split('\n')[0] ?? 'error');
  collectSuite(json, '', report);
}

/** @param {string} runner @param {number} exitCode @param {string} file @returns {Report} */
export const vitestReport = (runner, exitCode, file) => readReport(runner, exitCode, file, collectVitest);

/** @param {string} runner @param {number} exitCode @param {string} file @returns {Report} */
export const playwrightReport = (runner, exitCode, file) =>
  readReport(runner, exitCode, file, collectPlaywright);

/** @param {string} runner @param {{name: string, passed: boolean}[]} checks @returns {Report} */
export const checksReport = (runner, checks) => ({
  ...emptyReport(runner),
  passed: checks.filter(({ passed }) => passed).length,
  failed: checks.filter(({ passed }) => !passed).map(({ name }) => name),
});

/** @param {number} passed @param {number} failed @param {number} skipped */
const counts = (passed, failed, skipped) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * The summary's lines; the last is the sum over all runners.
 * @param {Report[]} reports
 */
export function summary(reports) {
  const failed = reports.flatMap((report) => report.failed);
  const skipped = reports.flatMap((report) => report.skipped);
  const passed = reports.reduce((sum, report) => sum + report.passed, 0);
  return [
    ...reports.map((r) => `${r.runner}: ${counts(r.passed, r.failed.length, r.skipped.length)}`),
    ...skipped.map((name) => `skipped: ${name}`),
    ...failed.map((name) => `failed: ${name}`),
    counts(passed, failed.length, skipped.length),
  ];
}
