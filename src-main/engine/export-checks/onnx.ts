/** Check of ONNX files: ONNX Runtime loads the file, with what stands beside it, and predicts. */
import type { InferenceSession } from 'onnxruntime-node';
import { problem } from '@shared/problems/problem';
import { required } from '@shared/util/assert';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import { type CheckSamples, type Checker, largestDifference, predictionTolerance } from './checker';

const reader = 'ONNX Runtime';
type Onnxruntime = typeof import('onnxruntime-node');

const check: Checker = async ({ input, path, ...context }) => {
  const samples = await context.samples();
  if (!samples.ok) return samples;
  try {
    // Loaded when it is needed: its library is large.
    const ort = await import('onnxruntime-node');
    const session = await ort.InferenceSession.create(path, { logSeverityLevel: 3 });
    const predictions = await predict(ort, session, samples.value, input.model.input.outputShape);
    await session.release();
    const largest = largestDifference(predictions, samples.value.predictions);
    const { count } = samples.value;
    const tolerance = predictionTolerance(samples.value);
    return success({ reader, compared: 'predictions', count, largestDifference: largest, tolerance });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;

async function predict(
  ort: Onnxruntime,
  session: InferenceSession,
  { count, inputs }: CheckSamples,
  [height = 1, width = 1, channels = 1]: readonly number[],
): Promise<Float32Array> {
  const name = required(session.inputNames[0], 'an input');
  const images = channelsFirst(inputs, height * width, channels);
  const feed = new ort.Tensor('float32', images, [count, channels, height, width]);
  const answer = await session.run({ [name]: feed });
  const { data } = required(answer[required(session.outputNames[0], 'an output')], 'predictions');
  return data instanceof Float32Array ? data.slice() : new Float32Array();
}

/** Pixels of channels as channels of pixels. */
function channelsFirst(values: Float32Array, pixels: number, channels: number): Float32Array {
  return values.map((_, index) => {
    const pixel = index % pixels;
    const channel = Math.floor(index / pixels) % channels;
    const image = Math.floor(index / (pixels * channels));
    return values[(image * pixels + pixel) * channels + channel] ?? 0;
  });
}
