/** Safetensors: bytes as the format's document lays them out, and damaged files refused. */
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, decodeSafetensorsMetadata, encodeSafetensors } from '@shared/formats/safetensors';

const file = {
  tensors: [
    { name: 'conv2d_1/kernel', dims: [1, 2], values: Float32Array.of(1.5, -2) },
    { name: 'conv2d_1/bias', dims: [3], values: Float32Array.of(0, 1e-30, Infinity) },
    { name: 'scalar', dims: [], values: Float32Array.of(7) },
    { name: 'empty', dims: [0, 4], values: new Float32Array() },
  ],
  metadata: { step: '12', 名: 'é"\\' },
};

const bytesOf = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const bytes = bytesOf(encodeSafetensors(file));

/** A file with this header and as many zero bytes. */
function withHeader(header: unknown, dataBytes = 0): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
}

describe('the bytes', () => {
  it('are the length of the header, the header as JSON, then the values, little-endian', () => {
    const buffer = Buffer.from(bytes);
    const length = Number(buffer.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    const header: unknown = JSON.parse(buffer.toString('utf8', 8, 8 + length));
    expect(header).toEqual({
      __metadata__: file.metadata,
      'conv2d_1/kernel': { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
      'conv2d_1/bias': { dtype: 'F32', shape: [3], data_offsets: [8, 20] },
      scalar: { dtype: 'F32', shape: [], data_offsets: [20, 24] },
      empty: { dtype: 'F32', shape: [0, 4], data_offsets: [24, 24] },
    });
    expect(buffer.readFloatLE(8 + length + 4)).toBe(-2);
    expect(buffer.length).toBe(8 + length + 24);
  });

  it('are read back', () => {
    expect(decodeSafetensors(bytes)).toEqual({ ok: true, value: file });
    expect(decodeSafetensorsMetadata(bytes)).toEqual({ ok: true, value: file.metadata });
  });

  it('are read from the middle of a Buffer, and copied', () => {
    const large = Buffer.concat([Buffer.alloc(3), bytes]);
    const read = decodeSafetensors(large.subarray(3));
    large.fill(0);
    expect(read).toEqual({ ok: true, value: file });
  });
});

describe('a damaged file', () => {
  it.each([
    ['empty', new Uint8Array()],
    ['cut off in its length', bytes.subarray(0, 5)],
    ['cut off in its header', bytes.subarray(0, 60)],
    ['with a length beyond everything', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0)],
    ['whose header is no JSON', withHeader('{"a": ')],
    ['whose header is a list', withHeader('[]')],
    ['of another element type', withHeader({ a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, 8)],
    [
      'with a tensor beyond the end',
      withHeader({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 4),
    ],
    [
      'with a tensor of another size',
      withHeader({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, 8),
    ],
    [
      'with tensors of the same bytes, which together are larger than the file',
      withHeader(
        Object.fromEntries(
          Array.from({ length: 3 }, (_, i) => [`${i}`, { dtype: 'F32', shape: [2], data_offsets: [0, 8] }]),
        ),
        16,
      ),
    ],
    ['with negative places', withHeader({ a: { dtype: 'F32', shape: [1], data_offsets: [-4, 0] } }, 8)],
    [
      'with a huge shape',
      withHeader({ a: { dtype: 'F32', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 8] } }, 8),
    ],
  ])('%s is refused', (_name, damaged) => {
    expect(decodeSafetensors(damaged).ok).toBe(false);
  });

  it('cut off in its values is refused, but its metadata can be read', () => {
    const cut = bytes.subarray(0, bytes.length - 1);
    expect(decodeSafetensors(cut).ok).toBe(false);
    expect(decodeSafetensorsMetadata(cut).ok).toBe(true);
  });
});
