// npm run screenshots: drives the built app and writes docs/images.
import { bootstrapOrExplain } from './bootstrap.mjs';

/** @returns {Promise<number>} exit code */
async function screenshots() {
  if (!(await bootstrapOrExplain())) return 1;
  const { buildIfStale, electron, runOnScreen, tool } = await import('./tools.mjs');
  if (!(await buildIfStale())) return 1;
  const args = [
    tool('@playwright/test', 'playwright'),
    'test',
    '--config',
    'playwright.screenshots.config.ts',
  ];
  return runOnScreen(args, electron().environment);
}

process.exitCode = await screenshots();
