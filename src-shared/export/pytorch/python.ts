/** Calls of constructors in generated Python: what is written, and how it is broken into lines. */
import { invariant } from '../../util/assert';

/** Texts are words of ours alone, such as the name of a mode; what the user typed never comes here. */
export type Literal = number | boolean | string | readonly number[];

/** A class that is written into the same file; its name is known when all classes are. */
export interface ClassReference {
  readonly classId: number;
}

export interface Argument {
  readonly name: string;
  readonly value: Literal | Call;
  /** Left out where this is the value. */
  readonly default?: Literal;
  /** Written without its name. */
  readonly isPositional?: boolean;
  /** Its elements are asked for one by one, so that two equal ones are written as two. */
  readonly keepsTuple?: boolean;
}

export interface Call {
  readonly callee: string | ClassReference;
  readonly args: readonly Argument[];
}

/** Black's width. */
export const LINE_WIDTH = 88;
const INDENT = '    ';

export function isCall(value: Literal | Call): value is Call {
  return typeof value === 'object' && 'callee' in value;
}

export function sameLiteral(a: Literal | undefined, b: Literal | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `3` for a pair of equal sizes, unless `keepsTuples`: constructors of PyTorch take both. */
export function pythonLiteral(value: Literal, keepsTuples = false): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') {
    invariant(/^[\w -]*$/.test(value), `${value} is no word of ours`);
    return `"${value}"`;
  }
  const [first, second, ...others] = value;
  if (!keepsTuples && first !== undefined && first === second && others.length === 0)
    return pythonNumber(first);
  return value.length === 1 ? `(${pythonNumber(first ?? 0)},)` : `(${value.map(pythonNumber).join(', ')})`;
}

/** As short as tells it from every other: sums such as 1 - 0.9 without their rounding. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value < 0 ? 'float("-inf")' : 'float("inf")';
  const short = Number(value.toPrecision(15));
  const isSmall = short !== 0 && Math.abs(short) < 1e-3;
  return isSmall ? short.toExponential() : String(short).replace('e+', 'e');
}

/** `head(a, b)tail` at that depth: in one line, else with one argument in each, as black does it. */
export function brokenCall(
  head: string,
  args: readonly string[],
  tail: string,
  depth: number,
): readonly string[] {
  const indent = INDENT.repeat(depth);
  const line = `${indent}${head}(${args.join(', ')})${tail}`;
  if (line.length <= LINE_WIDTH || args.length === 0) return [line];
  const inner = `${indent}${INDENT}${args.join(', ')}`;
  const lines = inner.length <= LINE_WIDTH ? [inner] : args.map((arg) => `${indent}${INDENT}${arg},`);
  return [`${indent}${head}(`, ...lines, `${indent})${tail}`];
}

/** Lines of one text at that depth. */
export function indented(lines: readonly string[], depth: number): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `${INDENT.repeat(depth)}${line}`));
}
