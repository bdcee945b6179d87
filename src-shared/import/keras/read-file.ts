/** Reads .keras archives and .h5 files: the description of the network as JSON, and the weights of each layer. */
import { type Hdf5Contents, type Hdf5Refusal, readHdf5 } from '../../formats/hdf5/read';
import type { NamedTensor } from '../../formats/safetensors';
import { readZip, type ZipRefusal } from '../../formats/zip/read';
import { snakeCase } from '../../util/case';
import { failure, type Result, success } from '../../util/result';
import { MAX_IMPORT_BYTES } from '../format';
import { type JsonRefusal, parseJson, textOf } from '../json-text';
import { type FileLayer, type FileModel, type ModelRefusal, readModelConfig } from './model-config';
import type { FileSource } from './network';

/** Words of `import/bad-file`. */
type Refusal = Hdf5Refusal | ZipRefusal | ModelRefusal | JsonRefusal | 'NO_CONFIG' | 'WEIGHTS_ONLY';

export interface KerasFile extends FileSource {
  readonly model: FileModel;
}

const MAX_ENTRIES = 1000;
const entries = { config: 'config.json', metadata: 'metadata.json', weights: 'model.weights.h5' } as const;

export async function readArchive(bytes: Uint8Array): Promise<Result<KerasFile, Refusal>> {
  const limits = { archiveBytes: MAX_IMPORT_BYTES, entries: MAX_ENTRIES, unpackedBytes: MAX_IMPORT_BYTES };
  const wanted = new Set<string>(Object.values(entries));
  const files = readZip(bytes, limits, (path) => wanted.has(path));
  if (!files.ok) return files;
  const config = files.value.get(entries.config);
  if (config === undefined) return failure('NO_CONFIG');
  const model = readModel(textOf(config));
  if (!model.ok) return model;
  const weights = files.value.get(entries.weights);
  const contents = weights === undefined ? undefined : await readHdf5(weights);
  if (contents?.ok === false) return contents;
  const folders = foldersOf(model.value.layers);
  const byFolder = tensorsByFolder(contents?.value);
  const weightsOf = ({ name }: FileLayer): readonly NamedTensor[] =>
    ['layers', '_layer_checkpoint_dependencies']
      .map((root) => byFolder.get(`${root}/${folders.get(name) ?? ''}/vars`))
      .find((found) => found !== undefined) ?? [];
  const metadata = files.value.get(entries.metadata);
  const isOurs = (metadata && textOf(metadata))?.includes('"producer":"Layerloom ') ?? false;
  return success({ model: model.value, weightsOf, isOurs });
}

/** Keras finds weights by the class of a layer, and its number among those of the class. */
function foldersOf(layers: readonly FileLayer[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    layers.map(({ className, name }) => {
      const base = snakeCase(className);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      return [name, count === 0 ? base : `${base}_${count}`];
    }),
  );
}

/** In the order of their numbers. */
function tensorsByFolder(contents: Hdf5Contents | undefined): ReadonlyMap<string, readonly NamedTensor[]> {
  const folders = new Map<string, NamedTensor[]>();
  for (const tensor of contents?.tensors ?? []) {
    const folder = tensor.name.slice(0, tensor.name.lastIndexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), tensor]);
  }
  const number = ({ name }: NamedTensor): number => Number(name.slice(name.lastIndexOf('/') + 1));
  for (const tensors of folders.values()) tensors.sort((a, b) => number(a) - number(b));
  return folders;
}

export async function readWholeHdf5(bytes: Uint8Array): Promise<Result<KerasFile, Refusal>> {
  const contents = await readHdf5(bytes);
  if (!contents.ok) return contents;
  const { attributes, tensors } = contents.value;
  const root = attributes.get('');
  const config = root?.get('model_config');
  if (typeof config !== 'string') return failure(tensors.length > 0 ? 'WEIGHTS_ONLY' : 'NO_CONFIG');
  const model = readModel(config);
  if (!model.ok) return model;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const weightsOf = ({ name }: FileLayer): readonly NamedTensor[] => {
    const folder = `model_weights/${name}`;
    const found = listOf(attributes.get(folder), 'weight_names').map((each) =>
      byName.get(`${folder}/${each}`),
    );
    // One that cannot be found makes the number another.
    return found.filter((tensor) => tensor !== undefined);
  };
  const isOurs = String(root?.get('producer') ?? '').startsWith('Layerloom ');
  return success({ model: model.value, weightsOf, isOurs });
}

/** A list of texts, which may stand in several attributes with numbered names. */
function listOf(
  found: ReadonlyMap<string, string | readonly string[]> | undefined,
  name: string,
): readonly string[] {
  const whole = found?.get(name);
  if (whole !== undefined) return [whole].flat();
  const parts: string[] = [];
  for (let index = 0; ; index++) {
    const part = found?.get(`${name}${index}`);
    if (part === undefined) return parts;
    parts.push(...[part].flat());
  }
}

function readModel(text: string | undefined): Result<FileModel, Refusal> {
  const json = parseJson(text);
  return json.ok ? readModelConfig(json.value) : json;
}
