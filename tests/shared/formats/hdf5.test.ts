/** HDF5 files: what the writer wrote, read by the C library of The HDF Group; what strangers send is bounded. */
import { describe, expect, it } from 'vitest';
import { lookup3 } from '@shared/formats/hdf5/checksum';
import { utf8Bytes } from '@shared/formats/bytes';
import { hdf5Limits, readHdf5 } from '@shared/formats/hdf5/read';
import { oldHdf5 } from '../import/files';
import { encodeHdf5, type Hdf5Group, MAX_TEXTS_IN_ATTRIBUTE } from '@shared/formats/hdf5/write';

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const tensor = (name: string, ...values: number[]) => ({
  name,
  dims: [values.length],
  values: Float32Array.from(values),
});

async function contents(root: Omit<Hdf5Group, 'name'>) {
  const read = await readHdf5(joined(encodeHdf5(root)));
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

describe('lookup3', () => {
  // Computed with the author's lookup3.c (driver5).
  it.each([
    ['', 0xdeadbeef],
    ['Four score and seven years ago', 0x17770551],
  ])('hashes %j', (text, expected) => {
    expect(lookup3(utf8Bytes(text))).toBe(expected);
  });
});

describe('the writer', () => {
  it('keeps tensors bit for bit, with their sizes', async () => {
    const values = Float32Array.of(1, -0, NaN, Infinity, 1e-45, 3.4028234663852886e38);
    const { tensors } = await contents({
      tensors: [{ name: 'a', dims: [2, 3], values }, tensor('scalar', 5)],
      groups: [{ name: 'inner', tensors: [{ name: '0', dims: [], values: Float32Array.of(7) }] }],
    });
    expect(tensors.map(({ name, dims }) => [name, dims])).toEqual([
      ['a', [2, 3]],
      ['inner/0', []],
      ['scalar', [1]],
    ]);
    expect(Buffer.from(tensors[0]?.values.buffer ?? new ArrayBuffer(0))).toEqual(Buffer.from(values.buffer));
  });

  it('keeps texts, long ones, many, none, and names in any language', async () => {
    const long = 'x"\n'.repeat(100_000);
    const many = Array.from({ length: MAX_TEXTS_IN_ATTRIBUTE }, (_, i) => `層 ${i}`);
    const { attributes } = await contents({
      attributes: { long, many, none: [], empty: '' },
      groups: [{ name: 'é x"y', attributes: { name: '\u{1f600}' } }],
    });
    expect(attributes.get('')).toEqual(
      new Map<string, unknown>([
        ['empty', ''],
        ['long', long],
        ['many', many],
        ['none', []],
      ]),
    );
    expect(attributes.get('é x"y')?.get('name')).toBe('\u{1f600}');
  });

  it('holds groups of thousands of groups', async () => {
    const groups = Array.from({ length: 2000 }, (_, i) => ({ name: `g${i}`, tensors: [tensor('0', i)] }));
    const { tensors } = await contents({ groups });
    expect(tensors).toHaveLength(2000);
    expect(tensors.find(({ name }) => name === 'g1321/0')?.values).toEqual(Float32Array.of(1321));
  });

  it('gives the same bytes each time', () => {
    const root = { attributes: { a: 'b' }, tensors: [tensor('t', 1, 2)] };
    expect(joined(encodeHdf5(root))).toEqual(joined(encodeHdf5(root)));
  });
});

describe('the reader', () => {
  const file = joined(
    encodeHdf5({
      attributes: { texts: ['a', 'b'] },
      groups: [{ name: 'g', tensors: [tensor('t', 1, 2, 3)] }],
    }),
  );

  it.each([
    ['too large a file', { fileBytes: 10 }, 'TOO_LARGE'],
    ['too many objects', { objects: 1 }, 'TOO_MANY_OBJECTS'],
    ['too deep groups', { depth: 0 }, 'TOO_DEEP'],
    ['too large tensors', { tensorBytes: 11 }, 'TENSORS_TOO_LARGE'],
    ['too many texts', { texts: 1 }, 'TOO_MANY_TEXTS'],
  ])('refuses %s', async (_, limits, error) => {
    expect(await readHdf5(file, { ...hdf5Limits, ...limits })).toEqual({ ok: false, error });
  });

  it('refuses links to other files, and ends where links lead in circles', async () => {
    const outside = await oldHdf5((made) => void made.create_external_link('/etc/passwd', '/x', 'link'));
    expect(await readHdf5(outside)).toEqual({ ok: false, error: 'EXTERNAL_LINK' });
    const circle = await oldHdf5((made) => void made.create_group('g').create_soft_link('/', 'again'));
    // The library itself follows no more than 16 links.
    const read = await readHdf5(circle);
    expect(['DAMAGED', 'TOO_DEEP']).toContain(read.ok ? 'read' : read.error);
  });

  it('refuses tensors far larger than the file before they are unpacked', async () => {
    const count = 2 ** 22;
    const zeros = await oldHdf5((made) => {
      made.create_dataset({
        ...{ name: 'zeros', data: new Float32Array(count), shape: [count] },
        ...{ chunks: [2 ** 18], compression: 9 },
      });
    });
    expect(zeros.length * 200).toBeLessThan(4 * count);
    expect(await readHdf5(zeros)).toEqual({ ok: false, error: 'TENSORS_TOO_LARGE' });
  });

  it('refuses what is no HDF5 file, and says so of a damaged one', async () => {
    expect(await readHdf5(utf8Bytes('PK'))).toEqual({ ok: false, error: 'NOT_HDF5' });
    for (const length of [8, 48, 100, file.length - 300, file.length - 8]) {
      const read = await readHdf5(file.slice(0, length));
      expect(read.ok ? 'read' : read.error, `${length} bytes`).toBe('DAMAGED');
    }
    expect((await readHdf5(file)).ok, 'a whole file after damaged ones').toBe(true);
  });
});
