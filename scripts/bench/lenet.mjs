// npm run bench lenet: LeNet on MNIST in Layerloom's engine and in tfjs-layers, both in Node processes, taking turns.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetFolder, inRepository } from '../bootstrap/paths.mjs';

const BATCH = 256;
const STEPS = 100;
const EPOCHS = 3;
const ROUNDS = 5;
const TARGET = 2;

const folder = mkdtempSync(join(tmpdir(), 'layerloom-bench-'));
const cli = inRepository('out', 'main', 'cli.js');
const document = join(folder, 'lenet.loom');

/** @param {readonly string[]} args @returns {any[]} one object per line */
function linesOf(args) {
  const output = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The first epoch warms up. @param {readonly number[]} times */
function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Every step's loss and accuracy travel to the parent, as in the app; evaluation is not counted. @param {number} round */
function layerloom(round) {
  const settings = [
    '--dataset',
    'mnist',
    '--batch',
    `${BATCH}`,
    '--optimizer',
    'sgd',
    '--lr',
    '0.1',
    '--epochs',
    `${EPOCHS}`,
  ];
  const run = [
    '--limit',
    `${BATCH * STEPS}`,
    '--device',
    'cpu',
    '--run',
    join(folder, `run-${round}`),
    '--json',
  ];
  const epochs = linesOf([cli, 'train', document, ...settings, ...run]).filter(
    ({ event }) => event === 'epoch',
  );
  return epochs.slice(1).map(({ seconds }) => (seconds * 1000) / STEPS);
}

function tfjsLayers() {
  const child = inRepository('scripts', 'bench', 'peers', 'tfjs-layers-lenet.mjs');
  return linesOf([child, datasetFolder('mnist'), `${BATCH}`, `${STEPS}`, `${EPOCHS}`])
    .slice(1)
    .map(({ msPerStep }) => msPerStep);
}

try {
  execFileSync(process.execPath, [cli, 'new', 'lenet', '-o', document], { stdio: 'ignore' });
  const ours = [];
  const theirs = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(...layerloom(round));
    theirs.push(...tfjsLayers());
    console.log(
      `round ${round + 1}: Layerloom ${median(ours).toFixed(1)} ms, tfjs-layers ${median(theirs).toFixed(1)} ms per step`,
    );
  }
  const ratio = median(theirs) / median(ours);
  const verdict = ratio >= TARGET ? 'meets' : 'misses';
  console.log(
    `LeNet, batch ${BATCH}: ${ratio.toFixed(2)} times as fast as tfjs-layers, which ${verdict} the target of ${TARGET}.`,
  );
  process.exitCode = ratio >= TARGET ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
