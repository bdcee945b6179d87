/** Language and theme of the window: how every text and number is written. */
import { formatProblem, type FormattedProblem } from '@shared/problems/format';
import type { Problem } from '@shared/problems/problem';
import type { Preferences, Theme } from '@shared/ipc/app.contract';
import { formatText } from '@shared/texts/format';
import type { Locale, Text, TextArguments } from '@shared/texts/text';
import { MediaQuery } from 'svelte/reactivity';

const themeAfter: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

export class PreferencesState {
  locale = $state<Locale>('en');
  theme = $state<Theme>('system');
  readonly #systemDark = new MediaQuery('(prefers-color-scheme: dark)');
  readonly #store: (preferences: Preferences) => void;

  /** `store` keeps the preferences for the next start. */
  constructor(store: (preferences: Preferences) => void) {
    this.#store = store;
  }

  /** The theme in force. */
  get colours(): 'light' | 'dark' {
    if (this.theme !== 'system') return this.theme;
    return this.#systemDark.current ? 'dark' : 'light';
  }

  /** Takes what was stored, without storing it again. */
  load({ locale, theme }: Preferences): void {
    this.locale = locale;
    this.theme = theme;
  }

  setLocale(locale: Locale): void {
    this.locale = locale;
    this.#store({ locale, theme: this.theme });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.#store({ locale: this.locale, theme });
  }

  toggleLocale(): void {
    this.setLocale(this.locale === 'en' ? 'zh-CN' : 'en');
  }

  cycleTheme(): void {
    this.setTheme(themeAfter[this.theme]);
  }

  /** The text in the language in force. */
  text(text: Text, args?: TextArguments): string {
    return formatText(text, this.locale, args);
  }

  problem(problem: Problem): FormattedProblem {
    return formatProblem(problem, this.locale);
  }
}
