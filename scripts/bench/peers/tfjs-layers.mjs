// Times a network in tfjs-layers on tfjs-node, for `layerloom bench`; prints one line of JSON at the end.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { modelOf } from './tfjs-model.mjs';

process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
// Required, not imported: the environment must be set before TensorFlow loads.
/** @type {typeof import('@tensorflow/tfjs-node')} */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node');

const LEARNING_RATE = 0.01;
const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;
const PIXELS = 28;
/** Eager training of the deep networks takes seconds per step: more steps would not make the median better. */
const MAX_SLOW_STEPS = 3;
const SLOW_MS = 500;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ layers: { type: 'string' }, batch: { type: 'string' } },
    ...{ steps: { type: 'string' }, warmup: { type: 'string' }, inferences: { type: 'string' } },
    ...{ 'inference-batch': { type: 'string' }, epochs: { type: 'string' }, limit: { type: 'string' } },
    ...{ images: { type: 'string' }, labels: { type: 'string' } },
  },
});

/** @param {keyof typeof values} option */
const count = (option) => Number(values[option]);

/** @param {readonly string[]} metrics */
function compiledModel(metrics = []) {
  /** @type {import('./tfjs-model.mjs').Layer[]} */
  const layers = JSON.parse(readFileSync(values.layers ?? '', 'utf8'));
  const model = modelOf(tf, layers);
  const loss = 'categoricalCrossentropy';
  model.compile({ optimizer: tf.train.sgd(LEARNING_RATE), loss, metrics: [...metrics] });
  return model;
}

/** Trained parameters. @param {import('@tensorflow/tfjs-node').LayersModel} model */
function parameters(model) {
  return model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce((/** @type {number} */ size, each) => size * Number(each), 1),
    0,
  );
}

/** Most memory of this process. Not `maxRSS` on Linux: there it counts the parent before exec too. */
function peakBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}

/** @param {() => Promise<unknown>} action @param {number} warmup @param {number} counted */
async function timesOf(action, warmup, counted) {
  const times = [];
  for (let index = 0; index < warmup + counted; index++) {
    const start = performance.now();
    await action();
    if (index >= warmup) times.push(performance.now() - start);
    if (times.length >= MAX_SLOW_STEPS && (times.at(-1) ?? 0) > SLOW_MS) break;
  }
  return times;
}

/** @param {number} size @param {readonly number[]} shape */
function randomBatch(size, shape) {
  const labels = tf.tensor1d(
    Array.from({ length: size }, (_, index) => index % 10),
    'int32',
  );
  return { x: tf.randomUniform([size, ...shape]), y: tf.oneHot(labels, 10).toFloat() };
}

/** @param {import('@tensorflow/tfjs-node').LayersModel} model @returns {number[]} */
const inputShape = (model) => model.inputs[0]?.shape.slice(1).map(Number) ?? [];

async function step() {
  const model = compiledModel();
  const batch = randomBatch(count('batch'), inputShape(model));
  const others = randomBatch(count('inference-batch'), inputShape(model));
  const train = () => model.trainOnBatch(batch.x, batch.y);
  await train();
  const firstStepAt = Date.now();
  const stepMs = await timesOf(train, count('warmup') - 1, count('steps'));
  const peak = peakBytes();
  const infer = async () =>
    tf.tidy(() => model.evaluate(others.x, others.y, { batchSize: count('inference-batch') }));
  const inferenceMs = await timesOf(
    async () => {
      const loss = [await infer()].flat()[0];
      await loss?.data();
      loss?.dispose();
    },
    1,
    count('inferences'),
  );
  return { params: parameters(model), stepMs, inferenceMs, firstStepAt, peakBytes: peak };
}

/** An IDX file of bytes, as published or gzipped. @param {string} path */
function readIdx(path) {
  try {
    return readFileSync(path);
  } catch {
    return gunzipSync(readFileSync(`${path}.gz`));
  }
}

/** The first images at the network's size, scaled, and their labels: one tensor each. @param {number[]} shape */
function trainingData(shape) {
  const limit = count('limit');
  const [height = PIXELS, width = PIXELS] = shape;
  const pixels = readIdx(values.images ?? '').subarray(IMAGE_HEADER, IMAGE_HEADER + limit * PIXELS * PIXELS);
  const classes = readIdx(values.labels ?? '').subarray(LABEL_HEADER, LABEL_HEADER + limit);
  return tf.tidy(() => {
    const images = tf.tensor4d(Float32Array.from(pixels), [limit, PIXELS, PIXELS, 1]).div(255);
    const labels = tf.tensor1d(Int32Array.from(classes), 'int32');
    const resized =
      height === PIXELS ? images : tf.image.resizeBilinear(/** @type {any} */ (images), [height, width]);
    return { x: resized, y: tf.oneHot(labels, 10).toFloat() };
  });
}

async function epoch() {
  const model = compiledModel(['accuracy']);
  const { x, y } = trainingData(inputShape(model));
  const options = { batchSize: count('batch'), epochs: 1, shuffle: true, verbose: 0 };
  const epochMs = await timesOf(() => model.fit(x, y, options), 1, count('epochs'));
  return { params: parameters(model), epochMs, peakBytes: peakBytes() };
}

const figures = positionals[0] === 'epoch' ? await epoch() : await step();
console.log(`\n${JSON.stringify(figures)}`);
