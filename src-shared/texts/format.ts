/** Texts with their arguments filled in, by ICU message syntax. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Locale, Text, TextArguments } from './text';

/** Compiled once per text and language; a text that nobody holds any more takes its entry with it. */
const compiled = new WeakMap<Text, Partial<Record<Locale, IntlMessageFormat>>>();

/** The text in `locale`; throws where an argument that it names is missing, which is a mistake of ours. */
export function formatText(text: Text, locale: Locale, args: TextArguments = {}): string {
  const values = Object.entries(args).map(
    ([name, value]) => [name, typeof value === 'object' ? value[locale] : value] as const,
  );
  const formatted = messageOf(text, locale).format<string>(Object.fromEntries(values));
  return typeof formatted === 'string' ? formatted : formatted.join('');
}

function messageOf(text: Text, locale: Locale): IntlMessageFormat {
  const known = compiled.get(text);
  const message = known?.[locale];
  if (message !== undefined) return message;
  const fresh = new IntlMessageFormat(text[locale], locale, undefined, { ignoreTag: true });
  compiled.set(text, { ...known, [locale]: fresh });
  return fresh;
}
