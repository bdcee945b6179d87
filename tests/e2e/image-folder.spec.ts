/** A folder of images in the real window: chosen in the native dialog, mended with one press, trained on, looked at. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { writeClasses, writeFileIn } from '../engine/image-folders';
import { answerDialogs, launchApp, type LaunchedApp } from './support/launch';
import { canvasReady } from './support/window';

let launched: LaunchedApp;
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-folder-'));
  launched = await launchApp();
  await canvasReady(launched.page);
});
test.afterEach(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

test('a folder is chosen, its classes are shown, and the network learns them', async () => {
  const { app, page } = launched;
  const images = join(folder, 'pets');
  writeClasses(images, ['cat', 'dog', '鸟'], 80);
  writeFileIn(images, 'cat/broken.png', 'no image');
  await answerDialogs(app, { open: images });
  await page.getByRole('tab', { name: 'Training' }).click();
  await page.getByRole('button', { name: 'Image folder…' }).press('Enter');
  await expect(page.getByText('3 classes, 193 images to train on, 48 to test with')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Images of each class' })).toContainText('鸟');
  await expect(page.getByText('gives 10 values, but pets has 3 classes').first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await page
    .getByRole('button', { name: /^Set the units of .* to 3$/ })
    .first()
    .click();
  await page.getByLabel('Epochs', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText('Finished', { exact: false })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText('1 of 241 images cannot be read')).toBeVisible();
  await page.getByRole('tab', { name: 'Predictions' }).click();
  await expect(page.getByRole('img', { name: /鸟|cat|dog/ }).first()).toBeVisible({ timeout: 30_000 });
});

test('a folder that a document names is not read before the user has chosen it', async () => {
  const { app, page } = launched;
  const images = join(folder, 'theirs');
  writeClasses(images, ['a', 'b'], 3);
  const file = join(folder, 'theirs.loom');
  await answerDialogs(app, { save: file });
  await page.keyboard.press('Control+s');
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('"dataset"');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/("dataset": )"[^"]*"/, `$1${JSON.stringify(images)}`));
  await answerDialogs(app, { open: file });
  await page.keyboard.press('Control+o');
  await page.getByRole('tab', { name: 'Training' }).click();
  await expect(page.getByText('has not been chosen on this machine yet').first()).toBeVisible();
  await answerDialogs(app, { open: images });
  await page.getByRole('button', { name: 'Image folder…' }).click();
  await expect(page.getByText(/^2 classes, /)).toBeVisible();
});

test('a folder without classes says so', async () => {
  const { app, page } = launched;
  writeFileIn(folder, 'loose.png', 'x');
  await answerDialogs(app, { open: folder });
  await page.getByRole('tab', { name: 'Training' }).click();
  await page.getByRole('button', { name: 'Image folder…' }).click();
  await expect(page.getByText('There is no folder with PNG or JPEG images').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});
