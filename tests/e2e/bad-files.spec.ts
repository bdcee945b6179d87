/** Every kind of bad file: a message that names the place, and the network that was open unharmed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { answerDialogs, type LaunchedApp, launchApp } from './support/launch';
import { canvasReady, names, node, wireCount } from './support/window';

const input = { id: 'input_1', type: 'Input', name: 'input', position: { x: 0, y: 0 }, params: {} };
const dense = {
  id: 'dense_1',
  type: 'Dense',
  name: 'dense',
  position: { x: 0, y: 120 },
  params: { units: 10 },
};
const flatten = { id: 'flatten_1', type: 'Flatten', name: 'flatten', position: { x: 0, y: 240 }, params: {} };

function file(parts: Record<string, unknown>): string {
  return JSON.stringify({ format: 'layerloom', version: 1, nodes: [input], wires: [], ...parts });
}

const { id: _id, ...withoutId } = dense;

const refused: readonly { what: string; text: string; message: RegExp }[] = [
  {
    what: 'no JSON',
    text: '{"format": "layerloom",',
    message: /Line 1, column \d+: the file ends too early/,
  },
  {
    what: 'another format',
    text: '{"format": "something"}',
    message: /of format "?something"?, expected layerloom/,
  },
  { what: 'a newer version', text: file({ version: 99 }), message: /version 99/ },
  { what: 'a node without an id', text: file({ nodes: [input, withoutId] }), message: /nodes\[1\]\.id/ },
  {
    what: 'an id twice',
    text: file({ nodes: [input, { ...dense, id: 'input_1' }] }),
    message: /nodes\[1\].*input_1/,
  },
  { what: 'nodes that are no list', text: file({ nodes: 7 }), message: /nodes/ },
];

let launched: LaunchedApp;

test.beforeEach(async () => {
  launched = await launchApp();
  await canvasReady(launched.page);
});

test.afterEach(() => launched.close());

async function open(text: string): Promise<string> {
  const path = join(launched.userData, 'bad.loom');
  await writeFile(path, text);
  await answerDialogs(launched.app, { open: path });
  await launched.page.keyboard.press('Control+o');
  return path;
}

test('files that cannot be read are refused with the place; the open network stays', async () => {
  const { page } = launched;
  const [before, wires] = [await names(page), await wireCount(page)];
  for (const { what, text, message } of refused) {
    await test.step(what, async () => {
      const path = await open(text);
      const dialog = page.getByRole('dialog', { name: 'bad.loom cannot be opened' });
      await expect(dialog).toBeVisible();
      await expect(dialog.getByText(message)).toBeVisible();
      await dialog.getByRole('button', { name: 'OK' }).click();
      expect(await names(page)).toEqual(before);
      expect(await wireCount(page)).toBe(wires);
      expect(await readFile(path, 'utf8')).toBe(text);
    });
  }
  await expect(page.getByText('Untitled', { exact: true })).toBeVisible();
});

test('a wire to nowhere is left out and said; saving asks for a name', async () => {
  const { app, page, userData } = launched;
  const text = file({ wires: [{ from: ['input_1', 'out'], to: ['gone_1', 'in'] }] });
  const path = await open(text);
  const dialog = page.getByRole('dialog', { name: 'bad.loom was opened with repairs' });
  await expect(dialog.getByText(/wires\[0\].*gone_1/)).toBeVisible();
  await dialog.getByRole('button', { name: 'OK' }).click();
  expect(await names(page)).toEqual(['input']);
  const other = join(userData, 'mended.loom');
  await answerDialogs(app, { save: other });
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved mended.loom')).toBeVisible();
  expect(await readFile(path, 'utf8')).toBe(text);
  expect(await readFile(other, 'utf8')).not.toContain('gone_1');
});

test('an unknown type, a circle and a wrong parameter open with their problem shown, and cannot train', async () => {
  const { page } = launched;
  const train = page.getByRole('button', { name: 'Train', exact: true });
  await open(file({ nodes: [input, { ...dense, type: 'Warp', params: { factor: 9 } }] }));
  await expect(page.getByText('Opened bad.loom')).toBeVisible();
  await page.getByRole('tab', { name: /Problems/ }).click();
  await expect(page.getByText('This version has no node of type Warp.')).toBeVisible();
  await expect(train).toHaveAttribute('aria-disabled', 'true');

  const circle = [
    { from: ['dense_1', 'out'], to: ['flatten_1', 'in'] },
    { from: ['flatten_1', 'out'], to: ['dense_1', 'in'] },
  ];
  await open(file({ nodes: [input, dense, flatten], wires: circle }));
  await expect(page.getByText(/feed one another in a circle/).first()).toBeVisible();
  await expect(train).toHaveAttribute('aria-disabled', 'true');

  await open(file({ nodes: [input, { ...dense, params: { units: -3 } }] }));
  await expect(page.getByText(/units is -3, outside 1 to/)).toBeVisible();
  await node(page, 'dense').click();
  await expect(page.getByLabel('Units', { exact: true })).toHaveValue('-3');
  await expect(page.getByLabel('Units', { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('a file that is gone, and one that cannot be written', async () => {
  const { app, page, userData } = launched;
  await answerDialogs(app, { open: join(userData, 'here.loom') });
  await page.keyboard.press('Control+o');
  await expect(page.getByRole('dialog').getByText(/here\.loom could not be read/)).toBeVisible();
  await page.getByRole('button', { name: 'OK' }).click();
  expect(await names(page)).toHaveLength(14);

  // A folder that is a file: nothing can be written there, whoever the user is.
  await writeFile(join(userData, 'plain'), '');
  await answerDialogs(app, { save: join(userData, 'plain', 'x.loom') });
  await page.keyboard.press('Control+Shift+s');
  const dialog = page.getByRole('dialog', { name: 'The network was not saved' });
  await expect(dialog.getByText(/x\.loom could not be written/)).toBeVisible();
  await dialog.getByRole('button', { name: 'OK' }).click();
  expect(await names(page)).toHaveLength(14);
});

test('changes are asked about before another file takes their place', async () => {
  const { page } = launched;
  await node(page, 'sigmoid1').click();
  await page.keyboard.press('Delete');
  await open(file({}));
  const dialog = page.getByRole('dialog', { name: 'Save the changes to Untitled?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await names(page)).toHaveLength(13);
  await page.keyboard.press('Control+o');
  await dialog.getByRole('button', { name: 'Don’t save' }).click();
  await expect(page.getByText('Opened bad.loom')).toBeVisible();
  expect(await names(page)).toEqual(['input']);
});
