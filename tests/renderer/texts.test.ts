/** Numbers, formulas and search: small pure parts with exact answers. */
import { describe, expect, test } from 'vitest';
import { nodeTypes } from '@shared/nodes';
import { readNumber, showRaw, stepped } from '../../src-renderer/inspector/raw-number';
import { windowFormulas } from '../../src-renderer/inspector/window-formula';
import { offersOf, searchNodes } from '../../src-renderer/palette/search';
import {
  formatBytes,
  formatCount,
  formatLarge,
  formatLoss,
  formatPercent,
  splitDuration,
} from '../../src-renderer/state/numbers';

test('numbers as people read them', () => {
  expect(formatCount(61706, 'en')).toBe('61,706');
  expect(formatLarge(416520, 'en')).toBe('416,520');
  expect(formatLarge(10_616_832, 'en')).toBe('10.6 M');
  expect(formatBytes(18_874_368, 'en')).toBe('18.9 MB');
  expect(formatBytes(999, 'en')).toBe('999 B');
  expect(formatPercent(0.984, 'en')).toBe('98.4 %');
  expect(formatPercent(0.984, 'zh-CN')).toBe('98.4%');
  expect(formatLoss(0.24127, 'en')).toBe('0.241');
  expect(formatLoss(Number.NaN, 'en')).toBe('NaN');
  expect(splitDuration(3672.4)).toEqual({ hours: 1, minutes: 1, seconds: 12 });
});

describe('raw numbers', () => {
  test.each([
    ['12', 12],
    [' 0.5 ', 0.5],
    ['1e-3', 0.001],
    ['-3', -3],
    ['.5', 0.5],
    ['', ''],
    ['6x', '6x'],
    ['Infinity', 'Infinity'],
    ['0x10', '0x10'],
    ['1,5', '1,5'],
  ])('%s', (text, value) => expect(readNumber(text)).toBe(value));

  test('are shown as they are', () => {
    expect(showRaw(0.003)).toBe('0.003');
    expect(showRaw('6x')).toBe('6x');
    expect(showRaw([1, 2])).toBe('[1,2]');
  });

  test('step without binary dust and within the range', () => {
    expect(stepped(0.1, 0.2, { min: 0, max: 1 })).toBe(0.3);
    expect(stepped(0.9, 0.2, { min: 0, max: 1 })).toBe(1);
    expect(stepped(0.003, 0.001, { min: 1e-9, max: 10 })).toBe(0.004);
  });
});

describe('formula of a window', () => {
  const formulas = (
    params: Parameters<typeof windowFormulas>[1],
    input: readonly number[],
    type = 'Conv2D',
  ) => {
    const definition = nodeTypes.get(type);
    if (definition === undefined) throw new Error(`no type ${type}`);
    return windowFormulas(definition, params, input).map(({ formula }) => formula);
  };

  test('is one line where height and width agree', () => {
    const padding = { top: 2, bottom: 2, left: 2, right: 2 };
    expect(formulas({ kernelSize: [5, 5], padding }, [28, 28, 1])).toEqual(['⌊(28 − 5 + 4 + 1) / 1⌋ = 28']);
    expect(formulas({ kernelSize: [5, 5] }, [28, 28, 1])).toEqual(['⌊(28 − 5 + 1) / 1⌋ = 24']);
  });

  test('is two where they do not, and says what same adds on each side', () => {
    expect(formulas({ kernelSize: [3, 3], strides: [2, 2], padding: 'same' }, [8, 7, 1])).toEqual([
      '⌊(8 − 3 + 0 + 1 + 2) / 2⌋ = 4',
      '⌊(7 − 3 + 2 + 2) / 2⌋ = 4',
    ]);
  });

  test('is absent without a window or an image', () => {
    expect(formulas({}, [28, 28, 1], 'Flatten')).toEqual([]);
    expect(formulas({}, [400])).toEqual([]);
  });
});

describe('search', () => {
  const found = (query: string) => searchNodes(offersOf({ blocks: {} }), query).map(({ type }) => type);

  test('finds by title in both languages, by type and by abbreviation', () => {
    expect(found('dense')[0]).toBe('Dense');
    expect(found('卷积')[0]).toBe('Conv2D');
    expect(found('batch')[0]).toBe('BatchNormalization');
    expect(found('gap2d')).toContain('GlobalAveragePooling2D');
    expect(found('zzz')).toEqual([]);
    expect(found('')).toHaveLength(nodeTypes.size);
  });
});
