/** Language and theme, kept in the user's data folder. */
import { readFileSync } from 'node:fs';
import { preferences, type Preferences } from '@shared/ipc/app.contract';
import type { Problem } from '@shared/problems/problem';
import { pickLocale } from '@shared/texts/locale';
import type { Result } from '@shared/util/result';
import { writeAtomically } from './files/atomic-write';

/** What holds until the user chooses: the system's language, and the system's theme. */
export function defaultPreferences(systemLanguages: readonly string[]): Preferences {
  return { locale: pickLocale(systemLanguages), theme: 'system' };
}

/** The stored preferences; `defaults` where the file is missing or damaged. Synchronous: the window waits for it. */
export function readPreferences(store: string, defaults: Preferences): Preferences {
  try {
    const parsed = preferences.safeParse(JSON.parse(readFileSync(store, 'utf8')));
    return parsed.success ? parsed.data : defaults;
  } catch {
    return defaults;
  }
}

export async function writePreferences(store: string, value: Preferences): Promise<Result<void, Problem>> {
  return writeAtomically(store, `${JSON.stringify(value, null, 2)}\n`);
}
