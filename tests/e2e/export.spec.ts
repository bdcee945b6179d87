/** The export dialog in the real window: trained weights into a file, checked, and what is said on the way. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { answerDialogs, launchApp, type LaunchedApp } from './support/launch';
import { canvasReady } from './support/window';

let launched: LaunchedApp;
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-export-'));
  launched = await launchApp();
  await canvasReady(launched.page);
});
test.afterEach(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

const openDialog = async () => {
  await launched.page.keyboard.press('Control+e');
  return launched.page.getByRole('dialog', { name: 'Export' });
};

test('initial weights are exported, checked and said to be initial', async () => {
  const { app, page } = launched;
  const path = join(folder, 'net.safetensors');
  await answerDialogs(app, { save: path });
  const dialog = await openDialog();
  await dialog.getByRole('radio', { name: /^Weights \(safetensors\)/ }).check();
  await expect(dialog.getByText('Nothing was trained in this window yet.')).toBeVisible();
  await expect(dialog.getByText('Every node can be exported.')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await dialog.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog.getByText(`Exported to ${path}`)).toBeVisible({ timeout: 30_000 });
  await expect(
    dialog.getByText(/Checked with safetensors: over \d+ tensors the largest difference is 0\./),
  ).toBeVisible();
  await expect(dialog.getByText('The weights are initial ones: nothing was trained.')).toBeVisible();
  expect((await readFile(path)).length).toBeGreaterThan(100_000);
  expect(await readdir(folder)).toEqual(['net.safetensors']);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a mistake in the network is named, and nothing can be exported', async () => {
  const { page } = launched;
  await page.locator('.svelte-flow__edge').first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  const dialog = await openDialog();
  await dialog.getByRole('radio', { name: /^Weights \(safetensors\)/ }).check();
  await expect(dialog.getByText(/stand.* in the way:/)).toBeVisible();
  const button = dialog.getByRole('button', { name: 'Export…' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Exported to')).toHaveCount(0);
});

test('what was trained is exported from its newest checkpoint', async () => {
  const { app, page } = launched;
  const path = join(folder, 'trained.safetensors');
  await answerDialogs(app, { save: path });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('epoch 1 of 5')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+.');
  await expect(page.getByText(/^Stopped/)).toBeVisible({ timeout: 10_000 });
  const dialog = await openDialog();
  await dialog.getByRole('radio', { name: /^Weights \(safetensors\)/ }).check();
  await expect(dialog.getByRole('radio', { name: /^Trained, run 1/ })).toBeChecked();
  await dialog.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog.getByText(`Exported to ${path}`)).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText(/The weights are those after \d+ epoch/)).toBeVisible();
});
