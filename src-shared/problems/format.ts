/** Problems in words: what renderer, menus and command line all show. */
import { formatText } from '../texts/format';
import type { Locale } from '../texts/text';
import { problemTexts } from './catalogue';
import { fixTexts } from './fixes';
import type { Fix, Problem } from './problem';

export interface FormattedProblem {
  readonly message: string;
  readonly hint: string;
}

/** A problem inside a block begins with the part: `conv1: The 3×3 window ...`. */
export function formatProblem({ code, args, part }: Problem, locale: Locale): FormattedProblem {
  const { message, hint } = problemTexts[code];
  const place = part === undefined ? '' : `${part}${locale === 'en' ? ': ' : '：'}`;
  return { message: place + formatText(message, locale, args), hint: formatText(hint, locale, args) };
}

/** What the button of a fix says. */
export function formatFix({ code, args }: Fix, locale: Locale): string {
  return formatText(fixTexts[code], locale, args);
}
