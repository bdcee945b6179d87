/** Texts with arguments, by language. */
import { expect, it } from 'vitest';
import { formatText } from '@shared/texts/format';

const epochs = {
  en: '{count, plural, one {# epoch} other {# epochs}} of {total}',
  'zh-CN': '{total} 轮中的 {count} 轮',
};

it('formats by the rules of the language, again and again', () => {
  for (let round = 0; round < 2; round++) {
    expect(formatText(epochs, 'en', { count: 1, total: 10 })).toBe('1 epoch of 10');
    expect(formatText(epochs, 'en', { count: 0, total: 10 })).toBe('0 epochs of 10');
    expect(formatText(epochs, 'zh-CN', { count: 1, total: 10 })).toBe('10 轮中的 1 轮');
  }
});

it('leaves angle brackets and texts without arguments alone', () => {
  expect(formatText({ en: 'a < b > c <d>', 'zh-CN': '' }, 'en')).toBe('a < b > c <d>');
  expect(formatText({ en: 'x', 'zh-CN': '' }, 'zh-CN')).toBe('');
});

it('a missing argument is an internal error that names it', () => {
  expect(() => formatText(epochs, 'en', { count: 1 })).toThrow('total');
});
