/** Every problem in words: both languages compile and say the same things. */
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { problemTexts, type ProblemCode } from '@shared/problems/catalogue';
import { formatProblem } from '@shared/problems/format';
import { problem, warning } from '@shared/problems/problem';
import { locales, type Locale } from '@shared/texts/text';

const codes = Object.keys(problemTexts).filter((code): code is ProblemCode => code in problemTexts);

type MessageElement = ReturnType<IntlMessageFormat['getAst']>[number];

/** Names of all arguments, with the choices of each `select`; plurals may differ between languages. */
function argumentsOf(elements: readonly MessageElement[]): string[] {
  return elements.flatMap((element) => {
    const kind: number = element.type;
    // Literal text, and the # of a plural.
    if (kind === 0 || kind === 7 || !('value' in element)) return [];
    if (!('options' in element)) return [element.value];
    const choices = 'pluralType' in element ? '' : `: ${Object.keys(element.options).sort().join()}`;
    const options = Object.values(element.options);
    return [element.value + choices, ...options.flatMap((option) => argumentsOf(option.value))];
  });
}

function placeholders(message: string, locale: Locale): string[] {
  const { getAst } = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
  return [...new Set(argumentsOf(getAst()))].sort();
}

describe.each(codes)('%s', (code) => {
  const { message, hint } = problemTexts[code];

  it('has the same placeholders in both languages', () => {
    for (const text of [message, hint]) {
      expect(placeholders(text['zh-CN'], 'zh-CN')).toEqual(placeholders(text.en, 'en'));
    }
  });

  it('says something in each language, in whole sentences', () => {
    expect(code).toMatch(/^[a-z]+\/[a-z-]+$/);
    for (const locale of locales) expect(message[locale].trim()).not.toBe('');
    expect(hint.en).toMatch(/[.!?]$/);
    expect(hint['zh-CN']).toMatch(/[。！？]$/);
  });
});

it('sees a placeholder that one language lacks', () => {
  expect(placeholders('{a} {b, select, x {X} other {{c}}}', 'en')).toEqual(['a', 'b: other,x', 'c']);
  expect(placeholders('{n, plural, one {# of {a}} other {#}}', 'en')).toEqual(['a', 'n']);
});

describe('formatProblem', () => {
  it('fills in what came and what was expected', () => {
    const args = { param: 'filters', value: '-1', min: 1, max: 4096 };
    expect(formatProblem(problem('param/out-of-range', args), 'en')).toEqual({
      message: 'filters is -1, outside 1 to 4096.',
      hint: 'Type a value from 1 to 4096.',
    });
    expect(formatProblem(warning('param/out-of-range', args), 'zh-CN').message).toBe(
      'filters 的值 -1 超出 1 到 4096 的范围。',
    );
  });

  it('counts in each language', () => {
    const message = (count: number, locale: Locale) =>
      formatProblem(problem('run/graph-has-problems', { count }), locale).message;
    expect(message(1, 'en')).toBe('The graph has 1 problem.');
    expect(message(2, 'en')).toBe('The graph has 2 problems.');
    expect(message(2, 'zh-CN')).toBe('图中有 2 个问题。');
  });

  it('takes values as they are, whatever characters they have', () => {
    const name = `{braces} <b>'quotes'</b> # 层`;
    expect(formatProblem(problem('graph/duplicate-name', { name }), 'en').message).toBe(
      `More than one node is called ${name}.`,
    );
  });

  // The words of document/reader.ts; a missing one would be shown as it is, untranslated.
  it.each(['list', 'object', 'text', 'number', 'id', 'endpoint', 'part', 'version', 'counter'])(
    'says what was expected in the language: %s',
    (expected) => {
      const bad = problem('file/bad-value', { place: 'p', value: 'undefined', expected });
      expect(formatProblem(bad, 'zh-CN').message).not.toContain(`应为${expected}`);
      expect(formatProblem(bad, 'zh-CN').message).toContain('p：缺少该值，应为');
    },
  );
});
