/** axe-core over every view and dialog, in both themes and both languages; nothing is left out. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { zipSync } from 'fflate';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionTexts } from '../../src-shared/texts/actions';
import { appTexts } from '../../src-shared/texts/app';
import { blockTexts } from '../../src-shared/texts/blocks';
import { canvasTexts } from '../../src-shared/texts/canvas';
import { trainingTexts } from '../../src-shared/texts/training';
import type { Locale, Text } from '../../src-shared/texts/text';
import { answerDialogs, type LaunchedApp, launchApp } from './support/launch';
import { canvasReady, node } from './support/window';

interface Scene {
  readonly app: LaunchedApp;
  readonly page: Page;
  readonly t: (text: Text) => string;
}

interface View {
  readonly name: string;
  readonly show: (scene: Scene) => Promise<void>;
}

const tab = (scene: Scene, text: Text) => scene.page.getByRole('tab', { name: scene.t(text) }).click();
const dialog = (scene: Scene) => expect(scene.page.getByRole('dialog')).toBeVisible();

async function command(scene: Scene, text: Text): Promise<void> {
  await scene.page.keyboard.press('Control+k');
  await scene.page.getByRole('combobox', { name: scene.t(appTexts.commandSearch) }).fill(text.en);
  await scene.page.keyboard.press('Enter');
}

async function openFile(scene: Scene, text: string): Promise<void> {
  const path = join(scene.app.userData, 'bad.loom');
  await writeFile(path, text);
  await answerDialogs(scene.app.app, { open: path });
  await scene.page.keyboard.press('Control+o');
}

const wireToNowhere = JSON.stringify({
  format: 'layerloom',
  version: 1,
  nodes: [{ id: 'input_1', type: 'Input', name: 'input', position: { x: 0, y: 0 }, params: {} }],
  wires: [{ from: ['input_1', 'out'], to: ['gone_1', 'in'] }],
});

/** A network of which one layer is taken, one is nearly, and one is unknown. */
function kerasFile(): Uint8Array {
  const layer = (className: string, config: object) => ({ class_name: className, config });
  const layers = [
    layer('InputLayer', { batch_shape: [null, 28, 28, 1], name: 'images' }),
    layer('Rescaling', { name: 'scale', scale: 1 / 255 }),
    layer('LSTM', { name: 'memory', units: 3 }),
  ];
  const config = { class_name: 'Sequential', config: { name: 'net', layers } };
  return zipSync({ 'config.json': Buffer.from(JSON.stringify(config)) });
}

/** In this order: some go on from the one before. */
const views: readonly View[] = [
  { name: 'main window', show: async () => {} },
  { name: 'node selected', show: ({ page }) => node(page, 'conv1').click() },
  {
    name: 'wrong number',
    show: async ({ page }) => {
      await page.locator('[data-field="filters"] input').fill('x');
      await expect(page.locator('[aria-invalid="true"]')).toHaveCount(1);
    },
  },
  { name: 'problems', show: (scene) => tab(scene, canvasTexts.problemsTitle) },
  {
    name: 'wire selected',
    show: async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.locator('.svelte-flow__edge').nth(3).focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('.svelte-flow__edge.selected')).toHaveCount(1);
    },
  },
  {
    name: 'renaming',
    show: async ({ page }) => {
      await node(page, 'pool1').dblclick();
      await expect(page.locator('.svelte-flow__node input')).toBeFocused();
    },
  },
  {
    name: 'connecting by keyboard',
    show: async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('c');
      await expect(page.locator('.layer.connecting').first()).toBeVisible();
    },
  },
  {
    name: 'context menu',
    show: async ({ page }) => {
      await page.keyboard.press('Escape');
      await node(page, 'conv2').click({ button: 'right' });
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'make a block',
    show: async (scene) => {
      await scene.page.keyboard.press('Escape');
      await node(scene.page, 'dense1').click();
      await scene.page.keyboard.press('Control+g');
      await dialog(scene);
      await scene.page.getByRole('checkbox').first().check();
    },
  },
  {
    name: 'block selected',
    show: async ({ page, t }) => {
      await page
        .getByRole('dialog')
        .getByRole('button', { name: t(blockTexts.make) })
        .click();
      await expect(page.locator('.layer.block.selected')).toHaveCount(1);
    },
  },
  {
    name: 'block of the palette',
    show: async ({ page, t }) => {
      const name = t(blockTexts.menuOf).replace('{name}', t(blockTexts.newName));
      await page.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'renaming a block',
    show: async (scene) => {
      await scene.page.getByRole('menuitem', { name: scene.t(actionTexts['block.rename']) }).click();
      await dialog(scene);
    },
  },
  {
    name: 'block open',
    show: async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.locator('.svelte-flow__node.selected').focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('.frame')).toBeVisible();
    },
  },
  {
    name: 'block closed by a press that is refused',
    show: async (scene) => {
      await scene.page.locator('[data-field="units"] input').fill('30');
      await scene.page.keyboard.press('Enter');
      await scene.page.locator('.frame button').click();
      await dialog(scene);
    },
  },
  {
    name: 'menu',
    show: async (scene) => {
      await scene.page.keyboard.press('Escape');
      await scene.page.getByRole('button', { name: scene.t(appTexts.menu), exact: true }).click();
      await expect(scene.page.getByRole('menu')).toBeVisible();
    },
  },
  {
    name: 'export',
    show: async (scene) => (
      await scene.page.keyboard.press('Escape'),
      await command(scene, actionTexts['file.export']),
      await dialog(scene)
    ),
  },
  {
    name: 'new',
    show: async (scene) => (
      await scene.page.keyboard.press('Escape'),
      await command(scene, actionTexts['file.new']),
      await dialog(scene)
    ),
  },
  {
    name: 'unsaved changes',
    show: async (scene) => {
      await scene.page.getByRole('dialog').locator('input[value="empty"]').check();
      await scene.page.getByRole('button', { name: scene.t(appTexts.create), exact: true }).click();
      await expect(scene.page.getByRole('button', { name: scene.t(appTexts.dontSave) })).toBeVisible();
    },
  },
  {
    name: 'empty canvas',
    show: async (scene) => {
      await scene.page.getByRole('button', { name: scene.t(appTexts.dontSave) }).click();
      await expect(scene.page.getByText(scene.t(canvasTexts.emptyTitle))).toBeVisible();
    },
  },
  {
    name: 'recent files',
    show: async (scene) => (await command(scene, actionTexts['file.recent']), await dialog(scene)),
  },
  {
    name: 'shortcuts',
    show: async (scene) => (
      await scene.page.keyboard.press('Escape'),
      await scene.page.keyboard.press('F1'),
      await dialog(scene)
    ),
  },
  {
    name: 'commands',
    show: async (scene) => (
      await scene.page.keyboard.press('Escape'),
      await scene.page.keyboard.press('Control+k'),
      await dialog(scene)
    ),
  },
  {
    name: 'node search',
    show: async (scene) => {
      await scene.page.keyboard.press('Escape');
      await scene.page.keyboard.press('/');
      await dialog(scene);
    },
  },
  {
    name: 'node search without a match',
    show: async ({ page }) => {
      await page.getByRole('dialog').getByRole('combobox').fill('qqq');
      await expect(page.getByRole('option')).toHaveCount(0);
    },
  },
  {
    name: 'import',
    show: async (scene) => {
      await scene.page.keyboard.press('Escape');
      const path = join(scene.app.userData, 'net.keras');
      await writeFile(path, kerasFile());
      await answerDialogs(scene.app.app, { open: path });
      await scene.page.keyboard.press('Control+i');
      await expect(scene.page.getByTestId('layer-counts')).toBeVisible({ timeout: 60_000 });
    },
  },
  {
    name: 'refused file',
    show: async (scene) => {
      await scene.page.keyboard.press('Escape');
      await openFile(scene, '{"format": 1}');
      await dialog(scene);
    },
  },
  {
    name: 'repaired file',
    show: async (scene) => {
      await scene.page.keyboard.press('Escape');
      await openFile(scene, wireToNowhere);
      await dialog(scene);
    },
  },
  {
    name: 'training settings',
    show: async (scene) => (
      await scene.page.keyboard.press('Escape'),
      await tab(scene, trainingTexts.training)
    ),
  },
  { name: 'predictions before training', show: (scene) => tab(scene, trainingTexts.predictions) },
];

