/** Reads the shards that a model.json names, and makes float32 again of what was quantized. */
import type { NamedTensor } from '../../formats/safetensors';
import { type Problem, problem } from '../../problems/problem';
import { failure, type Result, success } from '../../util/result';
import { type ImportFile, isPlainName, MAX_IMPORT_BYTES } from '../format';
import type { TensorEntry, WeightGroup } from './model-file';

/** Bytes of an element as it is stored, by the type in which it is stored. */
const elementBytes: Readonly<Record<string, number | undefined>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

const storedType = ({ dtype, quantization }: TensorEntry): string => quantization?.dtype ?? dtype;
const elementsOf = ({ shape }: TensorEntry): number => shape.reduce((product, size) => product * size, 1);

/** All tensors of floats. Sizes are added up before the first file is read, and files must have exactly these. */
export async function readWeights(
  file: ImportFile,
  groups: readonly WeightGroup[],
): Promise<Result<readonly NamedTensor[], Problem>> {
  const { name } = file;
  const all = groups.flatMap(({ weights }) => weights);
  const unknown = all.find((entry) => elementBytes[storedType(entry)] === undefined);
  if (unknown !== undefined) {
    return failure(problem('import/weight-files', { name, reason: 'TYPE', type: storedType(unknown) }));
  }
  // As float32: what is stored in fewer bytes grows.
  if (all.reduce((sum, entry) => sum + 4 * elementsOf(entry), 0) > MAX_IMPORT_BYTES) {
    return failure(problem('import/bad-file', { name, reason: 'TENSORS_TOO_LARGE' }));
  }
  const outside = groups.flatMap(({ paths }) => paths).find((path) => !isPlainName(path));
  if (outside !== undefined) {
    return failure(problem('import/weight-files', { name, reason: 'PATH', file: outside }));
  }
  const tensors: NamedTensor[] = [];
  for (const group of groups) {
    const stream = await readShards(file, group);
    if (!stream.ok) return stream;
    tensors.push(...group.weights.flatMap((entry) => tensorOf(entry, stream.value)));
  }
  return success(tensors);
}

function storedBytes(entry: TensorEntry): number {
  return elementsOf(entry) * (elementBytes[storedType(entry)] ?? 0);
}

async function readShards(
  file: ImportFile,
  { paths, weights }: WeightGroup,
): Promise<Result<ByteStream, Problem>> {
  const { name } = file;
  const expected = weights.reduce((sum, entry) => sum + storedBytes(entry), 0);
  const shards: Uint8Array[] = [];
  let found = 0;
  for (const path of paths) {
    const bytes = await file.beside(path, expected - found);
    if (bytes === undefined) {
      return failure(problem('import/weight-files', { name, reason: 'MISSING', file: path }));
    }
    found += bytes.byteLength;
    if (found > expected) break;
    shards.push(bytes);
  }
  if (found === expected) return success(new ByteStream(shards));
  return failure(problem('import/weight-files', { name, reason: 'SIZE', found, expected }));
}

/** Pieces one after another, from which bytes are taken in order. */
class ByteStream {
  readonly #pieces: Uint8Array[];
  #at = 0;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = [...pieces];
  }

  /** A copy, at the beginning of memory of its own. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(count);
    for (let done = 0; done < count;) {
      const [piece] = this.#pieces;
      if (piece === undefined) break;
      const part = piece.subarray(this.#at, this.#at + count - done);
      taken.set(part, done);
      done += part.byteLength;
      this.#at += part.byteLength;
      if (this.#at === piece.byteLength) {
        this.#pieces.shift();
        this.#at = 0;
      }
    }
    return taken;
  }
}

/** None for what is no weight: constants of graphs that count or tell true from false. */
function tensorOf(entry: TensorEntry, stream: ByteStream): readonly NamedTensor[] {
  const { buffer } = stream.take(storedBytes(entry));
  if (entry.dtype !== 'float32') return [];
  return [{ name: entry.name, dims: entry.shape, values: floatsOf(buffer, entry) }];
}

/** value = stored * scale + min (dequantizes in tfjs-core/src/io/io_utils.ts); values are little-endian. */
function floatsOf(buffer: ArrayBuffer, { quantization }: TensorEntry): Float32Array {
  if (quantization === undefined) return new Float32Array(buffer);
  const { dtype, scale = 1, min = 0 } = quantization;
  if (dtype === 'float16') return Float32Array.from(new Uint16Array(buffer), halfFloat);
  const stored = dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return Float32Array.from(stored, (value) => value * scale + min);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
