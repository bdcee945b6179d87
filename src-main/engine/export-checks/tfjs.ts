/** Check of TensorFlow.js exports: its own JavaScript loads the folder as a browser would, and predicts without our TensorFlow. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import {
  type CheckContext,
  type Checker,
  type CheckSamples,
  largestDifference,
  predictionTolerance,
} from './checker';
import { isModelJson, loadModel, type Predict } from './support/tfjs-library';

const reader = 'TensorFlow.js';

/** Plain JavaScript is slow: images that do not fit into this are not compared, but for the first. */
const TIME_LIMIT = 20_000;

const check: Checker = async (context) => {
  const samples = await context.samples();
  if (!samples.ok) return samples;
  try {
    const predict = await load(context);
    const { count, predictions } = await compared(context, predict, samples.value);
    const largest = largestDifference(predictions, samples.value.predictions.subarray(0, predictions.length));
    const tolerance = predictionTolerance(samples.value);
    return success({ reader, compared: 'predictions', count, largestDifference: largest, tolerance });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;

async function load({ path, input }: CheckContext): Promise<Predict> {
  const json: unknown = JSON.parse(await readFile(join(path, 'model.json'), 'utf8'));
  if (!isModelJson(json)) throw new Error('model.json is no model of TensorFlow.js');
  const files = json.weightsManifest.flatMap(({ paths }) => paths);
  const shards = await Promise.all(files.map((file) => readFile(join(path, file))));
  const size = shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const weights = new Uint8Array(size);
  let at = 0;
  for (const shard of shards) {
    weights.set(shard, at);
    at += shard.byteLength;
  }
  return loadModel({ json, weights: weights.buffer, shape: input.model.input.outputShape });
}

/** Image after image, so that a cancellation is heard between them. */
async function compared(context: CheckContext, predict: Predict, samples: CheckSamples) {
  const size = samples.inputs.length / samples.count;
  const classes = samples.predictions.length / samples.count;
  const started = performance.now();
  const predictions = new Float32Array(samples.predictions.length);
  let count = 0;
  while (count < samples.count && (count === 0 || performance.now() - started < TIME_LIMIT)) {
    const answer = await predict(samples.inputs.subarray(count * size, (count + 1) * size));
    if (answer.length !== classes) throw new Error(`${answer.length} values for ${classes} classes`);
    predictions.set(answer, count * classes);
    count += 1;
    if (context.isCancelled()) break;
    await setImmediate();
  }
  return { count, predictions: predictions.subarray(0, count * classes) };
}
