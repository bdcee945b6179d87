// npm test: bootstrap, lint, build, unit tests, conformance without oneDNN, package, end-to-end tests, one summary.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapOrExplain } from './bootstrap.mjs';

const ready = await bootstrapOrExplain();
if (!ready) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}

// Imported late: these need the npm packages that the bootstrap installs.
const { lint } = await import('./lint.mjs');
const { makePackage } = await import('./package.mjs');
const { build, electron, runNodeHere, runOnScreen, tool } = await import('./tools.mjs');
const { checksReport, playwrightReport, summary, vitestReport } = await import('./test-report.mjs');

const results = mkdtempSync(join(tmpdir(), 'layerloom-test-'));

/** @param {string} runner @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
async function vitest(runner, args, env) {
  const file = join(results, `${runner.replaceAll(' ', '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runNodeHere([tool('vitest'), 'run', ...reporters, ...args], env);
  return vitestReport(runner, code, file);
}

async function endToEnd() {
  const file = join(results, 'playwright.json');
  const { environment, version, official } = electron();
  console.log(`End-to-end tests run on Electron ${version}${official ? '' : ' (the fallback runtime)'}.`);
  const args = [tool('@playwright/test', 'playwright'), 'test', '--reporter=list,json'];
  const code = await runOnScreen(args, { ...environment, PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  return playwrightReport('playwright', code, file);
}

const reports = [];
reports.push(checksReport('lint', await lint()));
reports.push(checksReport('build', [{ name: 'electron-vite build', passed: await build() }]));
reports.push(await vitest('vitest', []));
const withoutOneDnn = { TF_ENABLE_ONEDNN_OPTS: '0' };
reports.push(await vitest('conformance without oneDNN', ['tests/engine/conformance'], withoutOneDnn));
reports.push(
  checksReport('package', [{ name: 'electron-builder --dir', passed: await makePackage(['--dir']) }]),
);
reports.push(await endToEnd());
rmSync(results, { recursive: true, force: true });

for (const line of ['', ...summary(reports)]) console.log(line);
process.exitCode = reports.every(({ failed }) => failed.length === 0) ? 0 : 1;
