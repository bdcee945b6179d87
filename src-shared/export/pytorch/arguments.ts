/** Finds in the arguments of a class what its modules need: `filters`, `c2[0]`, `filters * 4`, `in_channels + 32`. */
import { type Literal, sameLiteral } from './python';

/** An argument with its value in each of the blocks that share a class. */
export interface Candidate {
  readonly name: string;
  readonly values: readonly Literal[];
}

export interface Found {
  readonly text: string;
  readonly uses: readonly { readonly candidate: Candidate; readonly isIndexed: boolean }[];
}

/** A number for each block, and how it is written. */
interface Term {
  readonly text: string;
  readonly candidate: Candidate;
  readonly isIndexed: boolean;
  readonly numbers: readonly number[];
}

const LARGEST_FACTOR = 256;

/** Text that gives `values` in every block; undefined where none of the candidates leads there. */
export function expressionFor(
  values: readonly Literal[],
  candidates: readonly Candidate[],
): Found | undefined {
  const same = candidates.find((each) =>
    each.values.every((value, index) => sameLiteral(value, values[index])),
  );
  if (same !== undefined) return { text: same.name, uses: [{ candidate: same, isIndexed: false }] };
  const wanted = numbersOf(values);
  if (wanted === undefined) return undefined;
  const terms = candidates.flatMap(termsOf);
  return plainTerm(wanted, terms) ?? multiple(wanted, terms) ?? sum(wanted, terms);
}

function numbersOf(values: readonly Literal[]): readonly number[] | undefined {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === values.length ? numbers : undefined;
}

/** The argument itself where it is a number, else each of its elements. */
function termsOf(candidate: Candidate): readonly Term[] {
  const { name, values } = candidate;
  const numbers = numbersOf(values);
  if (numbers !== undefined) return [{ text: name, candidate, isIndexed: false, numbers }];
  const length = Math.min(...values.map((value) => (isTuple(value) ? value.length : 0)));
  return Array.from({ length }, (_, place) => ({
    text: `${name}[${place}]`,
    candidate,
    isIndexed: true,
    numbers: values.map((value) => (isTuple(value) ? (value[place] ?? 0) : 0)),
  }));
}

function isTuple(value: Literal): value is readonly number[] {
  return typeof value === 'object';
}

const use = ({ candidate, isIndexed }: Term): Found['uses'][number] => ({ candidate, isIndexed });

function plainTerm(wanted: readonly number[], terms: readonly Term[]): Found | undefined {
  const term = terms.find(({ numbers }) => numbers.every((number, index) => number === wanted[index]));
  return term && { text: term.text, uses: [use(term)] };
}

function multiple(wanted: readonly number[], terms: readonly Term[]): Found | undefined {
  for (const term of terms) {
    const factor = (wanted[0] ?? 0) / (term.numbers[0] ?? 1);
    const isWhole = Number.isInteger(factor) && factor > 1 && factor <= LARGEST_FACTOR;
    if (isWhole && term.numbers.every((number, index) => number * factor === wanted[index])) {
      return { text: `${term.text} * ${factor}`, uses: [use(term)] };
    }
  }
  return undefined;
}

/** The channels that come in and a number, or a multiple of another argument. */
function sum(wanted: readonly number[], terms: readonly Term[]): Found | undefined {
  const input = terms.find(({ text }) => text.startsWith('in_'));
  if (input === undefined) return undefined;
  const rest = wanted.map((number, index) => number - (input.numbers[index] ?? 0));
  const [first = 0] = rest;
  if (first <= 0) return undefined;
  if (rest.every((number) => number === first))
    return { text: `${input.text} + ${first}`, uses: [use(input)] };
  const others = terms.filter((term) => term !== input);
  const found = plainTerm(rest, others) ?? multiple(rest, others);
  return found && { text: `${input.text} + ${found.text}`, uses: [use(input), ...found.uses] };
}
