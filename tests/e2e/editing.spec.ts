/** Editing as with a mouse and as with keys alone: wires, history, clipboard, dropping, and gestures given up. */
import { expect, test } from '@playwright/test';
import { type LaunchedApp, launchApp } from './support/launch';
import {
  addBySearch,
  canvasReady,
  centre,
  clickWire,
  connectByMouse,
  dragBetween,
  names,
  node,
  wire,
  wireCount,
} from './support/window';

let launched: LaunchedApp;

test.beforeEach(async () => {
  launched = await launchApp();
  await canvasReady(launched.page);
});

test.afterEach(() => launched.close());

test('a deleted wire is a problem on list, node and port; undo and redo take it back and forth', async () => {
  const { page } = launched;
  const wires = await wireCount(page);
  await clickWire(page, 'conv1', 'sigmoid1');
  await page.keyboard.press('Delete');
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(wires - 1);
  await expect(node(page, 'sigmoid1').locator('.port-bad')).toHaveCount(1);
  await page.getByRole('button', { name: '1 problem' }).click();
  await expect(page.getByText('Input in of sigmoid1 is not connected.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.keyboard.press('Control+z');
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(wires);
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(wires - 1);
});

test('dragging a node is one step; Escape while dragging leaves it where it was', async () => {
  const { page } = launched;
  const box = node(page, 'output');
  const start = await centre(box);
  const drag = async (dx: number, dy: number) => {
    const from = await centre(box);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    for (let i = 1; i <= 10; i++) await page.mouse.move(from.x + (dx * i) / 10, from.y + (dy * i) / 10);
  };
  await drag(-20, 60);
  await page.mouse.up();
  const moved = await centre(box);
  expect(moved.y - start.y).toBeGreaterThan(50);
  await drag(30, 40);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  const after = await centre(box);
  expect(Math.hypot(after.x - moved.x, after.y - moved.y)).toBeLessThan(2);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => Math.round((await centre(box)).y - start.y)).toBe(0);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('wires by mouse: connect, refuse a circle, move an end, pull it off', async () => {
  const { page } = launched;
  const wires = await wireCount(page);
  await connectByMouse(page, 'dense3', 'conv1');
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(wires);
  await connectByMouse(page, 'input', 'sigmoid1');
  await expect(wire(page, 'input', 'sigmoid1')).toHaveCount(1);
  await expect(wire(page, 'conv1', 'sigmoid1')).toHaveCount(0);
  const end = async (from: string, to: string) => {
    const port = await centre(node(page, to).locator('.svelte-flow__handle.target'));
    await expect(wire(page, from, to)).toHaveCount(1);
    return { x: port.x, y: port.y - 13 };
  };
  const from = await end('input', 'sigmoid1');
  const to = await centre(node(page, 'sigmoid2').locator('.svelte-flow__handle.target'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
  await expect(wire(page, 'input', 'sigmoid2')).toHaveCount(1);
  await expect(wire(page, 'input', 'sigmoid1')).toHaveCount(0);
});

test('a wire dropped into empty space asks which node belongs there', async () => {
  const { page } = launched;
  const from = await centre(node(page, 'dense3').locator('.svelte-flow__handle.source'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 30, from.y + 90, { steps: 4 });
  await page.mouse.move(from.x + 20, from.y + 210, { steps: 6 });
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: 'Add a node after dense3' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('option', { name: /^Input/ })).toHaveCount(0);
  await dialog.getByRole('combobox').fill('dropout');
  await page.keyboard.press('Enter');
  await expect(page.locator('.svelte-flow__edge[aria-label^="Wire from dense3 to dropout"]')).toHaveCount(1);
});

test('a node dropped on a wire is put into it, in one step', async () => {
  const { page } = launched;
  const wires = await wireCount(page);
  const path = wire(page, 'dense1', 'sigmoid3').locator('.svelte-flow__edge-interaction');
  const dropout = page.getByRole('button', { name: 'Dropout', exact: true });
  await dropout.scrollIntoViewIfNeeded();
  await dragBetween(page, dropout, path);
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(wires + 1);
  await expect(wire(page, 'dense1', 'sigmoid3')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(wire(page, 'dense1', 'sigmoid3')).toHaveCount(1);
});

test('copy, paste and duplicate take the wires among the nodes along', async () => {
  const { page } = launched;
  const [before, wires] = [await names(page), await wireCount(page)];
  await node(page, 'conv1').click();
  await node(page, 'sigmoid1').click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await expect(page.locator('.svelte-flow__node')).toHaveCount(before.length + 2);
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(wires + 1);
  expect(await names(page)).toEqual(expect.arrayContaining([...before, 'conv1 2', 'sigmoid1 2']));
  await page.keyboard.press('Control+d');
  await expect(page.locator('.svelte-flow__node')).toHaveCount(before.length + 4);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.locator('.svelte-flow__node')).toHaveCount(before.length);
  expect(await names(page)).toEqual(before);
});

test('delete and reconnect keeps the flow', async () => {
  const { page } = launched;
  await node(page, 'sigmoid1').click();
  await page.keyboard.press('Control+Delete');
  await expect(wire(page, 'conv1', 'pool1')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
});

test('a number that is wrong stays, is marked, and keeps the network from training', async () => {
  const { page } = launched;
  await node(page, 'conv1').click();
  const filters = page.getByLabel('Filters', { exact: true });
  await filters.fill('6.5');
  await expect(filters).toHaveValue('6.5');
  await expect(filters).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('filters is 6.5, which is not a whole number.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await filters.fill('12');
  await expect(filters).toHaveAttribute('aria-invalid', 'false');
  await expect(node(page, 'conv1')).toContainText('28×28×12');
  // All the typing is one step.
  await page.keyboard.press('Control+z');
  await expect(filters).toHaveValue('6');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('renaming in place, by double click and by F2', async () => {
  const { page } = launched;
  await node(page, 'pool1').dblclick();
  await page.getByLabel('New name of pool1').fill('上半');
  await page.keyboard.press('Enter');
  await expect(node(page, '上半')).toBeVisible();
  await page.keyboard.press('F2');
  await page.getByLabel('New name of 上半').fill('never');
  await page.keyboard.press('Escape');
  await expect(node(page, '上半')).toBeVisible();
});

test('a network is built from nothing by keyboard alone', async () => {
  const { page } = launched;
  await page.keyboard.press('Control+n');
  const empty = page.getByRole('dialog').getByRole('radio', { name: /^Empty/ });
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
  await expect(empty).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(page.locator('.svelte-flow__node')).toHaveCount(0);
  for (const type of ['input', 'conv2d', 'flatten', 'dense', 'output']) await addBySearch(page, type);
  await expect(page.locator('.svelte-flow__node')).toHaveCount(5);
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'No problems' })).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.svelte-flow__node.selected')).toHaveAttribute('aria-label', /^dense/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.svelte-flow__node.selected')).toHaveAttribute('aria-label', /^conv2d/);
  const [before] = [await page.locator('.svelte-flow__node.selected').boundingBox()];
  await page.keyboard.press('Alt+ArrowRight');
  await expect
    .poll(async () => (await page.locator('.svelte-flow__node.selected').boundingBox())?.x)
    .toBeGreaterThan(before?.x ?? Infinity);
  // A second way from the convolution: to the dense layer, in place of flatten's.
  await page.keyboard.press('c');
  await expect(page.getByRole('main').getByText(/^Connect conv2d.* to /)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('main').getByText(/^Connect conv2d.* to /)).toHaveCount(0);
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('.svelte-flow__edge[aria-label^="Wire from conv2d"]')).toHaveCount(2);
});

test('problems lead to their node', async () => {
  const { page } = launched;
  await node(page, 'dense2').click();
  await page.getByLabel('Units', { exact: true }).fill('0');
  await page.getByRole('tab', { name: /Problems/ }).click();
  await node(page, 'input').click();
  await page.getByRole('button', { name: /units is 0/ }).click();
  await expect(page.locator('.svelte-flow__node.selected')).toHaveAttribute('aria-label', /^dense2/);
});
