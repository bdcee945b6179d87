/** Writes the pictures of README and documentation: the window as it is, each below 300 kB. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { answerDialogs, type LaunchedApp, launchApp, repository } from '../e2e/support/launch';
import { canvasReady, node } from '../e2e/support/window';

const largest = 300_000;

let launched: LaunchedApp;

test.beforeEach(async () => {
  launched = await launchApp();
  await canvasReady(launched.page);
});

test.afterEach(() => launched.close());

async function resize(width: number, height: number): Promise<void> {
  await launched.app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => launched.page.evaluate(() => window.innerWidth)).toBe(width);
}

async function theme(page: Page, wanted: 'light' | 'dark'): Promise<void> {
  const button = page.locator('footer button').last();
  for (let i = 0; i < 3; i++) {
    await button.click();
    if ((await page.locator('html').getAttribute('data-theme')) === wanted) return;
  }
}

async function picture(name: string): Promise<void> {
  const { page } = launched;
  await page.mouse.move(0, 0);
  // The nodes are laid out again after a change of size, and curves are drawn with the next frame.
  await page.waitForTimeout(400);
  const path = join(repository, 'docs/images', `${name}.png`);
  await page.screenshot({ path });
  expect((await stat(path)).size).toBeLessThan(largest);
}

async function train(page: Page, epochs: number): Promise<void> {
  await page.getByLabel('Epochs', { exact: true }).fill(String(epochs));
  await page.getByRole('button', { name: 'Train', exact: true }).click();
}

test('the window in light and dark', async () => {
  const { page } = launched;
  await resize(1440, 900);
  await theme(page, 'light');
  await node(page, 'conv1').click();
  await expect(page.getByText(/^CPU|^GPU|^\/device/).first()).toBeVisible({ timeout: 20_000 });
  await picture('window-light');
  await theme(page, 'dark');
  await picture('window-dark');
});

test('while training, and the predictions', async () => {
  test.setTimeout(240_000);
  const { page } = launched;
  await resize(1440, 900);
  await theme(page, 'dark');
  await train(page, 3);
  await expect(page.getByText('epoch 2 of 3')).toBeVisible({ timeout: 120_000 });
  await page.waitForTimeout(1500);
  await picture('training-dark');
  await expect(page.getByText(/^Finished/)).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'See predictions' }).click();
  await expect(page.getByRole('img', { name: /^Test image/ }).first()).toBeVisible({ timeout: 30_000 });
  await theme(page, 'light');
  await picture('predictions-light');
});

test('a problem', async () => {
  const { page } = launched;
  await resize(1280, 800);
  await theme(page, 'light');
  await node(page, 'flatten').click();
  await page.keyboard.press('Control+Delete');
  await page.getByRole('tab', { name: /Problems/ }).click();
  await page.getByRole('button', { name: /expected a vector/ }).click();
  await picture('problems-light');
});

test('in Chinese', async () => {
  const { app, page } = launched;
  await answerDialogs(app, {});
  await resize(1280, 800);
  await theme(page, 'light');
  await node(page, 'conv2').click();
  await page.getByRole('button', { name: 'Language: EN / 中文' }).click();
  await picture('window-chinese');
});
