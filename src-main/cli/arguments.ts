/** Arguments of a command, strictly: every option is known, has its value or none, and numbers are numbers. */
import { parseArgs } from 'node:util';
import type { commandTexts, optionTexts } from '@shared/texts/cli';
import type { Text } from '@shared/texts/text';
import type { Context } from './context';

export type OptionName = keyof typeof optionTexts;
export type CommandName = keyof typeof commandTexts;

export interface OptionSpec {
  /** How the value is called in the help; absent for switches. */
  readonly value?: string;
  readonly short?: string;
}

/** An option that takes a value and is described by `text`. */
export interface FurtherOption {
  readonly name: string;
  readonly value: string;
  readonly text: Text;
}

export interface Syntax {
  readonly command: CommandName;
  readonly options: Readonly<Partial<Record<OptionName, OptionSpec>>>;
  /** Names of the positional arguments; the last may repeat. */
  readonly positionals: readonly string[];
  readonly repeatsLast?: boolean;
  /** Options whose names and texts come from elsewhere: those of the export formats. */
  readonly further?: readonly FurtherOption[];
  /** Options that stand alone, without the positional arguments. */
  readonly standalone?: readonly OptionName[];
  /** Options of later versions, which are refused in words of their own. */
  readonly hidden?: readonly { readonly name: string; readonly value?: string }[];
}

export class Arguments {
  constructor(
    readonly context: Context,
    readonly command: string,
    readonly positionals: readonly string[],
    readonly values: ReadonlyMap<string, string | true>,
  ) {}

  has(option: string): boolean {
    return this.values.has(option);
  }

  text(option: string): string | undefined {
    const value = this.values.get(option);
    return typeof value === 'string' ? value : undefined;
  }

  required(option: OptionName): string {
    const value = this.text(option);
    if (value === undefined) {
      throw this.context.misuse('missingOption', { command: this.command, option: `--${option}` });
    }
    return value;
  }

  /** A whole number of at least `min`. */
  count(option: OptionName, min = 1): number | undefined {
    const value = this.text(option);
    if (value === undefined) return undefined;
    const parsed = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(parsed) || parsed < min) {
      throw this.context.misuse('notCount', { option: `--${option}`, value, min });
    }
    return parsed;
  }
}

/** Parses what follows the command's name; throws a Refusal that says what is wrong. */
export function parseArguments(context: Context, syntax: Syntax, argv: readonly string[]): Arguments {
  const further = (syntax.further ?? []).map(({ name, value }) => [name, { value }] as const);
  const known: OptionSpecs = { ...Object.fromEntries(further), ...syntax.options, ...hiddenOptions(syntax) };
  // Strict mode would end with English messages that cannot be translated; the tokens say the same.
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: parserOptions(known),
  });
  const positionals: string[] = [];
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!spec) {
      throw context.misuse('unknownOption', { command: syntax.command, option: token.rawName });
    }
    values.set(token.name, checkedValue(context, spec, token));
  }
  const standsAlone = ['help', ...(syntax.standalone ?? [])].some((option) => values.has(option));
  if (!standsAlone) checkPositionals(context, syntax, positionals);
  return new Arguments(context, syntax.command, positionals, values);
}

type OptionSpecs = Readonly<Record<string, OptionSpec>>;

function hiddenOptions({ hidden = [] }: Syntax): OptionSpecs {
  return Object.fromEntries(hidden.map(({ name, value }) => [name, value === undefined ? {} : { value }]));
}

function parserOptions(specs: OptionSpecs) {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { value, short }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function checkedValue(context: Context, spec: OptionSpec, token: OptionToken): string | true {
  const { rawName: option, value, inlineValue } = token;
  if (spec.value === undefined) {
    if (value !== undefined) throw context.misuse('takesNoValue', { option, value });
    return true;
  }
  // `--run --json`: the next option is no value, but a negative number is.
  const isNextOption = !inlineValue && value?.startsWith('-') === true && !Number.isFinite(Number(value));
  if (value === undefined || value === '' || isNextOption) throw context.misuse('missingValue', { option });
  return value;
}

function checkPositionals(context: Context, syntax: Syntax, given: readonly string[]): void {
  const { command, positionals: expected, repeatsLast = false } = syntax;
  const argument = expected[given.length];
  if (argument !== undefined) throw context.misuse('missingArgument', { command, argument });
  const extra = repeatsLast ? undefined : given[expected.length];
  if (extra !== undefined) throw context.misuse('extraArgument', { command, argument: extra });
}
