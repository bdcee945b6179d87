// npm run bench compiler: what an edit of DenseNet-121 costs in the window, what compiling costs in Node, and loading.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRepository } from '../bootstrap/paths.mjs';
import { bundleForNode, bundleForPage } from './parts/bundle.mjs';
import { endApp, launchApp, percentile } from './parts/window.mjs';

const EDIT_TARGET_MS = 16;
const COMPILE_TARGET_MS = 300;
const LOAD_TARGET_MS = 1000;
const ENTRY = 'scripts/bench/compiler/measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'));

/** @typedef {import('./compiler/measure').Row} Row */

/** @param {readonly Row[]} rows @param {number} target @returns {boolean} whether all medians are within it */
function report(rows, target) {
  for (const { name, nodes, times } of rows) {
    const [typical, worst] = [percentile(times, 0.5), Math.max(...times)];
    console.log(
      `${name}, ${nodes} nodes: median ${typical.toFixed(1)} ms, worst ${worst.toFixed(1)} ms (target ${target})`,
    );
  }
  return rows.every(({ times }) => percentile(times, 0.5) <= target);
}

/** Evaluated by the debugger, which the page's content policy does not concern. @returns {Promise<readonly Row[]>} */
async function editsInWindow() {
  const { app, page } = await launchApp(folder, []);
  await page.locator('.svelte-flow__node').first().waitFor();
  const script = readFileSync(await bundleForPage(ENTRY, folder), 'utf8');
  const rows = await page.evaluate(`${script}\nbundled.measureEdits()`);
  await endApp(app);
  return /** @type {readonly Row[]} */ (rows);
}

/** Compiled and loaded in a process of its own, as by the engine: the first time counts. */
function wholeInNode(/** @type {string} */ module) {
  const program = `
    import { writeFileSync } from 'node:fs';
    const { measureWhole } = await import(${JSON.stringify(pathToFileURL(module).href)});
    console.log(JSON.stringify(measureWhole()));`;
  const file = join(folder, 'whole.mjs');
  writeFileSync(file, program);
  return /** @type {readonly Row[]} */ (
    JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }))
  );
}

/** Milliseconds to load DenseNet-121's program into a session and to give its variables their values. */
function loading(/** @type {string} */ module) {
  const child = inRepository('scripts', 'bench', 'compiler', 'load.mjs');
  const output = execFileSync(process.execPath, [child, module], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  return /** @type {{ loadMs: number, initMs: number }} */ (JSON.parse(output));
}

try {
  const areEditsQuick = report(await editsInWindow(), EDIT_TARGET_MS);
  const module = await bundleForNode(ENTRY, folder);
  const isCompiledQuickly = report(wholeInNode(module), COMPILE_TARGET_MS);
  const { loadMs, initMs } = loading(module);
  console.log(
    `loading it into a session: ${loadMs.toFixed(0)} ms (target ${LOAD_TARGET_MS}); initial values: ${initMs.toFixed(0)} ms`,
  );
  process.exitCode = areEditsQuick && isCompiledQuickly && loadMs <= LOAD_TARGET_MS ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
