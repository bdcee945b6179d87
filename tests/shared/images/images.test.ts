/** Images for networks: decoding against known pixels, luminance, and bilinear resizing against closed formulas. */
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { decodeImage, type Image } from '@shared/images/decode';
import { fitImage } from '@shared/images/fit';

function read(bytes: Uint8Array): Image {
  const result = decodeImage(bytes);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** Its pixels as bytes, in its own size. */
const rounded = (image: Image) => [
  ...fitImage(image, [image.height, image.width, image.channels >= 3 ? 3 : 1]),
];

describe('PNG', () => {
  test('grey and colour of 8 bits are as they are', () => {
    const grey = read(encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 250) }));
    expect(grey).toMatchObject({ width: 2, height: 1, channels: 1 });
    expect(rounded(grey)).toEqual([7, 250]);
    const colour = read(encodePng({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) }));
    expect(colour.channels).toBe(3);
    expect(rounded(colour)).toEqual([1, 2, 3]);
  });

  test('16 bits are scaled to 8', () => {
    const data = Uint16Array.of(0, 257 * 100, 65535);
    const image = read(encodePng({ width: 3, height: 1, channels: 1, depth: 16, data }));
    expect(rounded(image)).toEqual([0, 100, 255]);
  });

  test('transparent pixels are laid over white', () => {
    const data = Uint8Array.of(100, 0, 100, 255, 0, 51);
    const image = read(encodePng({ width: 3, height: 1, channels: 2, data }));
    // 51 is a fifth of 255: four fifths of white remain.
    expect(rounded(image)).toEqual([255, 100, 204]);
    const colour = Uint8Array.of(10, 20, 30, 0, 10, 20, 30, 255);
    expect(rounded(read(encodePng({ width: 2, height: 1, channels: 4, data: colour })))).toEqual([
      ...[255, 255, 255],
      ...[10, 20, 30],
    ]);
  });

  test('grey of 1 bit is unpacked row by row', () => {
    // Written by hand, after the specification: fast-png writes 8 and 16 bits only. 10 × 2 pixels, 2 bytes a row.
    const image = read(packedPng(10, 2, 1, [0b10110000, 0b01000000, 0b00000001, 0b10000000]));
    expect(rounded(image)).toEqual(
      [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0].map((bit) => bit * 255),
    );
  });

  test('grey of 4 bits spans black to white', () => {
    const image = read(packedPng(3, 1, 4, [0x0f, 0x50]));
    expect(rounded(image)).toEqual([0, 255, 85]);
  });
});

describe('JPEG', () => {
  test('comes close to what was encoded', () => {
    const data = new Uint8Array(16 * 16 * 4).fill(255);
    for (let i = 0; i < 16 * 16; i++) data.set([200, 40, 90], 4 * i);
    const image = read(jpeg.encode({ width: 16, height: 16, data }, 95).data);
    expect(image).toMatchObject({ width: 16, height: 16, channels: 3 });
    rounded(image).forEach((value, i) => {
      expect(Math.abs(value - ([200, 40, 90][i % 3] ?? 0))).toBeLessThan(4);
    });
  });
});

describe('what is no image', () => {
  const png = encodePng({ width: 2, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4) });
  const huge = Uint8Array.from(png);
  new DataView(huge.buffer).setUint32(16, 100_000);
  new DataView(huge.buffer).setUint32(20, 100_000);

  test.each([
    ['empty', new Uint8Array(0), 'PNG nor JPEG'],
    ['a text', Buffer.from('hello'), 'PNG nor JPEG'],
    ['a PNG cut off', png.slice(0, png.length - 20), ''],
    ['a PNG of its first bytes', png.slice(0, 12), ''],
    ['a PNG with a flipped byte', png.map((byte, i) => (i === 45 ? byte ^ 0xff : byte)), ''],
    ['a PNG that would be huge', huge, 'megapixels'],
    ['a PNG whose data goes on and on', bomb(), 'more data than its size'],
    [
      'a JPEG cut off',
      jpeg.encode({ width: 8, height: 8, data: new Uint8Array(256) }).data.subarray(0, 60),
      '',
    ],
  ])('%s is refused', (_what, bytes, reason) => {
    const result = decodeImage(bytes);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.error).toContain(reason);
  });
});

describe('fitting', () => {
  const image = (width: number, height: number, channels: number, values: number[]): Image => ({
    ...{ width, height, channels, max: 255 },
    samples: Uint8Array.from(values),
  });

  test('colour becomes luminance for grey networks, grey is repeated for colour ones', () => {
    const colours = image(4, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
    expect([...fitImage(colours, [1, 4, 1])]).toEqual([76, 150, 29, 255]);
    expect([...fitImage(image(2, 1, 1, [7, 9]), [1, 2, 3])]).toEqual([7, 7, 7, 9, 9, 9]);
  });

  test('the same size is the same image', () => {
    const same = image(3, 2, 1, [1, 2, 3, 4, 5, 6]);
    expect([...fitImage(same, [2, 3, 1])]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('halving takes the mean of two, as half-pixel centres say', () => {
    expect([...fitImage(image(4, 2, 1, [0, 10, 20, 30, 40, 50, 60, 70]), [1, 2, 1])]).toEqual([25, 45]);
  });

  test('a plane stays a plane, away from the edges', () => {
    const [from, to] = [12, 7];
    const plane = (x: number, y: number) => 6 * x + 10 * y + 11;
    const values = Array.from({ length: from * from }, (_, i) =>
      plane((i % from) + 0.5, Math.floor(i / from) + 0.5),
    );
    fitImage(image(from, from, 1, values), [to, to, 1]).forEach((value, i) => {
      const [x, y] = [((i % to) + 0.5) * (from / to), (Math.floor(i / to) + 0.5) * (from / to)];
      expect(Math.abs(value - plane(x, y))).toBeLessThanOrEqual(0.5 + 1e-3);
    });
  });

  test('enlarging goes on with the edge', () => {
    expect([...fitImage(image(2, 1, 1, [0, 100]), [1, 4, 1])]).toEqual([0, 25, 75, 100]);
  });
});

/** Two by two pixels by its header, with two gigabytes of zeros packed into its data. */
function bomb(): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(2, 0);
  header.writeUInt32BE(2, 4);
  header[8] = 8;
  return pngOf(header, zerosPacked(2 ** 31));
}

/** As zlib packs them: a piece that was packed once, again and again. */
function zerosPacked(bytes: number): Buffer {
  const piece = 2 ** 24;
  const packed = deflateSync(Buffer.alloc(piece), { finishFlush: constants.Z_FULL_FLUSH });
  const body = deflateRawSync(Buffer.alloc(piece), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([packed.subarray(0, 2), ...Array.from({ length: bytes / piece }, () => body)]);
}

/** A PNG of grey pixels with fewer than 8 bits, after the specification. */
function packedPng(width: number, height: number, depth: number, bytes: number[]): Uint8Array {
  const perRow = bytes.length / height;
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...bytes.slice(y * perRow, (y + 1) * perRow),
  ]).flat();
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  return pngOf(header, deflateSync(Buffer.from(rows)));
}

function pngOf(header: Buffer, data: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** The checksum of PNG chunks, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
