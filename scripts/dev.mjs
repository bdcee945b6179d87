// npm run dev: the app with the renderer served and reloaded by Vite.
import { bootstrapOrExplain } from './bootstrap.mjs';

/** @returns {Promise<number>} exit code */
async function dev() {
  if (!(await bootstrapOrExplain())) return 1;
  const { electron, isRoot, runNodeHere, tool } = await import('./tools.mjs');
  const flags = isRoot() ? ['--noSandbox'] : [];
  if (isRoot()) console.log('Running as root: Chromium cannot sandbox, so the app starts with --no-sandbox.');
  return runNodeHere(
    [tool('electron-vite'), 'dev', ...flags, ...process.argv.slice(2)],
    electron().environment,
  );
}

process.exitCode = await dev();
