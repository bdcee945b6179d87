/** Reads HDF5 files from strangers: bounded before memory is taken, no links to other files, floating-point tensors and texts only. */
import type { Attribute, Dataset, File, Group } from 'h5wasm';
import { failure, type Result, success } from '../../util/result';
import { elementsPerSample } from '../../ir/shape';
import type { NamedTensor } from '../safetensors';
import { hdf5Library, type Hdf5Library } from './library';

export interface Hdf5Limits {
  readonly fileBytes: number;
  /** Groups and tensors. */
  readonly objects: number;
  readonly depth: number;
  /** Of all tensors together, as float32. */
  readonly tensorBytes: number;
  /** Texts in one attribute. */
  readonly texts: number;
}

export const hdf5Limits: Hdf5Limits = {
  fileBytes: 1.5 * 2 ** 30,
  objects: 100_000,
  depth: 40,
  tensorBytes: 1.5 * 2 ** 30,
  texts: 10_000,
};

/** Compressed files may be smaller than their values, but weights of networks hardly compress. */
const MAX_COMPRESSION = 200;

export interface Hdf5Contents {
  /** Under their full paths, without a leading `/`. */
  readonly tensors: readonly NamedTensor[];
  /** Attributes that are texts or lists of texts, by the path of the object (`` for the root) and their names. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, string | readonly string[]>>;
}

/** Why a file is refused, as problems/import.ts has words for it. */
export type Hdf5Refusal =
  | 'TOO_LARGE'
  | 'NOT_HDF5'
  | 'DAMAGED'
  | 'TOO_MANY_OBJECTS'
  | 'TOO_DEEP'
  | 'EXTERNAL_LINK'
  | 'TENSORS_TOO_LARGE'
  | 'TOO_MANY_TEXTS';

class Refused extends Error {
  constructor(readonly reason: Hdf5Refusal) {
    super(reason);
  }
}

/** Everything that is of use in the file, or the reason. */
export async function readHdf5(
  bytes: Uint8Array,
  limits: Hdf5Limits = hdf5Limits,
): Promise<Result<Hdf5Contents, Hdf5Refusal>> {
  if (bytes.byteLength > limits.fileBytes) return failure('TOO_LARGE');
  if (!isHdf5(bytes)) return failure('NOT_HDF5');
  const library = await hdf5Library();
  // Every file is read in a process of its own: this is the same damaged one again.
  if (library.isBroken) return failure('DAMAGED');
  try {
    return success(library.read(bytes, (file) => new Reader(library, limits, bytes.byteLength).read(file)));
  } catch (error) {
    if (error instanceof Refused) return failure(error.reason);
    // Whatever the C library found wrong in it.
    return failure('DAMAGED');
  }
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the bytes begin as an HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

class Reader {
  readonly #library: Hdf5Library;
  readonly #limits: Hdf5Limits;
  readonly #tensors: NamedTensor[] = [];
  readonly #attributes = new Map<string, ReadonlyMap<string, string | readonly string[]>>();
  readonly #fileBytes: number;
  #bytesLeft: number;
  #objectsLeft: number;

  constructor(library: Hdf5Library, limits: Hdf5Limits, fileBytes: number) {
    this.#library = library;
    this.#limits = limits;
    this.#fileBytes = fileBytes;
    this.#objectsLeft = limits.objects;
    this.#bytesLeft = Math.min(limits.tensorBytes, fileBytes * MAX_COMPRESSION);
  }

  read(file: File): Hdf5Contents {
    this.#readAttributes(file, '');
    this.#readGroup(file, '', 0);
    return { tensors: this.#tensors, attributes: this.#attributes };
  }

  /** Links may lead back: depth and count end that. */
  #readGroup(group: Group, path: string, depth: number): void {
    if (depth > this.#limits.depth) throw new Refused('TOO_DEEP');
    for (const name of group.keys()) {
      if (--this.#objectsLeft < 0) throw new Refused('TOO_MANY_OBJECTS');
      const inside = path === '' ? name : `${path}/${name}`;
      const found = group.get(name);
      const { types } = this.#library;
      if (found instanceof types.ExternalLink) throw new Refused('EXTERNAL_LINK');
      if (found instanceof types.Dataset) this.#readDataset(found, inside);
      else if (found instanceof types.Group) {
        this.#readAttributes(found, inside);
        this.#readGroup(found, inside, depth + 1);
      }
    }
  }

  #readDataset(dataset: Dataset, name: string): void {
    const { shape, type, size } = dataset.metadata;
    const isFloat = type === FLOAT_CLASS && (size === 4 || size === 8);
    if (!isFloat || !shape) return;
    const elements = elementsPerSample(shape);
    this.#bytesLeft -= elements * Math.max(size, 4);
    if (this.#bytesLeft < 0) throw new Refused('TENSORS_TOO_LARGE');
    const { value } = dataset;
    this.#tensors.push({ name, dims: shape, values: floats(value) });
  }

  #readAttributes(object: Group, path: string): void {
    const texts = Object.entries(object.attrs).flatMap(([name, attribute]) => {
      const value = this.#textsOf(attribute);
      return value === undefined ? [] : [[name, value] as const];
    });
    if (texts.length > 0) this.#attributes.set(path, new Map(texts));
  }

  #textsOf(attribute: Attribute): string | readonly string[] | undefined {
    const { type, shape, size, total_size: count } = attribute.metadata;
    if (shape?.length === 1 && count === 0) return [];
    if (type !== STRING_CLASS || !shape || shape.length > 1) return undefined;
    if (count > this.#limits.texts) throw new Refused('TOO_MANY_TEXTS');
    // Of texts with a fixed length, which the library takes memory for.
    if (count * size > this.#fileBytes) throw new Refused('DAMAGED');
    const { value } = attribute;
    if (typeof value === 'string') return value;
    return Array.isArray(value) ? value.map(String) : undefined;
  }
}

/** H5T_FLOAT and H5T_STRING of the C library. */
const FLOAT_CLASS = 1;
const STRING_CLASS = 3;

/** A scalar comes as a number. */
function floats(value: unknown): Float32Array {
  if (value instanceof Float32Array) return value;
  if (value instanceof Float64Array) return Float32Array.from(value);
  if (typeof value === 'number') return Float32Array.of(value);
  throw new Refused('DAMAGED');
}
