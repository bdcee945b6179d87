/** Check of SavedModels: a new session of TensorFlow loads the file, as any program would, and predicts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import { float32 } from '../runtime/runtime';
import { type Checker, largestDifference, predictionTolerance } from './checker';

const reader = 'TensorFlow';

const check: Checker = async ({ input, path, ...context }) => {
  const [samples, runtime] = [await context.samples(), await context.runtime()];
  if (!samples.ok) return samples;
  if (!runtime.ok) return runtime;
  const { count, inputs, predictions } = samples.value;
  try {
    const session = await runtime.value.load(await readFile(join(path, 'saved_model.pb')));
    if (!session.ok) return session;
    const predict = session.value.bind({ feeds: { input: 'input:0' }, fetches: ['output:0'] });
    const answer = await predict({ input: float32(inputs, [count, ...input.model.input.outputShape]) });
    session.value.dispose();
    if (!answer.ok) return answer;
    const largest = largestDifference(Float32Array.from(answer.value[0] ?? []), predictions);
    const tolerance = predictionTolerance(samples.value);
    return success({ reader, compared: 'predictions', count, largestDifference: largest, tolerance });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;