/** What axe finds, in a form that says where. */
async function violations(page: Page): Promise<string[]> {
  // Legacy mode: Electron cannot open the second page in which axe would put its results together.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')} (${failureSummary})`),
  );
}

async function prepare(launched: LaunchedApp, locale: Locale, theme: 'light' | 'dark'): Promise<Scene> {
  const { page } = launched;
  await canvasReady(page);
  if (locale === 'zh-CN') await page.getByRole('button', { name: 'Language: EN / 中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', locale);
  for (let i = 0; i < 3 && (await preference(page)) !== theme; i++)
    await page.locator('footer button').last().click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  return { app: launched, page, t: (text) => text[locale] };
}

/** Not what the system asks for, but what was chosen: its icon has a label. */
async function preference(page: Page): Promise<string> {
  const label = (await page.locator('footer button').last().getAttribute('aria-label')) ?? '';
  if (label === appTexts.themeLight.en || label === appTexts.themeLight['zh-CN']) return 'light';
  return label === appTexts.themeDark.en || label === appTexts.themeDark['zh-CN'] ? 'dark' : 'system';
}

for (const locale of ['en', 'zh-CN'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`nothing found in any view: ${locale}, ${theme}`, async () => {
      test.setTimeout(180_000);
      const launched = await launchApp();
      const policy: string[] = [];
      launched.page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) policy.push(message.text());
      });
      const found: Record<string, string[]> = {};
      const scene = await prepare(launched, locale, theme);
      for (const { name, show } of views) {
        await test.step(name, async () => {
          await show(scene);
          const here = await violations(scene.page);
          if (here.length > 0) found[name] = here;
        });
      }
      await launched.close();
      expect(found).toEqual({});
      expect(policy).toEqual([]);
    });
  }
}

test('nothing found while training, after it, and with the predictions', async () => {
  test.setTimeout(240_000);
  const launched = await launchApp();
  const found: Record<string, string[]> = {};
  const scene = await prepare(launched, 'en', 'dark');
  const { page } = scene;
  const look = async (name: string) => {
    const here = await violations(page);
    if (here.length > 0) found[name] = here;
  };
  await page.getByLabel('Epochs', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByRole('img', { name: /^Loss over [1-9]/ })).toBeVisible({ timeout: 60_000 });
  await look('training');
  await expect(page.getByText(/^Finished/)).toBeVisible({ timeout: 120_000 });
  await look('finished');
  await page.getByRole('button', { name: 'See predictions' }).click();
  await expect(page.getByRole('img', { name: /^Test image/ }).first()).toBeVisible({ timeout: 30_000 });
  await look('predictions, dark');
  await page.locator('footer button').last().click();
  await page.locator('footer button').last().click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await look('predictions, light');
  await launched.close();
  expect(found).toEqual({});
});
