/** What a text in both languages is, and which languages there are. */

export const locales = ['en', 'zh-CN'] as const;
export type Locale = (typeof locales)[number];

/** One text in every language; ICU message syntax where it takes arguments. */
export type Text = { readonly [L in Locale]: string };

/** A text as an argument is filled in in the language of the text around it. */
export type TextArguments = Readonly<Record<string, string | number | Text>>;
