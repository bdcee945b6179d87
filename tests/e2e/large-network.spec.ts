/** A network of 1,000 nodes with mouse and keys: near, where nodes are elements, and from afar, where they are painted. */
import { expect, type Page, test } from '@playwright/test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialiseDocument } from '../../src-shared/document/serialise';
import { denseNet } from '../shared/dense-net';
import { type LaunchedApp, launchApp } from './support/launch';
import { canvasReady, centre } from './support/window';

let launched: LaunchedApp;
let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-large-'));
  const path = join(folder, 'large.loom');
  await writeFile(path, serialiseDocument(denseNet([6, 12, 64, 58])));
  launched = await launchApp({ args: [path] });
  await canvasReady(launched.page);
});

test.afterEach(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

const elements = (page: Page) => page.locator('.svelte-flow__node');

/** Zooms out until all is in view, painted; gives the canvas's box. */
async function fromAfar(page: Page) {
  await page.keyboard.press('Control+0');
  await expect(elements(page)).toHaveCount(1);
  const box = await page.locator('.svelte-flow').boundingBox();
  if (box === null) throw new Error('there is no canvas');
  return box;
}

/** Where on the screen the middle of the first node is, which stands at 0, 0. */
async function firstNode(page: Page): Promise<{ x: number; y: number; zoom: number }> {
  const box = await page.locator('.svelte-flow').boundingBox();
  const transform = await page.locator('.svelte-flow__viewport').evaluate((element) => {
    const { a, e, f } = new DOMMatrix(getComputedStyle(element).transform);
    return { a, e, f };
  });
  return {
    x: (box?.x ?? 0) + transform.e + 104 * transform.a,
    y: (box?.y ?? 0) + transform.f + 27 * transform.a,
    zoom: transform.a,
  };
}

test('only what is in view is made of elements; an edit far away reaches them', async () => {
  const { page } = launched;
  await expect.poll(() => elements(page).count()).toBeGreaterThan(10);
  expect(await elements(page).count()).toBeLessThan(200);
  await expect(page.getByText('1,002')).toBeVisible();
  // Input, then along the wires by keyboard: each is brought into view and has the focus.
  await elements(page).first().click();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowDown');
  await expect(page.locator('.svelte-flow__node.selected')).toBeInViewport();
  await expect(page.locator('.svelte-flow__node.selected')).toBeFocused();
});

test('from afar: selecting, dragging as one step, marking an area, and back by a double click', async () => {
  const { page } = launched;
  const box = await fromAfar(page);
  // Painted in the middle of the first column; once selected, it is an element for the keyboard.
  const { x, y, zoom } = await firstNode(page);
  const place = { x, y: y + 2 * 112 * zoom };
  const second = page.locator('.svelte-flow__node[data-id="batch_normalization_1"]');
  await expect(second).toHaveCount(0);
  await page.mouse.move(place.x, place.y);
  await expect(page.locator('.canvas')).toHaveAttribute('title', /^batch_normalization_1/);
  await page.mouse.down();
  for (let i = 1; i <= 8; i++) await page.mouse.move(place.x + 4 * i, place.y + 3 * i);
  await page.mouse.up();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('batch_normalization_1');
  await expect.poll(async () => (await centre(second)).x - place.x).toBeCloseTo(32, 0);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await centre(second)).x - place.x).toBeCloseTo(0, 0);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 3, box.y + box.height - 4, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByText(/^\d+ nodes selected/)).toBeVisible();
  await page.mouse.dblclick(x, y);
  await expect(page.locator('.svelte-flow__node[data-id="input_1"]')).toBeInViewport();
  await expect.poll(() => elements(page).count()).toBeGreaterThan(5);
});
