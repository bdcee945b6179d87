// npm run bench [NAME...]: runs the programs in scripts/bench/, all or those named, on the built app.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { bootstrapOrExplain } from './bootstrap.mjs';
import { inRepository } from './bootstrap/paths.mjs';

/** @returns {Promise<number>} exit code */
async function bench() {
  if (!(await bootstrapOrExplain())) return 1;
  const { buildIfStale, electron, runOnScreen } = await import('./tools.mjs');
  if (!(await buildIfStale())) return 1;
  const all = readdirSync(inRepository('scripts', 'bench')).filter((name) => name.endsWith('.mjs'));
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !all.includes(`${name}.mjs`));
  if (unknown.length > 0) {
    console.error(
      `There is no benchmark ${unknown.join(', ')}; there are ${all.map((n) => basename(n, '.mjs')).join(', ')}.`,
    );
    return 2;
  }
  let worst = 0;
  for (const name of asked.length > 0 ? asked.map((n) => `${n}.mjs`) : all) {
    worst = Math.max(
      worst,
      await runOnScreen([inRepository('scripts', 'bench', name)], electron().environment),
    );
  }
  return worst;
}

process.exitCode = await bench();
