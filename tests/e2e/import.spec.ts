/** File > Import in the real window: a network with its weights, weights onto the open document, and files that are none. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { answerDialogs, launchApp, type LaunchedApp } from './support/launch';
import { canvasReady, names } from './support/window';

let launched: LaunchedApp;
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-import-'));
  launched = await launchApp();
  await canvasReady(launched.page);
});
test.afterEach(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

/** The open network as a file of that format. */
async function exported(format: RegExp, name: string): Promise<string> {
  const { app, page } = launched;
  const path = join(folder, name);
  await answerDialogs(app, { save: path });
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: format }).check();
  await dialog.getByRole('button', { name: 'Export…' }).click();
  await expect(dialog.getByText(`Exported to ${path}`)).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  return path;
}

async function openImport(path: string) {
  await answerDialogs(launched.app, { open: path });
  await launched.page.keyboard.press('Control+i');
  return launched.page.getByRole('dialog');
}

test('a network is opened with its weights, tested, and trained on from them', async () => {
  const { page } = launched;
  const path = await exported(/^Keras 3 \(\.keras\)/, 'net.keras');
  const before = await names(page);
  const dialog = await openImport(path);
  await expect(dialog.getByTestId('layer-counts')).toHaveText(
    /^\d+ layers taken, 0 approximated, 0 refused$/,
    {
      timeout: 60_000,
    },
  );
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await dialog.getByRole('button', { name: 'Open network' }).click();
  await expect(page.getByText(/^10 of 10 weights loaded from net\.keras\.$/).first()).toBeVisible({
    timeout: 60_000,
  });
  expect(await names(page)).toEqual(before);
  await page.getByRole('button', { name: 'See predictions' }).click();
  await expect(page.getByText(/of 10,000/).first()).toBeVisible({ timeout: 60_000 });
});

test('weights go onto the open document, with a report; the document stays as it is', async () => {
  const { page } = launched;
  const path = await exported(/^Weights \(safetensors\)/, 'net.safetensors');
  const dialog = await openImport(path);
  await expect(dialog.getByTestId('weight-counts')).toContainText('10 of 10 weights', { timeout: 60_000 });
  await expect(dialog.getByRole('radio', { name: /^Open the network/ })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Load weights' }).click();
  await expect(page.getByText(/^10 of 10 weights loaded/).first()).toBeVisible({ timeout: 60_000 });
  // They are what is exported, and what the next run begins with.
  await page.keyboard.press('Control+e');
  await expect(page.getByRole('radio', { name: /^Trained, run 1.*0 epochs/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(
    page.getByRole('checkbox', { name: 'Begin with the weights of net.safetensors' }),
  ).toBeChecked();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('epoch 1 of 5')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+.');
});

test('a damaged file is refused in one sentence, and nothing changes', async () => {
  const { page } = launched;
  const path = join(folder, 'bad.keras');
  await writeFile(path, 'no archive at all');
  const before = await names(page);
  const dialog = await openImport(path);
  await expect(
    dialog.getByText('bad.keras cannot be imported: it is not a zip archive. Nothing was changed.'),
  ).toBeVisible({
    timeout: 60_000,
  });
  await dialog.getByRole('button', { name: 'OK' }).click();
  expect(await names(page)).toEqual(before);
});
