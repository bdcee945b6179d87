/** What the end-to-end tests do in the window, in the words of a user. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The canvas shows the template, measured and in place. */
export async function canvasReady(page: Page): Promise<void> {
  await expect(page.locator('.svelte-flow__node').first()).toBeVisible();
}

/** The box of the node with that name. */
export function node(page: Page, name: string): Locator {
  return page.locator('.svelte-flow__node').filter({ has: page.getByText(name, { exact: true }) });
}

/** The wire between two nodes, by their names. */
export function wire(page: Page, from: string, to: string): Locator {
  return page.locator(`.svelte-flow__edge[aria-label^="Wire from ${from} to ${to},"]`);
}

export async function names(page: Page): Promise<string[]> {
  const all = await page.locator('.svelte-flow__node .name').allTextContents();
  return all.sort();
}

export function wireCount(page: Page): Promise<number> {
  return page.locator('.svelte-flow__edge').count();
}

/** Presses a wire halfway between the two nodes, beside its label. */
export async function clickWire(page: Page, from: string, to: string): Promise<void> {
  const path = wire(page, from, to).locator('.svelte-flow__edge-interaction');
  const point = await path.evaluate((element) => {
    if (!(element instanceof SVGPathElement)) throw new Error('a wire is no path');
    const middle = element.getPointAtLength(element.getTotalLength() / 2);
    const matrix = element.getScreenCTM();
    if (matrix === null) throw new Error('the wire is not drawn');
    const { x, y } = middle.matrixTransform(matrix);
    return { x, y };
  });
  await page.mouse.click(point.x, point.y);
}

export async function dragBetween(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await centre(from), await centre(to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 6 });
  await page.mouse.move(end.x, end.y, { steps: 6 });
  await page.mouse.up();
}

/** Draws a wire with the mouse, from output to input port. */
export async function connectByMouse(page: Page, from: string, to: string, port = 'in'): Promise<void> {
  const target = node(page, to).locator(`.svelte-flow__handle[data-handleid="${port}"]`);
  await dragBetween(page, node(page, from).locator('.svelte-flow__handle.source'), target);
}

export async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${String(locator)} is not visible`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Adds a node by the search that `/` opens. */
export async function addBySearch(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Search nodes' }).fill(query);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
