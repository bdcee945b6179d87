/** Check of Keras's .h5 files: read by the HDF5 library, in the order of the lists that Keras goes by. */
import { readFile } from 'node:fs/promises';
import { kerasNetwork } from '@shared/export/keras/network';
import { legacyNames } from '@shared/export/keras/names';
import { type Hdf5Contents, readHdf5 } from '@shared/formats/hdf5/read';
import { problem } from '@shared/problems/problem';
import { required } from '@shared/util/assert';
import { reasonOf } from '@shared/util/reason';
import { failure, success } from '@shared/util/result';
import type { Checker } from './checker';
import { compareLayers } from './support/keras-layers';

const reader = 'HDF5 (h5wasm)';

const check: Checker = async ({ input, path }) => {
  const failed = (reason: string) => failure(problem('export/check-failed', { reader, reason }));
  try {
    const file = await readHdf5(await readFile(path));
    if (!file.ok) return failed(file.error);
    const tensors = new Map(file.value.tensors.map((tensor) => [tensor.name, tensor]));
    const placed = list(file.value, 'model_weights', 'layer_names').map((name) => ({
      name,
      tensors: list(file.value, `model_weights/${name}`, 'weight_names').map((weight) =>
        required(tensors.get(`model_weights/${name}/${weight}`), weight),
      ),
    }));
    return success(compareLayers(reader, input, kerasNetwork(input.model, legacyNames), placed));
  } catch (error) {
    return failed(reasonOf(error));
  }
};
export default check;

/** A list of texts, which may stand in several attributes with numbered names. */
function list({ attributes }: Hdf5Contents, path: string, name: string): readonly string[] {
  const found = attributes.get(path);
  const whole = found?.get(name);
  if (whole !== undefined) return [whole].flat();
  const parts: string[] = [];
  for (let index = 0; ; index++) {
    const part = found?.get(`${name}${index}`);
    if (part === undefined) return parts;
    parts.push(...[part].flat());
  }
}
