/** The form of training settings at the size of a small laptop: nothing cut, groups that fold, presets. */
import { expect, type Page, test } from '@playwright/test';
import { type LaunchedApp, launchApp } from './support/launch';
import { canvasReady } from './support/window';

let launched: LaunchedApp;

test.beforeEach(async () => {
  launched = await launchApp();
  await canvasReady(launched.page);
  await launched.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800),
  );
  await expect.poll(() => launched.page.evaluate(() => window.innerWidth)).toBe(1280);
});

test.afterEach(() => launched.close());

async function unfoldAll(page: Page): Promise<void> {
  const folded = page.locator('form details:not([open]) > summary');
  for (let left = await folded.count(); left > 0; left -= 1) {
    await folded.first().click();
    await expect(folded).toHaveCount(left - 1);
  }
}

/** Labels that do not fit, and choices one of whose options would not. */
function cutTexts(page: Page): Promise<string[]> {
  return page.locator('form').evaluate((form) => {
    const overflowing = [...form.querySelectorAll('label, summary, .label, .title')].filter(
      (element) => element.scrollWidth > element.clientWidth && element.clientWidth > 0,
    );
    const pen = document.createElement('canvas').getContext('2d');
    const choices = [...form.querySelectorAll('select')].flatMap((select) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(select);
      if (pen) pen.font = font;
      const arrow = 18;
      const room = select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - arrow;
      return [...select.options]
        .map(({ text }) => text)
        .filter((text) => (pen?.measureText(text).width ?? 0) > room);
    });
    return [...overflowing.map(({ textContent }) => textContent ?? ''), ...choices];
  });
}

test('no label and no choice is cut, in either language', async () => {
  const { page } = launched;
  await unfoldAll(page);
  await expect(page.getByLabel('Label smoothing')).toBeVisible();
  expect(await cutTexts(page)).toEqual([]);
  await page.getByRole('button', { name: 'Language: EN / 中文' }).click();
  await expect(page.getByLabel('标签平滑')).toBeVisible();
  expect(await cutTexts(page)).toEqual([]);
});

test('a folded group says how many of its settings were changed', async () => {
  const { page } = launched;
  const heading = page.locator('summary', { hasText: 'Loss and metrics' });
  await expect(page.getByLabel('Label smoothing')).toBeHidden();
  await expect(heading).not.toContainText('changed');
  await heading.click();
  await page.getByLabel('Label smoothing').fill('0.1');
  await page.getByLabel('k of top-k accuracy').fill('3');
  await heading.click();
  await expect(heading).toContainText('2 changed');
});

test('the preset of the template is switched in the form, and undo switches back', async () => {
  const { page } = launched;
  const preset = page.getByLabel('Preset', { exact: true });
  const rate = page.getByLabel('Learning rate');
  await expect(preset).toHaveValue('own');
  await preset.selectOption('textbook');
  await expect(rate).toHaveValue('0.9');
  await expect(page.getByLabel('Batch size')).toHaveValue('256');
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('10');
  await rate.fill('0.5');
  await rate.press('Enter');
  await expect(preset.locator('option:checked')).toHaveText('Changed');
  await preset.selectOption('textbook');
  await expect(rate).toHaveValue('0.9');
  for (const expected of ['0.5', '0.9', '0.003']) {
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(rate).toHaveValue(expected);
  }
  await expect(preset).toHaveValue('own');
});
