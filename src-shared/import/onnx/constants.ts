/** Tensors of a file as numbers, their bytes taken from the model or from a file beside it. */
import type { ExternalPlace, FileTensor } from '../../formats/onnx/read';
import { tensorTypes } from '../../formats/onnx/model';
import { elementsPerSample } from '../../ir/shape';
import type { Dims } from '../../ir/types';
import { failure, type Result, success } from '../../util/result';
import { type ImportFile, isPlainName, MAX_IMPORT_BYTES } from '../format';

/** A tensor of float32. */
export interface Floats {
  readonly dims: Dims;
  readonly values: Float32Array;
}

/** Of other types that hold whole numbers: sizes and axes. */
const int32 = 6;
/** More numbers than that are no sizes or axes. */
const MAX_NUMBERS = 4096;
const MAX_FILES = 64;

export type ExternalRefusal = 'EXTERNAL_PATH' | 'EXTERNAL_MISSING' | 'TOO_MANY_ENTRIES';

/** Files beside the model by their names, each read once. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/** Reads the files that the tensors name; they must lie in the model's folder, and together be no larger than one. */
export async function readExternal(
  tensors: readonly FileTensor[],
  { beside }: Pick<ImportFile, 'beside'>,
): Promise<Result<ExternalFiles, ExternalRefusal>> {
  const names = new Set(tensors.flatMap(({ external }) => (external ? [plainName(external)] : [])));
  if (![...names].every(isPlainName)) return failure('EXTERNAL_PATH');
  if (names.size > MAX_FILES) return failure('TOO_MANY_ENTRIES');
  const files = new Map<string, Uint8Array>();
  let bytesLeft = MAX_IMPORT_BYTES;
  for (const name of names) {
    const bytes = await beside(name, bytesLeft);
    if (bytes === undefined) return failure('EXTERNAL_MISSING');
    bytesLeft -= bytes.byteLength;
    files.set(name, bytes);
  }
  return success(files);
}

/** `./weights.data` is how some writers name it. */
function plainName({ location }: ExternalPlace): string {
  return location.replace(/^(?:\.\/)+/, '');
}

/** The bytes as they lie in memory; undefined where they do not have the size of the tensor. */
function bytesOf(tensor: FileTensor, files: ExternalFiles, size: number): readonly Uint8Array[] | undefined {
  const { external, pieces } = tensor;
  if (external === undefined) {
    return pieces.reduce((sum, piece) => sum + piece.byteLength, 0) === size ? pieces : undefined;
  }
  const { offset, length = size } = external;
  const file = files.get(plainName(external));
  const isInside = Number.isInteger(offset) && offset >= 0 && length === size;
  if (file === undefined || !isInside || offset + size > file.byteLength) return undefined;
  return [file.subarray(offset, offset + size)];
}

/** float32 alone; undefined for other types, and for tensors that are damaged. */
export function floatsOf(tensor: FileTensor, files: ExternalFiles): Floats | undefined {
  if (tensor.type !== tensorTypes.float32) return undefined;
  const count = elementsPerSample(tensor.dims);
  const pieces = bytesOf(tensor, files, 4 * count);
  if (pieces === undefined) return undefined;
  const values = new Float32Array(count);
  const target = new Uint8Array(values.buffer);
  let at = 0;
  for (const piece of pieces) {
    target.set(piece, at);
    at += piece.byteLength;
  }
  return { dims: tensor.dims, values };
}

/** A few whole numbers: sizes, axes, scales; undefined where the tensor is none of that. */
export function numbersOf(tensor: FileTensor, files: ExternalFiles): readonly number[] | undefined {
  const count = elementsPerSample(tensor.dims);
  if (count > MAX_NUMBERS) return undefined;
  if (tensor.type === tensorTypes.float32) {
    const floats = floatsOf(tensor, files);
    return floats && Array.from(floats.values);
  }
  const width = { [tensorTypes.int64]: 8, [int32]: 4 }[tensor.type];
  if (width === undefined) return undefined;
  if (tensor.numbers.length > 0) return tensor.numbers.length === count ? tensor.numbers : undefined;
  const [bytes, ...others] = bytesOf(tensor, files, width * count) ?? [];
  if (count === 0) return [];
  if (bytes === undefined || others.length > 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) =>
    width === 8 ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
  );
}
