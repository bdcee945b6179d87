/** Reads the configuration of a Keras layer: values as they stand in a stranger's file, each checked for its kind. */
import { own } from '../../document/record';
import { printable } from '../../params/printable';
import { isJsonObject, type Json, type JsonObject } from '../../util/json';
import type { ImportNote } from '../format';

type Pair = readonly [number, number];

/** Thrown inside the table only; what a layer lacks becomes its note. */
export class Unsupported extends Error {
  constructor(readonly note: ImportNote) {
    super(note.code);
  }
}

export class ConfigReader {
  /** What was left out or changed, beside what a layer's entry of the table says. */
  readonly notes: ImportNote[] = [];
  readonly #config: JsonObject;

  constructor(config: JsonObject) {
    this.#config = config;
  }

  get(key: string): Json | undefined {
    return own(this.#config, key);
  }

  /** Ends the layer: it cannot do this. */
  refuse(key: string): never {
    throw new Unsupported({ code: 'import/setting-unsupported', args: this.#argsOf(key) });
  }

  /** Says that this is left out. */
  leaveOut(key: string): void {
    this.notes.push({ code: 'import/setting-left-out', args: this.#argsOf(key) });
  }

  /** Refuses every value but the given one (or an absent one). */
  only(key: string, ...allowed: readonly (Json | undefined)[]): void {
    const value = this.get(key);
    const isAllowed = allowed.some((each) => JSON.stringify(each) === JSON.stringify(value));
    if (value !== undefined && value !== null && !isAllowed) this.refuse(key);
  }

  number(key: string, initial?: number): number {
    const value = this.get(key) ?? initial;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse(key);
  }

  boolean(key: string, initial: boolean): boolean {
    const value = this.get(key) ?? initial;
    return typeof value === 'boolean' ? value : this.refuse(key);
  }

  text(key: string, initial: string): string {
    const value = this.get(key) ?? initial;
    return typeof value === 'string' ? value : this.refuse(key);
  }

  /** `3` or `[3, 5]`. */
  pair(key: string, initial?: Pair): Pair {
    const value = this.get(key) ?? initial;
    if (typeof value === 'number') return [value, value];
    const [first, second, ...rest] = Array.isArray(value) ? (value as readonly Json[]) : [];
    if (typeof first !== 'number' || typeof second !== 'number' || rest.length > 0) return this.refuse(key);
    return [first, second];
  }

  /** `1`, `[1, 2]` or `[[1, 2], [3, 4]]` as top, bottom, left, right. */
  sides(key: string): readonly number[] {
    const value = this.get(key);
    const [rows, columns] = Array.isArray(value) ? (value as readonly Json[]) : [value, value];
    const both = (each: Json | undefined): readonly Json[] =>
      Array.isArray(each) ? (each as readonly Json[]) : [each ?? 1, each ?? 1];
    const sides = [...both(rows), ...both(columns)];
    const numbers = sides.filter((each) => typeof each === 'number');
    return sides.length === 4 && numbers.length === 4 ? numbers : this.refuse(key);
  }

  #argsOf(key: string): ImportNote['args'] {
    return { setting: key, value: printable(this.get(key)) };
  }
}

/** The class and configuration of an object that stands in a configuration; a text is a class without one. */
export function objectOf(value: Json | undefined): {
  readonly className: string;
  readonly config: JsonObject;
} {
  if (typeof value === 'string') return { className: value, config: {} };
  if (!isJsonObject(value)) return { className: '', config: {} };
  const className = own(value, 'class_name');
  const config = own(value, 'config');
  // A function of Keras 3 is an object whose configuration is its name.
  if (className === 'function' && typeof config === 'string') return { className: config, config: {} };
  return {
    className: typeof className === 'string' ? className : '',
    config: isJsonObject(config) ? config : {},
  };
}
