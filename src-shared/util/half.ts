/** Numbers of 16 bits as they lie in memory. What is too large becomes the largest number, so that paddings stay finite. */

const LARGEST_BFLOAT16 = 0x7f7f;
const LARGEST_FLOAT16 = 0x7bff;

const buffer = new ArrayBuffer(4);
const asFloat = new Float32Array(buffer);
const asBits = new Uint32Array(buffer);

/** The upper half of a float32, rounded to the nearest, of two equally near ones to the even one. */
export function bfloat16Bits(value: number): number {
  const bits = bitsOf(value);
  const isOdd = (bits >>> 16) & 1;
  const sign = (bits >>> 16) & 0x8000;
  const rounded = ((bits & 0x7fffffff) + 0x7fff + isOdd) >>> 16;
  return sign | Math.min(rounded, LARGEST_BFLOAT16);
}

/** IEEE 754 binary16, rounded in the same way: 5 bits of exponent, 10 of fraction. */
export function float16Bits(value: number): number {
  const sign = (bitsOf(value) >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (size >= 65504) return sign | LARGEST_FLOAT16;
  // Numbers below 2^-14 have no exponent of their own: they are multiples of 2^-24.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // Rounding up to 2048 steps carries into the exponent by itself.
  const bits = size === 0 ? 0 : (exponent + 14) * 1024 + steps;
  return sign | bits;
}

function bitsOf(value: number): number {
  asFloat[0] = value;
  return asBits[0] ?? 0;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
