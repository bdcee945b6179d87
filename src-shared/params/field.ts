/** Parameters as schemas: one field is validator, default, input hint and text at once. */
import type { Text, TextArguments } from '../texts/text';
import type { ProblemCode } from '../problems/catalogue';
import type { Json } from '../util/json';
import type { Result } from '../util/result';

/** Why a value was refused: a catalogue code and its values; the caller adds node and parameter. */
export interface ParamIssue {
  readonly code: ProblemCode;
  readonly args: TextArguments;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: Text;
}

/** What a form needs to draw a control for the field. */
export type FieldControl =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly Choice<string>[] }
  /** One of the built-in data sets, or the path of an image folder. */
  | { readonly kind: 'dataset'; readonly choices: readonly Choice<string>[] }
  /** A fixed count of integers, such as [height, width]; `labels` name them. */
  | { readonly kind: 'sizes'; readonly min: number; readonly max: number; readonly labels: readonly Text[] }
  | { readonly kind: 'padding'; readonly max: number }
  /** Sizes whose count is free: `[features]` or `[height, width, channels]`; one may be -1. */
  | { readonly kind: 'shape'; readonly max: number }
  /** Rows of numbers `[height][width]`, or `[height][width][in][out]`. */
  | { readonly kind: 'kernel'; readonly max: number }
  /** Any count of numbers, none included. */
  | { readonly kind: 'numbers'; readonly min: number; readonly max: number };

export interface Field<T extends Json = Json> {
  readonly control: FieldControl;
  /** The only copy of the default. */
  readonly default: T;
  readonly label: Text;
  readonly doc: Text;
  /** Refuses; never clamps. */
  parse(value: unknown): Result<T, ParamIssue>;
  /** Whether the field matters given the other raw values (a slope only for LeakyReLU); absent means always. */
  isRelevant?(values: Readonly<Record<string, Json>>): boolean;
}

export type ParamSchema = Readonly<Record<string, Field>>;

export type ValueOf<F> = F extends Field<infer T> ? T : never;

/** Parsed values of a schema. */
export type ParamsOf<S extends ParamSchema> = { readonly [K in keyof S]: ValueOf<S[K]> };
