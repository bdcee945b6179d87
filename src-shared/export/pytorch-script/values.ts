/** Values of settings as Python. */
import type { Json } from '../../util/json';
import { pythonString } from '../literals';
import { INDENT, LINE_WIDTH, pythonNumber } from '../pytorch/python';

/** Lists become lists; texts are in the quotes of the rest of the file where nothing in them needs care. */
export function pythonValue(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return pythonText(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(pythonValue).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${pythonText(key)}: ${pythonValue(each)}`)
    .join(', ')}}`;
}

export function pythonText(text: string): string {
  return /^[\w ./:-]*$/.test(text) ? `"${text}"` : pythonString(text);
}

/** `NAME = {` with an entry in each line; long lists of numbers are wrapped. */
export function pythonDictionary(name: string, entries: readonly (readonly [string, Json])[]): string {
  const lines = entries.flatMap(([key, value]) => entryLines(`${INDENT}${pythonText(key)}: `, value));
  return [`${name} = {`, ...lines, '}'].join('\n');
}

function entryLines(head: string, value: Json): readonly string[] {
  const line = `${head}${pythonValue(value)},`;
  if (line.length <= LINE_WIDTH || !Array.isArray(value)) return [line];
  const rows = wrapped((value as readonly Json[]).map((each) => `${pythonValue(each)},`));
  return [`${head}[`, ...rows.map((row) => `${INDENT}${INDENT}${row}`), `${INDENT}],`];
}

/** Words in lines of about the width of the file. */
function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_WIDTH - 12)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
