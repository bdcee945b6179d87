/** Composite blocks with mouse and keys: opened on the canvas and closed again, packed, and mistakes mended. */
import { expect, type Page, test } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialiseDocument } from '../../src-shared/document/serialise';
import { templateOf } from '../../src-shared/templates';
import { answerDialogs, type LaunchedApp, launchApp } from './support/launch';
import { canvasReady, centre, names, node, wire } from './support/window';

let launched: LaunchedApp | undefined;
let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-blocks-'));
});

test.afterEach(async () => {
  await launched?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the app with a file of that text. */
async function openText(text: string): Promise<{ page: Page; path: string }> {
  const path = join(folder, 'network.loom');
  await writeFile(path, text);
  launched = await launchApp({ args: [path] });
  await canvasReady(launched.page);
  await expect(launched.page.getByText('network.loom', { exact: true })).toBeVisible();
  return { page: launched.page, path };
}

async function openTemplate(id: string) {
  const template = templateOf(id);
  if (template === undefined) throw new Error(`no template ${id}`);
  return openText(serialiseDocument(template.create()));
}

/** The network in the saved file, without the counters of ids, which never go back. */
async function saved(page: Page, path: string): Promise<unknown> {
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved network.loom')).toBeVisible();
  return networkIn(await readFile(path, 'utf8'));
}

function networkIn(text: string): unknown {
  const { lastIds: _counters, ...network } = JSON.parse(text) as Record<string, unknown>;
  return network;
}

const frame = (page: Page, name: string) =>
  page.getByRole('group', { name: `Open block ${name}`, exact: true });

test('a residual block opens in a frame and closes as it was, by mouse', async () => {
  const { page, path } = await openTemplate('resnet-18');
  const before = networkIn(await readFile(path, 'utf8'));
  const all = await names(page);
  await node(page, 'stage2_block1').dblclick();
  await expect(frame(page, 'stage2_block1')).toBeVisible();
  await expect(page.locator('.svelte-flow__node')).toHaveCount(all.length + 7);
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  await page.keyboard.press('f');
  await expect(node(page, 'shortcut')).toBeVisible();
  const box = async (of: ReturnType<typeof frame>) =>
    (await of.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [outer, inner] = [await box(frame(page, 'stage2_block1')), await box(node(page, 'shortcut'))];
  expect(inner.x).toBeGreaterThan(outer.x);
  expect(inner.x + inner.width).toBeLessThan(outer.x + outer.width);
  await page.getByRole('button', { name: 'Close the block stage2_block1' }).click();
  await expect(frame(page, 'stage2_block1')).toHaveCount(0);
  expect(await names(page)).toEqual(all);
  expect(await saved(page, path)).toEqual(before);
});

test('the frame follows a part that is dragged, and leaves the mouse to the nodes', async () => {
  const { page } = await openTemplate('resnet-18');
  await page.getByRole('button', { name: 'Open the block stage2_block1' }).click();
  await page.keyboard.press('f');
  const shortcut = node(page, 'shortcut');
  await expect(shortcut).toBeVisible();
  const width = async () => (await frame(page, 'stage2_block1').boundingBox())?.width ?? 0;
  const before = await width();
  const from = await centre(shortcut);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y, { steps: 8 });
  expect(await width()).toBeGreaterThan(before + 40);
  await page.mouse.up();
  await page.keyboard.press('Control+z');
  await expect.poll(async () => Math.round((await width()) - before)).toBe(0);
  await shortcut.click();
  await expect(shortcut.locator('.layer')).toHaveClass(/selected/);
});

test('by keys alone: Enter opens, Control with arrow up closes', async () => {
  const { page } = await openTemplate('resnet-18');
  const all = await names(page);
  await page.locator('.svelte-flow__node[tabindex="0"]').focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowDown');
  await expect(node(page, 'stage1_block1').locator('.layer')).toHaveClass(/selected/);
  await page.keyboard.press('Enter');
  await expect(frame(page, 'stage1_block1')).toBeVisible();
  await page.keyboard.press('Control+ArrowUp');
  await expect(frame(page, 'stage1_block1')).toHaveCount(0);
  expect(await names(page)).toEqual(all);
  await expect(node(page, 'stage1_block1').locator('.layer')).toHaveClass(/selected/);
});

test('an edited block stays open and is packed as a new one with one press', async () => {
  const { page } = await openTemplate('resnet-18');
  await node(page, 'stage1_block1').click();
  await page.getByRole('button', { name: 'Open block', exact: true }).click();
  await page.getByRole('textbox', { name: 'Filters' }).fill('48');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Close block', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(
    'stage1_block1 conv1 is no longer as it was in the block stage1_block1.',
  );
  await dialog.getByRole('button', { name: 'Make a block of its own: stage1_block1' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(frame(page, 'stage1_block1')).toHaveCount(0);
  await expect(page.getByRole('complementary', { name: 'Nodes' }).getByText('stage1_block1')).toBeVisible();
});

test('two layers of LeNet become a block with a repeat count; undo takes it back', async () => {
  launched = await launchApp();
  const { page } = launched;
  await canvasReady(page);
  const all = await names(page);
  await node(page, 'conv1').click();
  await node(page, 'sigmoid1').click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+g');
  const dialog = page.getByRole('dialog', { name: 'Make a block' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('conv and sigmoid');
  await dialog.getByRole('spinbutton').fill('2');
  await dialog.getByRole('checkbox', { name: 'conv1: Filters' }).check();
  await dialog.getByRole('textbox', { name: 'Name of conv1: Filters on the block' }).fill('width');
  await dialog.getByRole('button', { name: 'Make block' }).click();
  const block = node(page, 'conv and sigmoid');
  await expect(block).toContainText('×2');
  await expect(block).toContainText('28×28×6');
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  await page.locator('[data-field="width"] input').fill('9');
  await expect(block).toContainText('28×28×9');
  await expect(wire(page, 'conv and sigmoid', 'pool1')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page
    .getByRole('complementary', { name: 'Nodes' })
    .getByRole('button', { name: 'conv and sigmoid', exact: true })
    .click();
  await expect(node(page, 'conv and sigmoid 2')).toBeVisible();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  await expect.poll(() => names(page)).toEqual(all);
});

test('what makes no block is said in the dialog', async () => {
  launched = await launchApp();
  const { page } = launched;
  await canvasReady(page);
  await node(page, 'output').click();
  await page.keyboard.press('Control+g');
  await page.getByRole('dialog').getByRole('button', { name: 'Make block' }).click();
  await expect(page.getByRole('alert')).toContainText('output is an end of the network');
});

const mismatch = JSON.stringify({
  format: 'layerloom',
  version: 1,
  nodes: [
    { id: 'input_1', type: 'Input', name: 'input', position: { x: 0, y: 0 }, params: { shape: [8, 8, 1] } },
    ...[4, 8].map((filters, i) => ({
      id: `conv2d_${i + 1}`,
      type: 'Conv2D',
      name: `conv${i + 1}`,
      position: { x: i * 250, y: 112 },
      params: { filters, kernelSize: [3, 3], padding: 'same' },
    })),
    { id: 'add_1', type: 'Add', name: 'add', position: { x: 0, y: 224 }, params: {} },
    { id: 'flatten_1', type: 'Flatten', name: 'flatten', position: { x: 0, y: 336 }, params: {} },
    { id: 'dense_1', type: 'Dense', name: 'dense', position: { x: 0, y: 448 }, params: { units: 10 } },
    { id: 'output_1', type: 'Output', name: 'output', position: { x: 0, y: 560 }, params: {} },
  ],
  wires: [
    { from: ['input_1', 'out'], to: ['conv2d_1', 'in'] },
    { from: ['input_1', 'out'], to: ['conv2d_2', 'in'] },
    { from: ['conv2d_1', 'out'], to: ['add_1', 'in0'] },
    { from: ['conv2d_2', 'out'], to: ['add_1', 'in1'] },
    { from: ['add_1', 'out'], to: ['flatten_1', 'in'] },
    { from: ['flatten_1', 'out'], to: ['dense_1', 'in'] },
    { from: ['dense_1', 'out'], to: ['output_1', 'in'] },
  ],
});

test('an Add of different shapes is mended with one press at the node, and one undo brings it back', async () => {
  const { page } = await openText(mismatch);
  const all = await names(page);
  const isBroken = expect(node(page, 'add').locator('.layer'));
  await isBroken.toHaveClass(/error/);
  await node(page, 'add').click();
  const popover = page.locator('.canvas .popover');
  await expect(popover).toContainText('8×8×4');
  await popover
    .getByRole('button', { name: /^Insert a 1×1 convolution with/ })
    .first()
    .click();
  await isBroken.not.toHaveClass(/error/);
  await expect(popover).toHaveCount(0);
  expect(await names(page)).toHaveLength(all.length + 1);
  await page.keyboard.press('Control+z');
  await isBroken.toHaveClass(/error/);
  expect(await names(page)).toEqual(all);
  await page.getByRole('tab', { name: /Problems/ }).click();
  await page
    .getByRole('tabpanel')
    .getByRole('button', { name: /^Insert a 1×1 convolution with/ })
    .first()
    .click();
  await isBroken.not.toHaveClass(/error/);
});

test('blocks go to a library file and into another document', async () => {
  launched = await launchApp();
  const { app, page } = launched;
  await canvasReady(page);
  await node(page, 'dense1').click();
  await page.keyboard.press('Control+g');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('mine');
  await page.getByRole('dialog').getByRole('button', { name: 'Make block' }).click();
  const library = join(folder, 'mine.loom');
  await answerDialogs(app, { save: library, open: library });
  await page.getByRole('button', { name: 'More about the block mine' }).click();
  await page.getByRole('menuitem', { name: 'Export block…' }).click();
  await expect(page.getByText('Wrote 1 block to mine.loom')).toBeVisible();
  for (let i = 0; i < 1; i++) await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'More about the block mine' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search commands' }).fill('Import blocks');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'More about the block mine' })).toBeVisible();
});

test('a new network takes a size, classes and the settings of the textbook', async () => {
  launched = await launchApp();
  const { page } = launched;
  await canvasReady(page);
  await page.keyboard.press('Control+n');
  const dialog = page.getByRole('dialog', { name: 'New network' });
  await dialog.locator('input[value="vgg-11"]').check();
  await dialog.getByLabel('Input height').fill('8');
  await expect(dialog.getByRole('status')).toContainText('at least 32×32');
  await expect(dialog.getByRole('button', { name: 'Create' })).toBeDisabled();
  await dialog.getByLabel('Input height').fill('32');
  await dialog.getByLabel('Input width').fill('32');
  await dialog.getByLabel('Training settings').selectOption('textbook');
  await expect(dialog.getByLabel('Width divisor')).toHaveValue('4');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(node(page, 'block5')).toContainText('1×1×128');
  await expect(page.getByLabel('Learning rate')).toHaveValue('0.05');
});
