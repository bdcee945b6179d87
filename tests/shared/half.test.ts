/** Numbers of 16 bits, against their definition: every one comes back as itself, and what lies between goes to the nearer. */
import { describe, expect, it } from 'vitest';
import { bfloat16Bits, float16Bits } from '@shared/util/half';

/** IEEE 754: sign, exponent with its bias, fraction; without infinities and what is no number. */
const decoder =
  (exponentBits: number, fractionBits: number) =>
  (bits: number): number => {
    const bias = 2 ** (exponentBits - 1) - 1;
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits & 0x7fff) >> fractionBits;
    const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
    return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
  };

const formats = [
  { name: 'bfloat16', encode: bfloat16Bits, decode: decoder(8, 7), largest: 0x7f7f },
  { name: 'float16', encode: float16Bits, decode: decoder(5, 10), largest: 0x7bff },
];

describe.each(formats)('$name', ({ encode, decode, largest }) => {
  const all = Array.from({ length: largest + 1 }, (_, bits) => bits);

  it('gives each of its numbers back', () => {
    expect(all.filter((bits) => encode(decode(bits)) !== bits)).toEqual([]);
    expect(all.filter((bits) => encode(-decode(bits)) !== (bits | 0x8000))).toEqual([]);
  });

  it('rounds to the nearest, from the middle to the even one', () => {
    const wrong = all.slice(0, -1).filter((bits) => {
      const [low, high] = [decode(bits), decode(bits + 1)];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      // Float32 has room for a quarter of the way, but below its own normal numbers.
      const isFine = Math.fround((low + middle) / 2) === (low + middle) / 2;
      const near =
        isFine && (encode((low + middle) / 2) !== bits || encode((middle + high) / 2) !== bits + 1);
      return near || (Math.fround(middle) === middle && encode(middle) !== even);
    });
    expect(wrong).toEqual([]);
  });

  it('ends at its largest number', () => {
    for (const value of [decode(largest) * 2, 3.4028234663852886e38, Infinity]) {
      expect(encode(value)).toBe(largest);
      expect(encode(-value)).toBe(largest | 0x8000);
    }
  });
});
