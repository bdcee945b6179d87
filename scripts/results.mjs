// npm run results [NAME...]: trains networks through the command line and writes docs/results.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrapOrExplain } from './bootstrap.mjs';
import { inRepository } from './bootstrap/paths.mjs';
import { runs } from './results/runs.mjs';
import { resultsMarkdown } from './results/table.mjs';
import { buildIfStale, runNodeHere, tool } from './tools.mjs';

const page = inRepository('docs', 'results.md');
const recordsFile = inRepository('docs', 'results.json');

/** @typedef {import('./results/runs.mjs').ResultRun} ResultRun */
/** @typedef {import('./results/table.mjs').ResultRecord} ResultRecord */

/** Arguments of the two commands of a run, files as they are called in the page. @param {ResultRun} run */
function commandsOf({
  name,
  template,
  dataset,
  input,
  images,
  epochs,
  optimizer,
  learningRate,
  batch,
  seed,
}) {
  const file = `${name}.loom`;
  const limit = images === undefined ? [] : ['--limit', String(images)];
  const size = input === undefined ? [] : ['--input', input];
  const settings = ['--dataset', dataset, '--epochs', String(epochs), '--batch', String(batch)];
  const rule = ['--optimizer', optimizer, '--lr', String(learningRate), '--seed', String(seed)];
  return {
    create: ['new', template, ...size, '-o', file],
    train: ['train', file, ...settings, ...rule, ...limit, '--run', `${name}-run`],
  };
}

/**
 * Runs the command line in `folder` and hands over each object that it prints.
 * @param {readonly string[]} args @param {string} folder @param {(record: any) => void} onRecord
 * @returns {Promise<void>}
 */
function layerloom(args, folder, onRecord) {
  const child = spawn(process.execPath, [inRepository('scripts', 'layerloom.js'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => onRecord(JSON.parse(line)));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) =>
      code === 0 ? done() : fail(new Error(`layerloom ${args.join(' ')} ended with ${code}`)),
    );
  });
}

/**
 * What the network works on: the images once a first Resizing has scaled them.
 * @param {{ input: number[], layers: { type: string, output: number[] }[] }} inspected
 */
function networkInput({ input, layers }) {
  const first = layers.find(({ type }) => type !== 'Input');
  return first?.type === 'Resizing' ? first.output : input;
}

/** @param {ResultRun} run @param {string} folder @returns {Promise<ResultRecord>} */
async function measure(run, folder) {
  const { create, train } = commandsOf(run);
  await layerloom(create, folder, () => undefined);
  /** @type {any} */
  const inspected = {};
  await layerloom(['inspect', `${run.name}.loom`, '--json'], folder, (record) =>
    Object.assign(inspected, record),
  );
  /** @type {any} */
  let start;
  /** @type {any} */
  let last;
  const begun = performance.now();
  await layerloom([...train, '--json'], folder, (record) => {
    if (record.event === 'start') start = record;
    if (record.event !== 'epoch') return;
    last = record;
    console.log(`${run.name}: epoch ${record.epoch}, test accuracy ${record.valAccuracy}`);
  });
  const { images: _images, ...settings } = run;
  return {
    ...settings,
    input: networkInput(inspected),
    trainImages: start.trainSamples,
    testImages: start.testSamples,
    accuracy: last.valAccuracy,
    minutes: (performance.now() - begun) / 60_000,
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${start.device}, TensorFlow ${start.tensorflowVersion}`,
    commands: [create, train].map((args) => `layerloom ${args.join(' ')}`),
  };
}

/** Rows in the order of the list; those of runs that are no more are dropped. @param {readonly ResultRecord[]} records */
async function write(records) {
  const ordered = runs.flatMap(({ name }) => records.find((record) => record.name === name) ?? []);
  writeFileSync(recordsFile, `${JSON.stringify(ordered, null, 2)}\n`);
  writeFileSync(page, resultsMarkdown(ordered));
  return runNodeHere([tool('prettier'), '--write', '--log-level', 'warn', page, recordsFile]);
}

/** @returns {Promise<number>} exit code */
async function results() {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !runs.some((run) => run.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no run ${unknown.join(', ')}; there are ${runs.map(({ name }) => name).join(', ')}.`,
    );
    return 2;
  }
  if (!(await bootstrapOrExplain()) || !(await buildIfStale())) return 1;
  const folder = mkdtempSync(join(tmpdir(), 'layerloom-results-'));
  try {
    for (const run of runs.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
      const record = await measure(run, folder);
      const known = existsSync(recordsFile) ? JSON.parse(readFileSync(recordsFile, 'utf8')) : [];
      // After each: a long list that is broken off keeps what it has.
      await write([record, ...known.filter((/** @type {ResultRecord} */ each) => each.name !== run.name)]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

process.exitCode = await results();
