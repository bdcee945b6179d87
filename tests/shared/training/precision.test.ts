/** The precision setting: what old documents mean, and what trained networks compute in elsewhere. */
import { expect, it } from 'vitest';
import { emptyDocument } from '@shared/document/create';
import { everythingNative } from '@shared/ir/capabilities';
import { inFullPrecision, inPossiblePrecision } from '@shared/training/full-precision';
import { precisionsOf } from '@shared/training/precision';
import { parseTraining } from '@shared/training/settings';

const inBf16 = { ...emptyDocument(), training: { epochs: 3, precision: 'bf16' } };

it('documents without it are fp32', () => {
  expect(parseTraining({ epochs: 3 })).toMatchObject({ settings: { precision: 'fp32' }, problems: [] });
});

it('another word is refused', () => {
  expect(parseTraining({ precision: 'fp8' })).toMatchObject({
    settings: { precision: 'fp32' },
    problems: [{ param: 'precision' }],
  });
});

it('a device has those that its capabilities name, and fp32', () => {
  expect(precisionsOf(everythingNative)).toEqual(['fp32', 'bf16', 'fp16']);
  expect(precisionsOf({ ...everythingNative, bfloat16: false })).toEqual(['fp32', 'fp16']);
  expect(precisionsOf({ ...everythingNative, bfloat16: false, float16: false })).toEqual(['fp32']);
});

it('a trained network computes as in training where it can, and else in fp32', () => {
  expect(inPossiblePrecision(inBf16, everythingNative)).toBe(inBf16);
  const elsewhere = inPossiblePrecision(inBf16, { ...everythingNative, bfloat16: false });
  expect(elsewhere.training).toEqual({ epochs: 3, precision: 'fp32' });
  expect(inFullPrecision(inBf16).training).toEqual({ epochs: 3, precision: 'fp32' });
});
