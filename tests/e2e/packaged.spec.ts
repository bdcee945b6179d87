/** The packaged app stands alone: it starts and trains with the bootstrap's cache out of reach. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, test } from '@playwright/test';
import { userCache } from '@shared/datasets/folders';
import { answerDialogs, type LaunchedApp, launchApp, repository } from './support/launch';
import { canvasReady } from './support/window';

const places = {
  linux: { folder: 'linux-unpacked', program: 'layerloom', resources: 'resources' },
  darwin: {
    folder: `mac${process.arch === 'arm64' ? '-arm64' : ''}/Layerloom.app`,
    program: 'Contents/MacOS/Layerloom',
    resources: 'Contents/Resources',
  },
  win32: { folder: 'win-unpacked', program: 'Layerloom.exe', resources: 'resources' },
};
const place = places[process.platform as keyof typeof places];
const packaged = join(repository, 'dist', place.folder);
const cache = userCache({ environment: process.env, platform: process.platform, home: homedir() });
const away = `${cache}.away`;

/** Whether the package was made of what is built now. */
function isFresh(): boolean {
  const archive = join(packaged, place.resources, 'app.asar');
  const stamp = join(repository, 'out', 'sources.sha256');
  return existsSync(archive) && statSync(archive).mtimeMs >= statSync(stamp).mtimeMs;
}

function bringBackCache(): void {
  if (existsSync(away)) renameSync(away, cache);
}

let launched: LaunchedApp | undefined;

test.beforeAll(() => {
  test.setTimeout(600_000);
  if (!isFresh()) {
    const made = spawnSync(process.execPath, [join(repository, 'scripts/package.mjs')], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`The package could not be made: ${made.stdout}${made.stderr}`);
  }
  // Even if the test runner is ended in the middle.
  process.once('exit', bringBackCache);
  if (existsSync(cache)) renameSync(cache, away);
});
test.afterAll(async () => {
  try {
    await launched?.close();
  } finally {
    bringBackCache();
  }
});

test('starts without the bootstrap’s cache and trains on the Fashion-MNIST that it ships', async () => {
  test.setTimeout(180_000);
  expect(existsSync(cache)).toBe(false);
  launched = await launchApp({ executable: join(packaged, place.program) });
  const { app, page } = launched;
  await canvasReady(page);
  expect(await app.evaluate(({ app: electronApp }) => electronApp.isPackaged)).toBe(true);
  const started = await page.evaluate(() => window.layerloom.calls.start({}));
  expect(started).toMatchObject({
    ok: true,
    value: {
      datasets: [
        { id: 'mnist', isPresent: false },
        { id: 'fashion-mnist', isPresent: true },
      ],
    },
  });

  await page.getByRole('tab', { name: 'Training' }).click();
  await page.getByLabel('Data set').selectOption('fashion-mnist');
  await page.getByLabel('Epochs', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const chart = page.getByRole('img', { name: /^Loss over/ });
  await expect(chart).toHaveAttribute('aria-label', /over \d{2,} steps/, { timeout: 60_000 });
  await expectOwnLibraries(app);
  await expect(page.getByText('Finished', { exact: false })).toBeVisible({ timeout: 120_000 });
  // One epoch of 60,000 images in batches of 64.
  await expect(chart).toHaveAttribute('aria-label', /over 938 steps/);
  const accuracy = await page.getByTestId('test-accuracy').textContent();
  // Ten classes: chance is 10 %.
  expect(Number.parseFloat(accuracy ?? '')).toBeGreaterThan(50);
  await expectExport(launched, /^Weights \(safetensors\)/, 'weights.safetensors');
  // Drawn by a native module.
  await expectExport(launched, /^Graph as PNG/, 'graph.png');
  // Read back by programs that the package has to bring along: a native module, and one that is bundled.
  await expectExport(
    launched,
    /^ONNX/,
    'net.onnx',
    /^Checked with ONNX Runtime: .*the largest difference is/,
  );
  await expectExport(
    launched,
    /^TensorFlow\.js/,
    'net',
    /^Checked with TensorFlow\.js: .*the largest difference is/,
  );
});

/** Exports through the dialog into the user's folder; `check` is what the report says. */
async function expectExport(
  { app, page, userData }: LaunchedApp,
  format: RegExp,
  name: string,
  check?: RegExp,
): Promise<void> {
  const path = join(userData, name);
  await answerDialogs(app, { save: path });
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: format }).check();
  await dialog.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog.getByText(`Exported to ${path}`)).toBeVisible({ timeout: 60_000 });
  if (check) await expect(dialog.getByText(check)).toBeVisible();
  const stated = statSync(path);
  expect(stated.isDirectory() || stated.size > 10_000).toBe(true);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

/** TensorFlow in the engine's memory comes from the package's own folder. */
async function expectOwnLibraries(app: ElectronApplication): Promise<void> {
  if (process.platform !== 'linux') return;
  const engines = await app.evaluate(({ app: electronApp }) =>
    electronApp
      .getAppMetrics()
      .filter(({ name, serviceName }) => (name ?? serviceName) === 'Layerloom engine')
      .map(({ pid }) => pid),
  );
  const libraries = engines.flatMap((pid) =>
    readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .flatMap((line) => /\S*libtensorflow\S*/.exec(line) ?? []),
  );
  expect(libraries.length).toBeGreaterThan(0);
  for (const library of libraries) expect(library.startsWith(packaged)).toBe(true);
}
