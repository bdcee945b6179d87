/** Numbers as a person reads them: counts, bytes, percentages and times. */
import type { Locale } from '@shared/texts/text';

const exact = new Map<string, Intl.NumberFormat>();

function formatter(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = exact.get(key) ?? new Intl.NumberFormat(locale, options);
  exact.set(key, known);
  return known;
}

/** `61,706` */
export function formatCount(value: number, locale: Locale): string {
  return formatter(locale, { maximumFractionDigits: 0 }).format(value);
}

const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
] as const;

/** `416,520`, from ten million on `10.6 M`. */
export function formatLarge(value: number, locale: Locale): string {
  const step = steps.find(([size]) => value >= size * 10);
  if (step === undefined) return formatCount(value, locale);
  return `${formatter(locale, { maximumSignificantDigits: 3 }).format(value / step[0])} ${step[1]}`;
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `18.9 MB`, in powers of 1,000. */
export function formatBytes(bytes: number, locale: Locale): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = formatter(locale, { maximumFractionDigits: value < 100 && unit > 0 ? 1 : 0 });
  return `${digits.format(value)} ${byteUnits[unit] ?? 'B'}`;
}

/** `98.4 %` in English, `98.4%` in Chinese; `fraction` from 0 to 1. */
export function formatPercent(fraction: number, locale: Locale): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${formatter(locale, digits).format(fraction * 100)}${locale === 'en' ? ' %' : '%'}`;
}

/** Four significant digits, as losses are read: `0.2413`. */
export function formatLoss(value: number, locale: Locale): string {
  if (!Number.isFinite(value)) return String(value);
  return formatter(locale, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }).format(value);
}

/** A learning rate as it is set: `0.003`, `0.000125`, `3E-7`. */
export function formatRate(value: number, locale: Locale): string {
  const notation = value > 0 && value < 1e-5 ? 'scientific' : 'standard';
  return formatter(locale, { maximumSignificantDigits: 3, notation }).format(value);
}

/** `25 %`, for an axis. */
export function formatShare(fraction: number, locale: Locale): string {
  return `${formatCount(fraction * 100, locale)}${locale === 'en' ? ' %' : '%'}`;
}

/** `0.5`, for an axis. */
export function formatTick(value: number, locale: Locale): string {
  return formatter(locale, { maximumSignificantDigits: 3 }).format(value);
}

/** Whole hours, minutes and seconds of a duration. */
export function splitDuration(seconds: number): { hours: number; minutes: number; seconds: number } {
  const whole = Math.max(0, Math.round(seconds));
  return {
    hours: Math.floor(whole / 3600),
    minutes: Math.floor((whole % 3600) / 60),
    seconds: whole % 60,
  };
}
