/** Durations in words. */
import { trainingTexts } from '@shared/texts/training';
import type { PreferencesState } from '../state/preferences.svelte';
import { splitDuration } from '../state/numbers';

/** `1 min 12 s` */
export function formatDuration(total: number, preferences: PreferencesState): string {
  const { hours, minutes, seconds } = splitDuration(total);
  if (hours > 0) return preferences.text(trainingTexts.hours, { hours, minutes });
  if (minutes > 0) return preferences.text(trainingTexts.minutes, { minutes, seconds });
  return preferences.text(trainingTexts.seconds, { seconds });
}
