/** Options of the export formats on the command line: every field of a target is `--kebab-case VALUE`. */
import { allTargets } from '@shared/export';
import type { AnyTarget } from '@shared/export/target';
import type { Field } from '@shared/params/field';
import { problem } from '@shared/problems/problem';
import type { Json, JsonObject } from '@shared/util/json';
import type { Arguments, FurtherOption } from '../arguments';
import type { Context } from '../context';
import { Refusal } from '../outcome';

interface TargetOption {
  readonly param: string;
  /** `fold-batch-normalization`. */
  readonly flag: string;
  readonly field: Field;
}

/** The options of a target, under their names on the command line. */
export function optionsOf({ options }: AnyTarget): readonly TargetOption[] {
  return Object.entries(options).map(([param, field]) => ({
    param,
    flag: param.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    field,
  }));
}

/** Those of all targets, each once. */
export const targetOptions: readonly FurtherOption[] = [
  ...new Map(
    allTargets.flatMap(optionsOf).map(({ flag: name, field: { control, doc: text } }) => {
      const value = control.kind === 'choice' ? control.choices.map((each) => each.value).join('|') : 'VALUE';
      return [name, { name, value: control.kind === 'boolean' ? 'true|false' : value, text }] as const;
    }),
  ).values(),
];

/** Parsed as JSON where that is what the field takes, else as text; what the field refuses is said with its range. */
export function readTargetOptions(context: Context, args: Arguments, target: AnyTarget): JsonObject {
  const own = optionsOf(target);
  const foreign = targetOptions.find(({ name }) => args.has(name) && !own.some(({ flag }) => flag === name));
  if (foreign) throw context.misuse('foreignOption', { option: `--${foreign.name}`, target: target.id });
  const given = own.flatMap(({ param, flag, field }) => {
    const value = args.text(flag);
    return value === undefined ? [] : [[param, readValue(`--${flag}`, value, field)] as const];
  });
  return Object.fromEntries(given);
}

function readValue(option: string, text: string, field: Field): Json {
  const isText = field.control.kind === 'choice';
  const parsed = field.parse(isText ? text : jsonOf(text));
  if (parsed.ok) return parsed.value;
  const { code, args } = parsed.error;
  throw new Refusal([problem(code, { param: option, ...args })]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
