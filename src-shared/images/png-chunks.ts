/** PNG files made safe for the decoder: only chunks that make pixels, and no more data than their size has room for. */
import { Unzlib } from 'fflate';

/** Texts and colour profiles may inflate to any size, and nobody here reads them. */
const wanted = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const SIGNATURE_BYTES = 8;
/** Of a chunk beside its content: length, type and checksum. */
const FRAME_BYTES = 12;
const channelsOf = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
/** Data of so many bytes cannot inflate to more than a gigabyte, and is not looked at beforehand. */
const HARMLESS_BYTES = 2 ** 20;
const PUSHED_BYTES = 2 ** 12;

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
}

/** From its fixed place; throws where the file ends before. */
export function pngHeader(bytes: Uint8Array): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: view.getUint8(24),
    colourType: view.getUint8(25),
  };
}

/** The file with what makes its pixels, as it was; throws where it is cut off, or holds more than its size says. */
export function pixelChunks(bytes: Uint8Array): Uint8Array {
  const chunks = [...chunksOf(bytes)].filter(({ type }) => wanted.has(type));
  const pixels = chunks.filter(({ type }) => type === 'IDAT').map(({ content }) => content);
  if (pixels.reduce((sum, { length }) => sum + length, 0) > HARMLESS_BYTES) {
    checkInflated(pixels, inflatedBytes(pngHeader(bytes)));
  }
  const whole = chunks.map(({ whole: chunk }) => chunk);
  const kept = new Uint8Array(whole.reduce((sum, { length }) => sum + length, SIGNATURE_BYTES));
  kept.set(bytes.subarray(0, SIGNATURE_BYTES));
  let at = SIGNATURE_BYTES;
  for (const chunk of whole) {
    kept.set(chunk, at);
    at += chunk.length;
  }
  return kept;
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES; at < bytes.length;) {
    const length = view.getUint32(at);
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) throw new Error('it is cut off');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { type, content: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
    if (type === 'IEND') return;
    at = end;
  }
  throw new Error('it is cut off');
}

/** Each row begins with the byte of its filter; interlaced images have more, shorter rows, but never twice as many. */
function inflatedBytes({ width, height, depth, colourType }: PngHeader): number {
  const rowBytes = Math.ceil((width * (channelsOf.get(colourType) ?? 4) * depth) / 8);
  return height * (rowBytes + 1) + 2 * height + 8 * (width + height);
}

/** Inflates without keeping anything. */
function checkInflated(pieces: readonly Uint8Array[], limit: number): void {
  let total = 0;
  const inflator = new Unzlib((piece) => {
    total += piece.length;
    if (total > limit) throw new Error('it holds more data than its size has room for');
  });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += PUSHED_BYTES) {
      inflator.push(piece.subarray(at, at + PUSHED_BYTES));
    }
  }
}
