/** Which of our languages fits what a system or an environment asks for. */
import type { Locale } from './text';

/** From language tags in order of preference (`zh-Hans-CN`, `en_GB.UTF-8`); English where none is ours. */
export function pickLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    if (/^zh\b|^zh[-_]/i.test(tag)) return 'zh-CN';
    if (/^en\b|^en[-_]/i.test(tag)) return 'en';
  }
  return 'en';
}
