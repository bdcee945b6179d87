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

export function formatProblem({ code, args }: Problem, locale: Locale): FormattedProblem {
  const { message, hint } = problemTexts[code];
  return { message: formatText(message, locale, args), hint: formatText(hint, locale, args) };
}

/** What the button of a fix says. */
export function formatFix({ code, args }: Fix, locale: Locale): string {
  return formatText(fixTexts[code], locale, args);
}
