// npm start: bootstrap, build if something changed, open the app.
import { bootstrapOrExplain } from './bootstrap.mjs';
import { inRepository } from './bootstrap/paths.mjs';

/** @returns {Promise<number>} exit code */
async function start() {
  if (!(await bootstrapOrExplain())) return 1;
  const { buildIfStale, electron, hasDisplay, isRoot, runHere } = await import('./tools.mjs');
  if (!(await buildIfStale())) return 1;
  if (!hasDisplay()) {
    console.error(
      'There is no display: start the app in a desktop session, or under "xvfb-run -a npm start".',
    );
    return 1;
  }
  const { executable, environment, version } = electron();
  const flags = isRoot() ? ['--no-sandbox'] : [];
  if (isRoot()) console.log('Running as root: Chromium cannot sandbox, so the app starts with --no-sandbox.');
  console.log(`Opening Layerloom on Electron ${version}.`);
  return runHere(executable, [...flags, inRepository(), ...process.argv.slice(2)], environment);
}

process.exitCode = await start();
