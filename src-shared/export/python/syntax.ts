/** Python as text: values, and calls in lines that are not too long. */
import type { Json } from '../../util/json';
import { commentText, pythonString } from '../literals';

const MAX_WIDTH = 100;
const INDENT = '    ';

/** A value as it stands in Python; lists become tuples, which nothing can change. */
export function pythonValue(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return tuple((value as readonly Json[]).map(pythonValue));
  const entries = Object.entries(value).map(([key, each]) => `${pythonString(key)}: ${pythonValue(each)}`);
  return `{${entries.join(', ')}}`;
}

/** A text of the user in a docstring: nothing in it ends the string or escapes. */
export function docText(text: string): string {
  return commentText(text).replace(/["\\]/g, "'");
}

function tuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items.join()},)` : `(${items.join(', ')})`;
}

/** `before(one, two)after` in one line where it fits, else with one argument in a line; `depth` counts indents. */
export function pythonCall(
  before: string,
  args: readonly string[],
  { after = '', depth = 0 }: { readonly after?: string; readonly depth?: number } = {},
): readonly string[] {
  const space = INDENT.repeat(depth);
  const line = `${space}${before}(${args.join(', ')})${after}`;
  if (line.length <= MAX_WIDTH || args.length === 0) return [line];
  return [`${space}${before}(`, ...args.map((each) => `${space}${INDENT}${each},`), `${space})${after}`];
}

export function indented(lines: readonly string[], depth = 1): readonly string[] {
  return lines.map((line) => (line === '' ? '' : INDENT.repeat(depth) + line));
}

/** Long lists of numbers, wrapped. */
export function numberLines(values: readonly number[], perLine = 8): readonly string[] {
  const count = Math.ceil(values.length / perLine);
  return Array.from(
    { length: count },
    (_, line) => `${values.slice(line * perLine, (line + 1) * perLine).join(', ')},`,
  );
}

/** Code of ours with its texts in the other quotes; docstrings keep theirs, and so do texts that hold a quote. */
export function singleQuoted(code: string): string {
  return code.replace(/"""[^]*?"""|"([^"'\\\n]*)"/g, (text: string, inner: string | undefined) =>
    inner === undefined ? text : `'${inner}'`,
  );
}
