/** NumPy's array format, version 1.0: numpy/lib/format.py. */
import { utf8Bytes } from '../../formats/bytes';
import type { WeightValues } from '../model';

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
/** Magic, the header's length in two bytes, and the header: a multiple of this. */
const ALIGNMENT = 64;
const NEWLINE = 10;

interface ArrayFile {
  readonly path: string;
  readonly parts: readonly Uint8Array[];
}

/** float32, little-endian as on every machine that we run on, in C order. */
export function arrayFile(name: string, { dims, values }: WeightValues): ArrayFile {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { path: `${name}.npy`, parts: [npyHeader('<f4', dims), bytes] };
}

/** A text as an array without dimensions of fixed-length Unicode: `str(file[name])`. */
export function textFile(name: string, content: string): ArrayFile {
  const points = Uint32Array.from([...content], (character) => character.codePointAt(0) ?? 0);
  return { path: `${name}.npy`, parts: [npyHeader(`<U${points.length}`, []), new Uint8Array(points.buffer)] };
}

function npyHeader(type: string, dims: readonly number[]): Uint8Array {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const text = utf8Bytes(`{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`);
  const prefix = MAGIC.byteLength + 2;
  const total = Math.ceil((prefix + text.byteLength + 1) / ALIGNMENT) * ALIGNMENT;
  const header = new Uint8Array(total).fill(32);
  header.set(MAGIC);
  new DataView(header.buffer).setUint16(MAGIC.byteLength, total - prefix, true);
  header.set(text, prefix);
  header[total - 1] = NEWLINE;
  return header;
}
