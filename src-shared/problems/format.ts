/** Problems in words: what renderer, menus and command line all show. */
import { formatText } from '../texts/format';
import type { Locale } from '../texts/text';
import { problemTexts } from './catalogue';
import type { Problem } from './problem';

export interface FormattedProblem {
  readonly message: string;
  readonly hint: string;
}

export function formatProblem({ code, args }: Problem, locale: Locale): FormattedProblem {
  const { message, hint } = problemTexts[code];
  return { message: formatText(message, locale, args), hint: formatText(hint, locale, args) };
}
