/** Reads safetensors by the format's own rules, without the code that wrote it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const header = z.record(
  z.string(),
  z.object({
    dtype: z.literal('F32'),
    shape: z.array(z.number()),
    data_offsets: z.tuple([z.number(), z.number()]),
  }),
);

export interface ReadTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All tensors of the file; throws where it is none. */
export async function readSafetensors(path: string): Promise<readonly ReadTensor[]> {
  const file = await readFile(path);
  const end = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__: _, ...rest } = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(file.toString('utf8', 8, end)));
  return Object.entries(header.parse(rest)).map(
    ([
      name,
      {
        shape,
        data_offsets: [first, last],
      },
    ]) => ({
      ...{ name, shape },
      values: floats(file.subarray(end + first, end + last)),
    }),
  );
}

function floats(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
