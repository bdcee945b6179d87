// End-to-end tests in the real Electron; `npm test` names the runtime, by hand it is the one the bootstrap found.
import { defineConfig } from '@playwright/test';
import { electronEnvironment, findElectron } from './scripts/bootstrap/electron.mjs';

const runtime = findElectron();
if (runtime && !process.env['ELECTRON_EXEC_PATH']) Object.assign(process.env, electronEnvironment(runtime));

export default defineConfig({
  testDir: 'tests/e2e',
  timeout: 120_000,
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  outputDir: 'test-results/e2e',
  use: { trace: 'retain-on-failure' },
});
