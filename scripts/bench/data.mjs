// npm run bench data: images per second from a folder of JPEGs, in memory against streamed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { inRepository } from '../bootstrap/paths.mjs';

const ROUNDS = 3;
const TARGET = 0.95;
const CLASSES = 10;
/** Of the JPEGs. */
const SIZE = 64;

/**
 * Images of an epoch are few enough for short rounds and many enough for steps of the usual size.
 * @type {readonly {template: string, input: string, batch: number, images: number, epochs: number}[]}
 */
const cases = [
  { template: 'resnet-18', input: '96x96x3', batch: 32, images: 400, epochs: 3 },
  { template: 'lenet', input: '28x28x1', batch: 256, images: 6400, epochs: 12 },
];

const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'));

/** What each way of reading means to the engine. @type {Record<string, Record<string, string>>} */
const ways = {
  'in memory': {},
  streamed: { LAYERLOOM_IMAGE_MEMORY_MB: '0' },
  'decoded each time': {
    ...{ LAYERLOOM_IMAGE_MEMORY_MB: '0', LAYERLOOM_IMAGE_CACHE_MB: '0' },
    LAYERLOOM_IMAGE_CACHE: join(folder, 'empty-cache'),
  },
};

/** Coloured waves, different in each class. @param {number} label @param {number} index */
function picture(label, index) {
  const data = new Uint8Array(SIZE * SIZE * 4);
  for (let place = 0; place < SIZE * SIZE; place++) {
    const [row, column] = [Math.floor(place / SIZE), place % SIZE];
    const wave = Math.sin((row * (label + 1) + column * (index % 7) + index) / 9);
    data.set([128 + 100 * wave, 128 - 80 * wave, (index * 37 + row) % 256, 255].map(Math.round), 4 * place);
  }
  return jpeg.encode({ width: SIZE, height: SIZE, data }, 85).data;
}

/** @param {string} name @param {number} count @returns {string} its path */
function makeFolder(name, count) {
  const path = join(folder, name);
  for (let label = 0; label < CLASSES; label++) {
    mkdirSync(join(path, `class-${label}`), { recursive: true });
    for (let index = 0; index < count / CLASSES; index++) {
      writeFileSync(join(path, `class-${label}`, `${index}.jpg`), picture(label, index));
    }
  }
  return path;
}

/** @param {string[]} args @param {Record<string, string>} environment @returns {string} what it printed */
function layerloom(args, environment) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inRepository('scripts', 'layerloom.js'), ...args],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, LAYERLOOM_IMAGE_CACHE: join(folder, 'cache'), ...environment },
    },
  );
  if (status !== 0) throw new Error(`layerloom ${args[0]} ended with ${status}: ${stderr}`);
  return stdout;
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

try {
  for (const { template, input, batch, images, epochs } of cases) {
    const data = makeFolder(`${template}-images`, images);
    const document = join(folder, `${template}.loom`);
    layerloom(['new', template, '-o', document, '--input', input, '--classes', String(CLASSES)], {});
    /** @type {Record<string, number[]>} */
    const speeds = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [way, environment] of Object.entries(ways)) {
        const run = join(folder, `${template}-${way}-${round}`);
        const settings = ['--epochs', String(epochs), '--batch', String(batch), '--test-share', '0.05'];
        const lines = layerloom(
          ['train', document, '--dataset', data, '--run', run, '--json', ...settings],
          environment,
        ).split('\n');
        const told = lines.filter(Boolean).map((line) => JSON.parse(line));
        const all = told
          .filter(({ event }) => event === 'epoch')
          .map(({ samplesPerSecond }) => samplesPerSecond);
        // The first epoch warms up.
        speeds[way]?.push(median(all.slice(1)));
        rmSync(run, { recursive: true });
      }
    }
    const inMemory = median(speeds['in memory'] ?? []);
    for (const [way, values] of Object.entries(speeds)) {
      const share = median(values) / inMemory;
      console.log(
        `${template}, ${input}, batch ${batch}, ${way}: ${median(values).toFixed(0)} images/s, ` +
          `${(100 * share).toFixed(1)} % of in memory${way === 'streamed' ? ` (target ${100 * TARGET} %)` : ''}`,
      );
      if (way === 'streamed' && share < TARGET) process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
