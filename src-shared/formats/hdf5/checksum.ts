/** Bob Jenkins's lookup3 hash (public domain, 2006), which HDF5 puts behind its headers. */

/** hashlittle of the bytes with initial value 0, as an unsigned 32-bit number. */
export function lookup3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const state = new Int32Array(3).fill(0xdeadbeef + bytes.byteLength);
  let at = 0;
  // The last block, whole or not, is mixed in another way.
  for (; bytes.byteLength - at > 12; at += 12) {
    add(state, view.getInt32(at, true), view.getInt32(at + 4, true), view.getInt32(at + 8, true));
    mix(state);
  }
  if (at === bytes.byteLength) return (state[2] ?? 0) >>> 0;
  const last = new DataView(new ArrayBuffer(12));
  for (let index = at; index < bytes.byteLength; index++) last.setUint8(index - at, bytes[index] ?? 0);
  add(state, last.getInt32(0, true), last.getInt32(4, true), last.getInt32(8, true));
  return finish(state);
}

function add(state: Int32Array, a: number, b: number, c: number): void {
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix(state: Int32Array): void {
  let [a = 0, b = 0, c = 0] = state;
  a = ((a - c) ^ rotate(c, 4)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotate(a, 6)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotate(b, 8)) | 0;
  b = (b + a) | 0;
  a = ((a - c) ^ rotate(c, 16)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotate(a, 19)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotate(b, 4)) | 0;
  b = (b + a) | 0;
  state.set([a, b, c]);
}

function finish(state: Int32Array): number {
  let [a = 0, b = 0, c = 0] = state;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}
