/** Check of safetensors: reads the file by the format's own rules, without the code that wrote it. */
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import { type Checker, largestDifference } from './checker';
import { readSafetensors } from './support/safetensors-file';

const reader = 'safetensors';

const check: Checker = async ({ input, path }) => {
  try {
    const entries = await readSafetensors(path);
    let largest = entries.length === input.weights.size ? 0 : Infinity;
    for (const { name, shape, values } of entries) {
      const weight = input.weights.get(name);
      const isSame = weight?.dims.join() === shape.join();
      largest = Math.max(largest, weight && isSame ? largestDifference(values, weight.values) : Infinity);
    }
    const count = entries.length;
    return success({ reader, compared: 'tensors', count, largestDifference: largest, tolerance: 0 });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;
