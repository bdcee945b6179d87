/** Little-endian bytes piece by piece, for binary headers. */
import protobuf from 'protobufjs/light.js';

/** The core has no TextEncoder: it knows neither a page nor Node. */
const { utf8 } = protobuf.util;

/** A number in so many bytes, or bytes as they are. */
export type Piece = readonly [value: number, bytes: 1 | 2 | 4 | 8] | Uint8Array;

/** The pieces one after another. Numbers are unsigned, at most 2^53. */
export function packed(...pieces: readonly Piece[]): Uint8Array {
  const size = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) bytes.set(piece, at);
    else write(view, at, piece[0], piece[1]);
    at += sizeOf(piece);
  }
  return bytes;
}

function sizeOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.byteLength : piece[1];
}

function write(view: DataView, at: number, value: number, bytes: 1 | 2 | 4 | 8): void {
  if (bytes === 1) view.setUint8(at, value);
  else if (bytes === 2) view.setUint16(at, value, true);
  else if (bytes === 4) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt(value), true);
}

export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8.length(text));
  utf8.write(text, bytes, 0);
  return bytes;
}

/** Bytes of zeros. */
export function zeros(count: number): Uint8Array {
  return new Uint8Array(count);
}
