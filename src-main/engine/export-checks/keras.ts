/** Check of .keras files: the archive and the weights are read by other libraries than what wrote them. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { kerasNetwork } from '@shared/export/keras/network';
import { kerasNames } from '@shared/export/keras/names';
import { readHdf5 } from '@shared/formats/hdf5/read';
import { readZip } from '@shared/formats/zip/read';
import { problem } from '@shared/problems/problem';
import { snakeCase } from '@shared/util/case';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import type { Checker } from './checker';
import { compareLayers } from './support/keras-layers';

const reader = 'HDF5 (h5wasm), fflate';
const limits = { archiveBytes: 2 ** 32, entries: 3, unpackedBytes: 2 ** 32 };
const config = z.object({
  config: z.object({ layers: z.array(z.object({ class_name: z.string(), name: z.string() })) }),
});

const check: Checker = async ({ input, path }) => {
  const failed = (reason: string) => failure(problem('export/check-failed', { reader, reason }));
  try {
    const files = readZip(await readFile(path), limits, () => true);
    if (!files.ok) return failed(files.error);
    const [text, weights] = ['config.json', 'model.weights.h5'].map((name) => files.value.get(name));
    if (!text || !weights) return failed('config.json or model.weights.h5 is missing');
    const { layers } = config.parse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)),
    ).config;
    const file = await readHdf5(weights);
    if (!file.ok) return failed(file.error);
    // Keras finds weights by the class of a layer, and its number among those of the class.
    const counts = new Map<string, number>();
    const folders = layers.map(({ class_name, name }) => {
      const base = snakeCase(class_name);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      return { name, folder: `layers/${base}${count === 0 ? '' : `_${count}`}/vars/` };
    });
    const placed = folders.map(({ name, folder }) => ({
      name,
      tensors: file.value.tensors
        .filter((tensor) => tensor.name.startsWith(folder))
        .sort((a, b) => Number(a.name.slice(folder.length)) - Number(b.name.slice(folder.length))),
    }));
    return success(compareLayers(reader, input, kerasNetwork(input.model, kerasNames), placed));
  } catch (error) {
    return failed(reasonOf(error));
  }
};
export default check;
