import { test } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialiseDocument } from '../../src-shared/document/serialise';
import { templates } from '../../src-shared/templates';
import { launchApp } from './support/launch';
import { canvasReady, node } from './support/window';

const shot = (name: string) => `/work/tmp/shots/${name}.png`;

test('scratch', async () => {
  test.setTimeout(240000);
  const launched = await launchApp();
  const { app, page, userData } = launched;
  page.on('console', (m) => console.log(m.type(), m.text()));
  page.on('pageerror', (e) => console.log('pageerror', e.message));
  await canvasReady(page);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
  await page.waitForTimeout(500);
  const ids = (process.env['IDS'] ?? 'resnet-18').split(',');
  for (const id of ids) {
    const template = templates.find((t) => t.id === id);
    if (!template) throw new Error(id);
    const path = join(userData, `${id}.loom`);
    await writeFile(path, serialiseDocument(template.create({})));
    await app.evaluate(({ dialog }, p) => { dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [p] }); }, path);
    await page.keyboard.press('Control+o');
    await page.waitForTimeout(900);
    const discard = page.getByRole('button', { name: 'Don’t save' });
    if (await discard.count()) { await discard.click(); await page.waitForTimeout(900); }
    await page.waitForTimeout(300);
    await page.screenshot({ path: shot(id) });
    if (id === 'resnet-18') {
      await node(page, 'stage2_block1').click();
      await page.waitForTimeout(200);
      await page.screenshot({ path: shot('resnet-selected') });
      await node(page, 'stage2_block1').dblclick();
      await page.waitForTimeout(600);
      await page.screenshot({ path: shot('resnet-open') });
      await page.keyboard.press('Control+0');
      await page.keyboard.press('f');
      await page.waitForTimeout(600);
      await page.screenshot({ path: shot('resnet-open-fit') });
    }
  }
  await launched.close();
});
