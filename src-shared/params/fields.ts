/** The kinds of field: each is validator, default, control hint and text in one object, and refuses, never clamps. */
import type { Padding } from '../ir/shape';
import type { Text } from '../texts/text';
import { invariant } from '../util/assert';
import { isJsonObject, type Json, type JsonObject } from '../util/json';
import { failure, success, type Result } from '../util/result';
import type { Choice, Field, ParamIssue, ParamSchema, ParamsOf } from './field';
import { printable } from './printable';

/** What every kind of field takes. */
export interface FieldOptions<T extends Json> {
  readonly default: T;
  readonly label: Text;
  readonly doc: Text;
  /** Whether the field matters given the other raw values; absent means always. */
  readonly isRelevant?: (values: JsonObject) => boolean;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

const heightAndWidth: readonly Text[] = [
  { en: 'Height', 'zh-CN': '高' },
  { en: 'Width', 'zh-CN': '宽' },
];

/** A whole number from `min` to `max`, both included. */
export function int({ min, max, ...options }: FieldOptions<number> & Range): Field<number> {
  return checked({
    ...options,
    control: { kind: 'integer', min, max },
    parse(value) {
      const args = { value: printable(value), min, max };
      if (typeof value !== 'number' || !Number.isInteger(value)) return refused('param/not-integer', args);
      return isWithin(value, { min, max }) ? success(value) : refused('param/out-of-range', args);
    },
  });
}

/** A number from `min` to `max`, both included; `step` is what one press of a spin button adds. */
export function float({
  min,
  max,
  step,
  ...options
}: FieldOptions<number> & Range & { readonly step: number }): Field<number> {
  return checked({
    ...options,
    control: { kind: 'number', min, max, step },
    parse(value) {
      const args = { value: printable(value), min, max };
      if (typeof value !== 'number' || Number.isNaN(value)) return refused('param/not-number', args);
      return isWithin(value, { min, max }) ? success(value) : refused('param/out-of-range', args);
    },
  });
}

export function bool(options: FieldOptions<boolean>): Field<boolean> {
  return checked({
    ...options,
    control: { kind: 'boolean' },
    parse: (value) =>
      typeof value === 'boolean' ? success(value) : refused('param/not-boolean', { value: printable(value) }),
  });
}

/** One of the given texts; its type is the union of their values. */
export function choice<const T extends string>({
  choices,
  ...options
}: FieldOptions<NoInfer<T>> & { readonly choices: readonly Choice<T>[] }): Field<T> {
  const known = choices.map((each) => each.value).join(', ');
  return checked({
    ...options,
    control: { kind: 'choice', choices },
    parse(value) {
      const found = choices.find((each) => each.value === value);
      return found === undefined
        ? refused('param/not-choice', { value: printable(value), choices: known })
        : success(found.value);
    },
  });
}

/**
 * As many whole numbers from `min` to `max` as the default has: `[height, width]` unless `labels` say otherwise.
 * The value's type is a tuple of that length (the `| []` makes the compiler see a tuple).
 */
export function sizes<T extends readonly number[] | []>({
  min,
  max,
  labels = heightAndWidth,
  ...options
}: FieldOptions<T> & Range & { readonly labels?: readonly Text[] }): Field<T> {
  const count = labels.length;
  const isSizes = (value: unknown): value is T =>
    Array.isArray(value) &&
    value.length === count &&
    value.every((size) => Number.isInteger(size) && isWithin(Number(size), { min, max }));
  return checked<T>({
    ...options,
    control: { kind: 'sizes', min, max, labels },
    parse: (value) =>
      isSizes(value)
        ? success(value)
        : refused('param/not-sizes', { value: printable(value), count, min, max }),
  });
}

const sides = ['top', 'bottom', 'left', 'right'] as const;

/** `same`, `valid`, or from 0 to `max` pixels on each of the four sides. */
export function padding({
  max,
  ...options
}: FieldOptions<Padding> & { readonly max: number }): Field<Padding> {
  const isPixels = (value: Json | undefined): value is number =>
    Number.isInteger(value) && isWithin(Number(value), { min: 0, max });
  return checked<Padding>({
    ...options,
    control: { kind: 'padding', max },
    parse(value) {
      if (value === 'same' || value === 'valid') return success(value);
      if (isJsonObject(value) && Object.keys(value).every((key) => sides.some((side) => side === key))) {
        const { top, bottom, left, right } = value;
        if (isPixels(top) && isPixels(bottom) && isPixels(left) && isPixels(right)) {
          return success({ top, bottom, left, right });
        }
      }
      return refused('param/not-padding', { value: printable(value), max });
    },
  });
}

export interface ParsedParams<S extends ParamSchema> {
  /** The default stands in for each refused value, so that drawing can go on; training must not. */
  readonly values: ParamsOf<S>;
  /** Refused values, in the schema's order; their arguments include `param`. */
  readonly issues: readonly { readonly param: string; readonly issue: ParamIssue }[];
  /** Keys that the schema does not have, in the order of the raw values. */
  readonly unknown: readonly string[];
}

/** Reads raw values by a schema; an absent value means the default. */
export function parseParams<S extends ParamSchema>(schema: S, raw: JsonObject): ParsedParams<S> {
  const issues: { param: string; issue: ParamIssue }[] = [];
  const read = (param: string, field: Field): Json => {
    if (!Object.hasOwn(raw, param)) return field.default;
    const result = field.parse(raw[param]);
    if (result.ok) return result.value;
    const { code, args } = result.error;
    issues.push({ param, issue: { code, args: { param, ...args } } });
    return field.default;
  };
  const values = mapSchema(schema, read);
  return { values, issues, unknown: Object.keys(raw).filter((key) => !Object.hasOwn(schema, key)) };
}

const parsedOnce = new WeakMap<
  JsonObject,
  { readonly schema: ParamSchema; readonly parsed: ParsedParams<ParamSchema> }
>();

/** As parseParams, remembered by the raw values themselves: for those of a document, which never change in place. */
export function parseParamsOnce(schema: ParamSchema, raw: JsonObject): ParsedParams<ParamSchema> {
  const known = parsedOnce.get(raw);
  if (known?.schema === schema) return known.parsed;
  const parsed = parseParams(schema, raw);
  parsedOnce.set(raw, { schema, parsed });
  return parsed;
}

export function defaultParams<S extends ParamSchema>(schema: S): ParamsOf<S> {
  return mapSchema(schema, (_param, field) => field.default);
}

/** Sound where `valueOf` gives each field a value of that field's own type, which the signature cannot say. */
function mapSchema<S extends ParamSchema>(
  schema: S,
  valueOf: (param: string, field: Field) => Json,
): ParamsOf<S> {
  const entries = Object.entries(schema).map(([param, field]) => [param, valueOf(param, field)]);
  return Object.fromEntries(entries) as ParamsOf<S>;
}

function isWithin(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}

/** The refusal of a value, for the kinds of field. */
export function refused(code: ParamIssue['code'], args: ParamIssue['args']): Result<never, ParamIssue> {
  return failure({ code, args });
}

/** The field itself, once its default is known to be one of its values. */
export function checked<T extends Json>(field: Field<T>): Field<T> {
  invariant(field.parse(field.default).ok, `the default of ${field.label.en} is refused by its own field`);
  return field;
}
