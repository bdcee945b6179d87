/** NumPy's archives of arrays, read: float32 in C order, sizes bounded before memory is taken. */
import { failure, type Result, success } from '../util/result';
import type { NamedTensor } from './safetensors';
import { readZip, type ZipLimits, type ZipRefusal } from './zip/read';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const SUFFIX = '.npy';
/** Of version 1.0, whose header's length takes two bytes; later ones are for headers of structures. */
const HEADER_START = 10;

/** The float32 arrays by name; texts and other types are passed over, an array cut off is not. */
export function readNpz(bytes: Uint8Array, limits: ZipLimits): Result<readonly NamedTensor[], ZipRefusal> {
  const files = readZip(bytes, limits, (path) => path.endsWith(SUFFIX));
  if (!files.ok) return files;
  const tensors: NamedTensor[] = [];
  for (const [path, content] of files.value) {
    const array = readArray(content);
    if (array === 'DAMAGED') return failure('DAMAGED');
    if (array !== undefined) tensors.push({ name: path.slice(0, -SUFFIX.length), ...array });
  }
  return success(tensors);
}

/** Undefined for arrays of other types (numpy/lib/format.py has the header). */
function readArray(bytes: Uint8Array): Omit<NamedTensor, 'name'> | 'DAMAGED' | undefined {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) return 'DAMAGED';
  const start = HEADER_START + (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
  const header = String.fromCharCode(...bytes.subarray(HEADER_START, Math.min(start, HEADER_START + 4096)));
  const shape = /'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (shape === undefined) return undefined;
  const dims = shape
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const count = dims.reduce((product, size) => product * size, 1);
  if (bytes.byteLength - start !== count * 4) return 'DAMAGED';
  const values = new Float32Array(count);
  new Uint8Array(values.buffer).set(bytes.subarray(start));
  return { dims, values };
}
