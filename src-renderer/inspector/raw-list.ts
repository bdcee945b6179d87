/** Lists as they are typed: sizes on one line, a kernel row by row; what is no number stays text, so that it can be shown. */
import { z } from 'zod';
import type { Json } from '@shared/util/json';
import { readNumber } from './raw-number';

const separators = /[\s,×]+/;

/** `7, 7, 16` or `7×7×16` become three numbers. */
export function readList(text: string): Json {
  return text.trim().split(separators).map(readNumber);
}

/** One row per line; what begins with a bracket is read as nested lists, `[1, -1]` as the one row that it is. */
export function readRows(text: string): Json {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return trimmed.split('\n').map(readList);
  try {
    const value = z.json().parse(JSON.parse(trimmed));
    const isRow = Array.isArray(value) && value.length > 0 && !value.some(Array.isArray);
    return isRow ? [value] : value;
  } catch {
    return text;
  }
}

export function showList(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(showItem).join(' × ') : showItem(value);
}

/** As many numbers as there are, possibly none. */
export function readNumbers(text: string): Json {
  return text.trim() === '' ? [] : readList(text);
}

export function showNumbers(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(showItem).join(', ') : showItem(value);
}

export function showRows(value: Json | undefined): string {
  const rows: readonly Json[] = Array.isArray(value) ? value : [];
  const isFlat = rows.length > 0 && rows.every((row) => Array.isArray(row) && !row.some(Array.isArray));
  if (!isFlat) return showItem(value);
  return rows.map((row) => (Array.isArray(row) ? row.map(showItem).join(' ') : '')).join('\n');
}

function showItem(item: Json | undefined): string {
  return typeof item === 'string' ? item : JSON.stringify(item ?? null);
}
