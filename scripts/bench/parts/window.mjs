// What the benchmarks that open the window share: launching it, frames and long tasks, percentiles.
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { repository } from '../../bootstrap/paths.mjs';

/** Settings of the user live in `folder`. @param {string} folder @param {readonly string[]} args */
export async function launchApp(folder, args) {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const started = performance.now();
  const app = await _electron.launch({
    args: [...asRoot, repository, ...args],
    env: { ...process.env, LAYERLOOM_USER_DATA: join(folder, 'user') },
  });
  return { app, page: await app.firstWindow(), started };
}

/** Without a question about unsaved changes. @param {import('@playwright/test').ElectronApplication} app */
export async function endApp(app) {
  const closed = app.waitForEvent('close');
  await app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => undefined);
  await closed;
}

/** Starts to note the times between frames, and tasks of over 50 ms. @param {import('@playwright/test').Page} page */
export async function startRecording(page) {
  await page.evaluate(() => {
    /** @type {{ frames: number[], tasks: number[], isOn: boolean, observer?: PerformanceObserver }} */
    const recorder = { frames: [], tasks: [], isOn: true };
    recorder.observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) recorder.tasks.push(duration);
    });
    recorder.observer.observe({ entryTypes: ['longtask'] });
    Object.assign(window, { recorder });
    let last = performance.now();
    const frame = (/** @type {number} */ now) => {
      recorder.frames.push(now - last);
      last = now;
      if (recorder.isOn) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** Notes no more frames, but tasks still. @param {import('@playwright/test').Page} page */
export async function stopFrames(page) {
  await page.evaluate(() => {
    Object(window).recorder.isOn = false;
  });
}

/** @param {import('@playwright/test').Page} page @returns {Promise<{ frames: number[], tasks: number[] }>} ms */
export async function stopRecording(page) {
  return page.evaluate(async () => {
    // What was long just now is reported a moment later.
    await new Promise((done) => setTimeout(done, 100));
    const { recorder } =
      /** @type {{ recorder: { frames: number[], tasks: number[], isOn: boolean, observer: PerformanceObserver } }} */ (
        /** @type {unknown} */ (window)
      );
    recorder.isOn = false;
    recorder.observer.disconnect();
    return { frames: recorder.frames.slice(1), tasks: recorder.tasks };
  });
}

/** @param {readonly number[]} values @param {number} share */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
