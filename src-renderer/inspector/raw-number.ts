/** Numbers as they are typed: what is no number stays the text that it is, so that the mistake can be shown. */
import type { Json } from '@shared/util/json';

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** `12`, `0.5` and `1e-3` become numbers; anything else stays text. */
export function readNumber(text: string): number | string {
  const trimmed = text.trim();
  return numeral.test(trimmed) ? Number(trimmed) : text;
}

/** A raw value in a field. */
export function showRaw(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** One step up or down, kept free of binary dust (0.1 + 0.2) and within the range. */
export function stepped(value: number, by: number, { min, max }: { min: number; max: number }): number {
  const digits = Math.max(decimals(value), decimals(by));
  return Math.min(max, Math.max(min, Number((value + by).toFixed(digits))));
}

function decimals(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.min(12, Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent)));
}
