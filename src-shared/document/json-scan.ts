/** Finds the place where a text stops being JSON, or is nested too deep; engines report neither reliably. */

export interface JsonFault {
  readonly kind: 'syntax' | 'depth';
  /** Index into the text of what cannot stand there; the text's length where it ends too early. */
  readonly index: number;
}

/** What may come next: `first` stands right after an opening bracket, where the closing one may follow. */
type State = 'value' | 'first value' | 'key' | 'first key' | 'after value';

const HEXADECIMAL = /[\da-f]/i;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/iy;

/**
 * The first fault of a JSON text, or undefined where `JSON.parse` reads it and no value is nested more than
 * `maxDepth` deep. Runs in linear time without recursion, so that no text can exhaust the stack.
 */
export function scanJson(text: string, maxDepth: number): JsonFault | undefined {
  const open: string[] = [];
  let state: State = 'value';
  let index = skipSpace(text, 0);
  while (index < text.length) {
    const step = scanToken(text, index, state, open);
    if (step === undefined) return { kind: 'syntax', index };
    if (step.fault !== undefined) return { kind: 'syntax', index: step.fault };
    if (open.length > maxDepth) return { kind: 'depth', index };
    state = step.state;
    index = skipSpace(text, step.end);
  }
  return state === 'after value' && open.length === 0 ? undefined : { kind: 'syntax', index: text.length };
}

interface Step {
  readonly state: State;
  readonly end: number;
  /** Where inside the token the fault is. */
  readonly fault?: number;
}

/** One token from `index`, opening and closing brackets kept in `open`; undefined where none can stand there. */
function scanToken(text: string, index: number, state: State, open: string[]): Step | undefined {
  const character = text.charAt(index);
  const end = index + 1;
  const inside = open.at(-1);
  if (state === 'after value') {
    if (character === ',' && inside !== undefined) return { state: inside === '{' ? 'key' : 'value', end };
    return closes(character, inside) ? close(open, end) : undefined;
  }
  if (state.startsWith('first') && closes(character, inside)) return close(open, end);
  if (state === 'key' || state === 'first key') return character === '"' ? scanKey(text, index) : undefined;
  if (character === '{' || character === '[') {
    open.push(character);
    return { state: character === '{' ? 'first key' : 'first value', end };
  }
  if (character === '"') return scanString(text, index);
  const scalarEnd = endOfScalar(text, index);
  return scalarEnd === index ? undefined : { state: 'after value', end: scalarEnd };
}

function closes(character: string, inside: string | undefined): boolean {
  return (character === '}' && inside === '{') || (character === ']' && inside === '[');
}

function close(open: string[], end: number): Step {
  open.pop();
  return { state: 'after value', end };
}

/** A key with its colon. */
function scanKey(text: string, index: number): Step {
  const key = scanString(text, index);
  if (key.fault !== undefined) return key;
  const colon = skipSpace(text, key.end);
  return { state: 'value', end: colon + 1, ...(text.charAt(colon) !== ':' && { fault: colon }) };
}

function scanString(text: string, start: number): Step {
  let index = start + 1;
  const state = 'after value';
  while (index < text.length) {
    const character = text.charAt(index);
    if (character === '"') return { state, end: index + 1 };
    if (character < ' ') break;
    if (character !== '\\') index++;
    else if ('"\\/bfnrt'.includes(text.charAt(index + 1) || ' ')) index += 2;
    else if (text.charAt(index + 1) !== 'u')
      return { state, end: index, fault: Math.min(index + 1, text.length) };
    else {
      for (let digit = index + 2; digit < index + 6; digit++) {
        if (!HEXADECIMAL.test(text.charAt(digit)))
          return { state, end: digit, fault: Math.min(digit, text.length) };
      }
      index += 6;
    }
  }
  return { state, end: index, fault: index };
}

/** Past `true`, `false`, `null` or a number; the index itself where there is none of them. */
function endOfScalar(text: string, index: number): number {
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, index)) return index + word.length;
  }
  NUMBER.lastIndex = index;
  return NUMBER.test(text) ? NUMBER.lastIndex : index;
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (' \t\n\r'.includes(text.charAt(index)) && index < text.length) index++;
  return index;
}
