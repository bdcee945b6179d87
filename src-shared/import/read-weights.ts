/** Weights out of a file of any kind, under names by which a network may have them. */
import { type Hdf5Contents, isHdf5, readHdf5 } from '../formats/hdf5/read';
import { readNpz } from '../formats/npz';
import { decodeSafetensors, type NamedTensor } from '../formats/safetensors';
import { isZip } from '../formats/zip/read';
import { problem, type Problem } from '../problems/problem';
import { failure, type Result, success } from '../util/result';
import { importFormatOf } from '.';
import { type ImportedNetwork, type ImportFile, MAX_IMPORT_BYTES } from './format';

const MAX_ENTRIES = 20_000;

/** Endings of files that hold weights alone. */
export const weightExtensions: readonly string[] = ['.safetensors', '.npz', '.weights.h5'];

/** Whether the file holds weights alone: such files are read for a network that is there. */
export function holdsWeightsAlone({ name }: Pick<ImportFile, 'name'>): boolean {
  return weightExtensions.some((extension) => name.toLowerCase().endsWith(extension));
}

/** Every tensor of weights, of files with a network too: those bear the names of its layers. */
export async function readWeights(file: ImportFile): Promise<Result<readonly NamedTensor[], Problem>> {
  const { name, bytes } = file;
  const refuse = (reason: string) => failure(problem('import/bad-file', { name, reason }));
  const ending = name.toLowerCase();
  if (ending.endsWith('.safetensors')) {
    const read = decodeSafetensors(bytes, { skipsOtherTypes: true });
    return read.ok ? success(withoutSlots(read.value.tensors)) : refuse('DAMAGED');
  }
  if (ending.endsWith('.npz')) {
    const limits = { archiveBytes: MAX_IMPORT_BYTES, entries: MAX_ENTRIES, unpackedBytes: MAX_IMPORT_BYTES };
    const read = isZip(bytes) ? readNpz(bytes, limits) : failure('NOT_ZIP');
    return read.ok ? success(withoutSlots(read.value)) : refuse(read.error);
  }
  if (ending.endsWith('.weights.h5')) {
    const read = isHdf5(bytes) ? await readHdf5(bytes) : failure('NOT_HDF5');
    return read.ok ? success(namedByLayers(read.value)) : refuse(read.error);
  }
  const format = importFormatOf(file);
  if (!format.ok) return format;
  const network = await format.value.read(file);
  if (network.ok) return success(tensorsOf(network.value));
  return (await format.value.readTensors?.(file)) ?? network;
}

/** Under the names of the file's layers. */
function tensorsOf({ layers }: ImportedNetwork): readonly NamedTensor[] {
  return layers
    .flatMap(({ nodes }) => nodes)
    .flatMap(({ name, weights }) =>
      weights.map(({ role, dims, values }): NamedTensor => ({ name: `${name}/${role}`, dims, values })),
    );
}

/** Checkpoints of runs hold the optimiser's values as well, under the names of the weights that they belong to. */
export function withoutSlots(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  const names = new Set(tensors.map(({ name }) => name));
  return tensors.filter(({ name }) => !names.has(name.slice(0, Math.max(0, name.lastIndexOf('/')))));
}

/** Keras numbers a layer's variables and may note the layer's name beside them. */
const variable = /^(?:layers|_layer_checkpoint_dependencies)\/(.+)\/vars\/(\d+)$/;

function namedByLayers({ attributes, tensors }: Hdf5Contents): readonly NamedTensor[] {
  return tensors.flatMap((tensor) => {
    const [, folder, number] = variable.exec(tensor.name) ?? [];
    if (folder === undefined || number === undefined) return [];
    const group = tensor.name.slice(0, tensor.name.lastIndexOf('/'));
    const name =
      attributes.get(group)?.get('name') ?? attributes.get(group.slice(0, -'/vars'.length))?.get('name');
    return [{ ...tensor, name: `${typeof name === 'string' ? name : folder}/${number}` }];
  });
}
