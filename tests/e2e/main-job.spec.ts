/** The main job, as a new user does it: mend LeNet with the mouse, train it on MNIST, watch it learn, save, reopen. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { answerDialogs, type LaunchedApp, launchApp } from './support/launch';
import { canvasReady, clickWire, connectByMouse, names, node, wire, wireCount } from './support/window';

let launched: LaunchedApp;

test.beforeEach(async () => {
  launched = await launchApp();
  await canvasReady(launched.page);
});

test.afterEach(() => launched.close());

/** What the chart shows, as its description says it. */
async function curve(page: Page, name: string): Promise<{ steps: number; training: number }> {
  const label =
    (await page.getByRole('img', { name: new RegExp(`^${name} over`) }).getAttribute('aria-label')) ?? '';
  const found = /over ([\d,]+) steps: training ([\d.]+)/.exec(label);
  return { steps: Number(found?.[1]?.replaceAll(',', '') ?? 0), training: Number(found?.[2] ?? Number.NaN) };
}

/** Pixels of the plot that are not background: a curve that is only described is no curve. */
function drawnPixels(page: Page, name: string): Promise<number> {
  const canvas = page.getByRole('img', { name: new RegExp(`^${name} over`) }).locator('canvas');
  return canvas.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('the plot is no canvas');
    const { data } = element.getContext('2d')?.getImageData(0, 0, element.width, element.height) ?? {
      data: [],
    };
    let blue = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red = 0, , third = 0, alpha = 0] = data.slice(i, i + 4);
      if (alpha > 0 && third > red + 60) blue += 1;
    }
    return blue;
  });
}

test('LeNet: a wire gone and drawn again, trained past 95 % on MNIST, saved and reopened', async () => {
  test.setTimeout(240_000);
  const { app, page, userData } = launched;
  await page.keyboard.press('Control+n');
  const dialog = page.getByRole('dialog', { name: 'New network' });
  await dialog.locator('input[value="lenet"]').check();
  await dialog.getByRole('button', { name: 'Create' }).click();
  const [before, wires] = [await names(page), await wireCount(page)];
  expect(before).toHaveLength(14);

  await clickWire(page, 'dense1', 'sigmoid3');
  await page.keyboard.press('Delete');
  await expect(wire(page, 'dense1', 'sigmoid3')).toHaveCount(0);
  const train = page.getByRole('button', { name: 'Train', exact: true });
  await expect(train).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText('Training cannot start: The graph has 1 problem.')).toBeVisible();
  await page.getByRole('tab', { name: /Problems/ }).click();
  await page.getByRole('button', { name: /Input in of sigmoid3 is not connected/ }).click();
  await expect(page.locator('.svelte-flow__node.selected')).toHaveAttribute('aria-label', /^sigmoid3/);

  await connectByMouse(page, 'dense1', 'sigmoid3');
  await expect(wire(page, 'dense1', 'sigmoid3')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  expect(await wireCount(page)).toBe(wires);

  await page.getByRole('tab', { name: 'Training' }).click();
  await page.getByLabel('Data set').selectOption('mnist');
  await page.getByLabel('Epochs', { exact: true }).fill('2');
  await expect(train).toHaveAttribute('aria-disabled', 'false');
  await train.click();
  await expect.poll(async () => (await curve(page, 'Loss')).steps, { timeout: 60_000 }).toBeGreaterThan(20);
  const early = await curve(page, 'Loss');
  const drawnEarly = await drawnPixels(page, 'Loss');
  expect(drawnEarly).toBeGreaterThan(50);
  // A machine that has other work takes its time.
  await expect
    .poll(async () => (await curve(page, 'Loss')).steps, { timeout: 60_000 })
    .toBeGreaterThan(early.steps + 200);
  // The document can be edited meanwhile, and the run says that it goes on as it was.
  await node(page, 'dense2').click();
  await page.getByLabel('Units', { exact: true }).fill('85');
  await expect(page.getByText('this run goes on with the graph as it was')).toBeVisible();
  await page.keyboard.press('Control+z');

  await expect(page.getByText('Finished', { exact: false })).toBeVisible({ timeout: 150_000 });
  const late = await curve(page, 'Loss');
  // Every step's loss was received: two epochs of 938 steps.
  expect(late.steps).toBe(1876);
  expect(late.training).toBeLessThan(early.training / 2);
  const accuracy = await page.getByTestId('test-accuracy').textContent();
  expect(Number.parseFloat(accuracy ?? '')).toBeGreaterThan(95);
  await expect(page.getByText('Test top-5 accuracy').first()).toBeVisible();
  const topK = await page.getByTestId('test-top-k').textContent();
  expect(Number.parseFloat(topK ?? '')).toBeGreaterThan(Number.parseFloat(accuracy ?? ''));
  await expect(page.getByRole('table', { name: 'Epochs so far' })).toContainText('Test top-5 accuracy');

  await page.getByRole('button', { name: 'See predictions' }).click();
  await expect(page.getByText(/of 10,000 test images are wrong/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('img', { name: /^Test image \d+: taken for/ }).first()).toBeVisible();

  const file = join(userData, 'trained.loom');
  await answerDialogs(app, { save: file, open: file });
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved trained.loom')).toBeVisible();
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ format: 'layerloom', version: 1 });
  await page.keyboard.press('Control+n');
  await dialog.locator('input[value="empty"]').check();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.locator('.svelte-flow__node')).toHaveCount(0);
  await page.keyboard.press('Control+o');
  await expect(page.getByText('Opened trained.loom')).toBeVisible();
  expect(await names(page)).toEqual(before);
  expect(await wireCount(page)).toBe(wires);
  await page.getByRole('tab', { name: 'Training' }).click();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('2');
});

test('a run is stopped at once, keeps what it learned, and another can start', async () => {
  test.setTimeout(120_000);
  const { page } = launched;
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await curve(page, 'Loss')).steps, { timeout: 60_000 }).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/^Stopped/)).toBeVisible({ timeout: 10_000 });
  const { steps } = await curve(page, 'Loss');
  await page.getByRole('button', { name: 'See predictions' }).click();
  await expect(page.getByText(/of 10,000 test images are wrong/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText('Run 2')).toBeVisible();
  await expect.poll(async () => (await curve(page, 'Loss')).steps, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(steps).toBeGreaterThan(10);
});

test('an engine that is killed in mid-run is reported in words, and a new run starts', async () => {
  test.setTimeout(120_000);
  const { app, page } = launched;
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await curve(page, 'Loss')).steps, { timeout: 60_000 }).toBeGreaterThan(10);
  const engines = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name, serviceName }) => [name, serviceName].some((text) => /engine/i.test(text ?? '')))
      .map(({ pid }) => pid),
  );
  expect(engines.length).toBeGreaterThan(0);
  for (const pid of engines) process.kill(pid, 'SIGKILL');
  await expect(page.getByRole('alert').getByText(/The engine process ended unexpectedly/)).toBeVisible();
  expect(await names(page)).toHaveLength(14);
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(page.getByText('Run 2')).toBeVisible();
  await expect.poll(async () => (await curve(page, 'Loss')).steps, { timeout: 60_000 }).toBeGreaterThan(10);
});
