/** Check of safetensors: reads the file by the format's own rules, without the code that wrote it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import { type Checker, largestDifference } from './checker';

const reader = 'safetensors';
const header = z.record(
  z.string(),
  z.object({
    dtype: z.literal('F32'),
    shape: z.array(z.number()),
    data_offsets: z.tuple([z.number(), z.number()]),
  }),
);

const check: Checker = async ({ input, path }) => {
  try {
    const file = await readFile(path);
    const end = 8 + Number(file.readBigUInt64LE(0));
    const { __metadata__: _, ...rest } = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(file.toString('utf8', 8, end)));
    const entries = Object.entries(header.parse(rest));
    let largest = entries.length === input.weights.size ? 0 : Infinity;
    for (const [
      name,
      {
        shape,
        data_offsets: [first, last],
      },
    ] of entries) {
      const weight = input.weights.get(name);
      const isSame = weight?.dims.join() === shape.join();
      const values = floats(file.subarray(end + first, end + last));
      largest = Math.max(largest, weight && isSame ? largestDifference(values, weight.values) : Infinity);
    }
    const count = entries.length;
    return success({ reader, compared: 'tensors', count, largestDifference: largest, tolerance: 0 });
  } catch (error) {
    return failure(problem('export/check-failed', { reader, reason: reasonOf(error) }));
  }
};
export default check;

function floats(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
