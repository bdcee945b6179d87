/** Received values as short texts for messages. */

/** What a message quotes of a value is never longer than this. */
const MAX_PRINTED = 60;

/** The value as JSON on one line, cut at 60 characters; `undefined` where there is none. */
export function printable(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = String(JSON.stringify(value));
  const characters = [...text.slice(0, 2 * MAX_PRINTED)];
  return characters.length > MAX_PRINTED ? `${characters.slice(0, MAX_PRINTED - 1).join('')}…` : text;
}
