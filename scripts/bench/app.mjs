// npm run bench app: how soon the window can be used after launch, and how evenly it draws while a node is dragged.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endApp, launchApp, percentile, startRecording, stopRecording } from './parts/window.mjs';

const LAUNCHES = 5;
const LAUNCH_TARGET_MS = 2000;
const NODES = 100;
const COLUMNS = 10;
const MOVES = 60;
const FRAME_TARGET_MS = 33;

const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'));

/** Usable: a node on the canvas can be selected. @returns {Promise<number>} milliseconds since launch */
async function timeToInteractive() {
  const { app, page, started } = await launchApp(folder, []);
  const node = page.locator('.svelte-flow__node').first();
  await node.click();
  await page.locator('.svelte-flow__node.selected').waitFor();
  const elapsed = performance.now() - started;
  await endApp(app);
  return elapsed;
}

/** A chain of convolutions in rows. */
function hundredNodes() {
  const nodes = Array.from({ length: NODES }, (_, i) => ({
    id: i === 0 ? 'input_1' : `conv2d_${i}`,
    type: i === 0 ? 'Input' : 'Conv2D',
    name: i === 0 ? 'input' : `conv${i}`,
    position: { x: (i % COLUMNS) * 230, y: Math.floor(i / COLUMNS) * 120 },
    params: i === 0 ? {} : { padding: 'same', filters: 8 },
  }));
  const wires = nodes.slice(1).map(({ id }, i) => ({ from: [nodes[i]?.id, 'out'], to: [id, 'in'] }));
  return JSON.stringify({ format: 'layerloom', version: 1, nodes, wires, training: {}, lastIds: {} });
}

/** @returns {Promise<number[]>} milliseconds between frames while the mouse drags */
async function dragFrames() {
  const file = join(folder, 'hundred.loom');
  writeFileSync(file, hundredNodes());
  const { app, page } = await launchApp(folder, [file]);
  await page.waitForFunction(
    (count) => document.querySelectorAll('.svelte-flow__node').length === count,
    NODES,
  );
  // All hundred in view.
  await page.keyboard.press('Control+0');
  await page.waitForTimeout(1500);
  const box = await page
    .locator('.svelte-flow__node')
    .nth(NODES / 2)
    .boundingBox();
  if (!box) throw new Error('the node to drag is not on the screen');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await startRecording(page);
  for (let i = 1; i <= MOVES; i++) {
    await page.mouse.move(x + i * 2, y + i);
    await page.waitForTimeout(8);
  }
  const { frames } = await stopRecording(page);
  await page.mouse.up();
  const moved = await page
    .locator('.svelte-flow__node')
    .nth(NODES / 2)
    .boundingBox();
  if (!moved || moved.x - box.x < MOVES) throw new Error('the node did not follow the mouse');
  await endApp(app);
  return frames;
}

try {
  const launches = [];
  for (let i = 0; i < LAUNCHES; i++) launches.push(await timeToInteractive());
  const [typical, worst] = [percentile(launches, 0.5), Math.max(...launches)];
  console.log(
    `launch to a usable canvas: median ${typical.toFixed(0)} ms, worst ${worst.toFixed(0)} ms (target ${LAUNCH_TARGET_MS})`,
  );
  const frames = await dragFrames();
  const [p50, p95] = [percentile(frames, 0.5), percentile(frames, 0.95)];
  console.log(
    `dragging one of ${NODES} nodes, ${frames.length} frames: median ${p50.toFixed(1)} ms, 95th percentile ${p95.toFixed(1)} ms (target ${FRAME_TARGET_MS})`,
  );
  process.exitCode = typical <= LAUNCH_TARGET_MS && p95 <= FRAME_TARGET_MS ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
