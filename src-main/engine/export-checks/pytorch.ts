/** Check of PyTorch exports: every tensor is read by the format's own rules, turned back and compared with its weight. */
import { join } from 'node:path';
import { WEIGHTS_FILE } from '@shared/export/pytorch';
import { torchWeights } from '@shared/export/pytorch/weight-names';
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import { type Checker, largestDifference } from './checker';
import { readSafetensors } from './support/safetensors-file';
import { turnedBack } from './support/transpose';

const reader = 'safetensors';

const check: Checker = async ({ input, path }) => {
  try {
    const entries = await readSafetensors(join(path, WEIGHTS_FILE));
    const read = new Map(entries.map((entry) => [entry.name, entry]));
    const weights = torchWeights(input.model);
    let largest = entries.length === input.weights.size ? 0 : Infinity;
    for (const { torchName, weight, view, permutation, dims } of weights) {
      const [tensor, expected] = [read.get(torchName), input.weights.get(weight)];
      const isSame = tensor && expected && tensor.shape.join() === dims.join();
      const values = isSame ? turnedBack(tensor.values, view, permutation) : new Float32Array(0);
      largest = Math.max(largest, isSame ? largestDifference(values, expected.values) : Infinity);
    }
    const count = entries.length;
    return success({ reader, compared: 'tensors', count, largestDifference: largest, tolerance: 0 });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;
