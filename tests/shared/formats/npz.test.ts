/** NumPy archives from strangers: what is read, passed over and refused. */
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { readNpz } from '@shared/formats/npz';

const limits = { archiveBytes: 1e6, entries: 10, unpackedBytes: 1000 };

/** As numpy/lib/format.py describes it, written here by itself. */
function array(type: string, shape: string, content: Uint8Array, isFortran = false): Uint8Array {
  const fortran = isFortran ? 'True' : 'False';
  const header = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;
  const head = [0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8];
  return Buffer.concat([Buffer.from(head), Buffer.from(header), content]);
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

it('arrays of float32 are read by name, with sizes of any number', () => {
  const bytes = zipSync({
    'a/kernel.npy': array('<f4', '2, 1', floats(1, -2)),
    'b.npy': array('<f4', '1,', floats(3)),
    'c.npy': array('<f4', '', floats(4)),
  });
  const read = readNpz(bytes, limits);
  expect(read.ok && read.value).toEqual([
    { name: 'a/kernel', dims: [2, 1], values: Float32Array.of(1, -2) },
    { name: 'b', dims: [1], values: Float32Array.of(3) },
    { name: 'c', dims: [], values: Float32Array.of(4) },
  ]);
});

it('arrays of other types or orders, and other files, are passed over', () => {
  const bytes = zipSync({
    'text.npy': array('<U1', '', new Uint8Array(4)),
    'turned.npy': array('<f4', '1, 1', floats(1), true),
    'objects.npy': array('|O', '1,', new Uint8Array(9)),
    'note.txt': new Uint8Array(3),
  });
  expect(readNpz(bytes, limits)).toEqual({ ok: true, value: [] });
});

it.each([
  ['an array that is shorter than it says', { 'a.npy': array('<f4', '3,', floats(1)) }, 'DAMAGED'],
  ['sizes beyond numbers', { 'a.npy': array('<f4', `${'9'.repeat(400)},`, floats(1)) }, 'DAMAGED'],
  ['no array', { 'a.npy': Buffer.from('nothing') }, 'DAMAGED'],
  ['contents that are too large', { 'a.npy': new Uint8Array(1001) }, 'CONTENTS_TOO_LARGE'],
  ['a path that leads out', { '../a.npy': new Uint8Array(1) }, 'PATH_OUTSIDE'],
  [
    'too many entries',
    Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i}`, new Uint8Array(1)])),
    'TOO_MANY_ENTRIES',
  ],
])('%s is refused', (_, files: Record<string, Uint8Array>, reason) => {
  expect(readNpz(zipSync(files), limits)).toEqual({ ok: false, error: reason });
});
