/** IDX files: whole ones are read, damaged and hostile ones are refused with the reason, before memory is taken. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { datasetOf } from '@shared/datasets';
import { readIdx } from '../../src-main/engine/data/idx';
import { loadSplit } from '../../src-main/engine/data/load';

const folder = mkdtempSync(join(tmpdir(), 'layerloom-idx-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

const dims = [3, 2, 2];
const pixels = Uint8Array.from({ length: 12 }, (_, index) => index * 20);

function idx(sizes: readonly number[], values: Uint8Array, type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, type);
  view.setUint8(3, sizes.length);
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  bytes.set(values, 4 + 4 * sizes.length);
  return bytes;
}

describe('a whole file', () => {
  it.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzipped', (bytes: Uint8Array) => gzipSync(bytes)],
  ])('%s gives its elements', async (_name, pack) => {
    expect(await readIdx(fileOf(pack(idx(dims, pixels))), dims)).toEqual({ ok: true, value: pixels });
  });

  it('larger than a gzip probe is read to its end', async () => {
    const many = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251);
    const read = await readIdx(fileOf(gzipSync(idx([300_000], many))), [300_000]);
    expect(read.ok && Buffer.compare(read.value, many)).toBe(0);
  });
});

const huge = 0xffff_ffff;
const whole = idx(dims, pixels);

describe('a damaged file', () => {
  it.each([
    ['empty', new Uint8Array(), 'CUT_OFF'],
    ['cut off in its header', whole.subarray(0, 9), 'CUT_OFF'],
    ['cut off in its elements', whole.subarray(0, 20), 'LENGTH'],
    ['longer than its sizes', Buffer.concat([whole, Buffer.from([1])]), 'LENGTH'],
    ['of text', Buffer.from('<html>not found</html> and so on'), 'NOT_IDX'],
    ['of floats', idx(dims, pixels, 0x0d), 'ELEMENT_TYPE'],
    ['of other sizes', idx([3, 4, 1], pixels), 'SIZES'],
    ['of other rank', idx([12], pixels), 'SIZES'],
    ['that claims 2^96 elements', idx([huge, huge, huge], pixels), 'SIZES'],
  ])('%s is refused, plain and gzipped', async (_name, bytes, reason) => {
    expect(await readIdx(fileOf(bytes), dims)).toMatchObject({ ok: false, error: { reason } });
    const gzipped = await readIdx(fileOf(gzipSync(bytes)), dims);
    expect(gzipped).toMatchObject({ ok: false, error: { reason } });
  });

  it.each([
    ['cut off', gzipSync(whole).subarray(0, 20)],
    [
      'with a wrong checksum',
      (() => {
        const bytes = Buffer.from(gzipSync(whole));
        bytes[bytes.length - 6]! ^= 1;
        return bytes;
      })(),
    ],
    [
      'of another compression behind a gzip mark',
      Buffer.concat([Buffer.from([0x1f, 0x8b]), deflateRawSync(whole)]),
    ],
  ])('of gzip %s is refused', async (_name, bytes) => {
    const read = await readIdx(fileOf(bytes), dims);
    expect(read).toMatchObject({
      ok: false,
      error: { reason: expect.stringMatching(/GZIP|CUT_OFF/) as string },
    });
  });
});

describe('a hostile file', () => {
  it('that inflates a thousandfold takes no more memory than the expected content', async () => {
    const bomb = gzipSync(Buffer.concat([whole, Buffer.alloc(100_000_000)]), { level: 9 });
    const path = fileOf(bomb.subarray(0, 60_000));
    const before = process.memoryUsage().arrayBuffers;
    const read = await readIdx(path, dims);
    expect(read).toMatchObject({ ok: false, error: { reason: 'LENGTH' } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('of a terabyte of holes is refused by its size alone', async () => {
    const path = fileOf(whole);
    truncateSync(path, 2 ** 40);
    expect(await readIdx(path, dims)).toMatchObject({ ok: false, error: { reason: 'LENGTH' } });
    const gzipped = fileOf(gzipSync(whole));
    truncateSync(gzipped, 2 ** 40);
    expect(await readIdx(gzipped, dims)).toMatchObject({ ok: false, error: { reason: 'LENGTH' } });
  });
});

describe('a data set', () => {
  const mnist = datasetOf('mnist');
  if (mnist === undefined) throw new Error('MNIST is not among the data sets');
  const small = {
    ...mnist,
    input: [2, 2, 1],
    files: { ...mnist.files, test: { ...mnist.files.test, count: 3 } },
  };
  const { images, labels } = small.files.test;

  function directory(labelBytes: Uint8Array, name = images.file): string {
    const path = mkdtempSync(join(folder, 'set-'));
    writeFileSync(join(path, name), name.endsWith('.gz') ? gzipSync(whole) : whole);
    writeFileSync(join(path, labels.file), idx([3], labelBytes));
    return path;
  }

  it.each([images.file, `${images.file}.gz`])('is read from %s', async (name) => {
    const loaded = await loadSplit(small, 'test', directory(Uint8Array.of(7, 0, 9), name));
    expect(loaded).toEqual({ ok: true, value: { count: 3, images: pixels, labels: Int32Array.of(7, 0, 9) } });
  });

  it('with a label that is no class is refused', async () => {
    const loaded = await loadSplit(small, 'test', directory(Uint8Array.of(7, 10, 9)));
    expect(loaded).toMatchObject({
      error: {
        code: 'data/bad-file',
        args: { file: labels.file, reason: 'LABEL', found: '10', expected: '0..9' },
      },
    });
  });

  it('with a damaged file names the file', async () => {
    const path = directory(Uint8Array.of(1, 2));
    expect(await loadSplit(small, 'test', path)).toMatchObject({
      error: { code: 'data/bad-file', args: { file: join(path, labels.file), reason: 'LENGTH' } },
    });
  });

  it('that is not there is missing, not damaged', async () => {
    for (const place of [undefined, join(folder, 'nowhere')]) {
      expect(await loadSplit(small, 'test', place)).toMatchObject({
        error: { code: 'data/missing', args: { dataset: 'mnist' } },
      });
    }
  });
});
