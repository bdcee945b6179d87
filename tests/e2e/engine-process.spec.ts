/** Engines as utility processes: fed arrays, death in the middle of an epoch, and no process left over. */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import type { ProbeReport } from './support/fed-array-probe';
import { type LaunchedApp, launchApp, repository } from './support/launch';
import { canvasReady, node } from './support/window';

let launched: LaunchedApp;

test.beforeEach(async () => {
  launched = await launchApp();
  await canvasReady(launched.page);
});
test.afterEach(() => launched.close());

/** Process ids of the engines, the spare one included; the one in use is the oldest. */
const engines = ({ app }: LaunchedApp): Promise<number[]> =>
  app.evaluate(({ app: electronApp }) =>
    electronApp
      .getAppMetrics()
      .filter(({ name, serviceName }) => (name ?? serviceName) === 'Layerloom engine')
      .sort((a, b) => a.creationTime - b.creationTime)
      .map(({ pid }) => pid),
  );

/** Steps of which the chart of losses tells. */
async function lossSteps(page: Page): Promise<number> {
  const label = (await page.getByRole('img', { name: /^Loss over/ }).getAttribute('aria-label')) ?? '';
  return Number(/over ([\d,]+) steps/.exec(label)?.[1]?.replaceAll(',', '') ?? 0);
}

async function startTraining(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => lossSteps(page), { timeout: 60_000 }).toBeGreaterThan(20);
}

test('an array that is changed after it was fed changes no weight and no image', async () => {
  const folder = join(repository, 'node_modules', '.cache', 'layerloom-tests');
  await build({
    configFile: false,
    logLevel: 'error',
    root: repository,
    resolve: { alias: { '@shared': join(repository, 'src-shared') } },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: join(import.meta.dirname, 'support/fed-array-probe.ts'),
        output: { entryFileNames: 'probe.mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  const report = await launched.app.evaluate(
    ({ utilityProcess }, entry) =>
      new Promise<ProbeReport>((done, fail) => {
        const child = utilityProcess.fork(entry, [], { stdio: 'pipe' });
        let output = '';
        child.stderr?.on('data', (chunk) => (output += String(chunk)));
        child.once('message', (message: ProbeReport) => {
          done(message);
          child.kill();
        });
        child.once('exit', (code) => fail(new Error(`ended with ${code}: ${output}`)));
      }),
    join(folder, 'probe.mjs'),
  );
  // Kernels, biases, gammas, betas, moving statistics, and Adam's two slots for each trained one.
  expect(report.variables).toBeGreaterThan(20);
  expect(report.changedVariables).toEqual([]);
  expect(report.losses[1]).toBe(report.losses[0]);
});

test('a spare engine waits, and becomes the run’s', async () => {
  await expect.poll(() => engines(launched), { timeout: 10_000 }).toHaveLength(1);
  const [spare] = await engines(launched);
  await startTraining(launched.page);
  expect(await engines(launched)).toContain(spare);
});

test('an engine killed in mid-epoch leaves the app alive, says so, and another run can start', async () => {
  test.setTimeout(120_000);
  const { app, page } = launched;
  await startTraining(page);
  const [engine = 0] = await engines(launched);
  process.kill(engine, 'SIGKILL');
  await expect(page.getByText(/The engine process ended unexpectedly/).first()).toBeVisible();
  // The document is there and can be edited.
  await node(page, 'dense2').click();
  await expect(page.getByLabel('Units', { exact: true })).toHaveValue('84');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await startTraining(page);
  const [second] = await engines(launched);
  expect(second).not.toBe(engine);
});

test('every engine ends with the app', async () => {
  await startTraining(launched.page);
  const before = await engines(launched);
  expect(before.length).toBeGreaterThan(0);
  await launched.app
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.destroy())
    .catch(() => undefined);
  await expect.poll(() => before.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
