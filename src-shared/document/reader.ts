/** Reads values of a file one by one and remembers the first that is not what it must be, with its place. */
import { printable } from '../params/printable';
import { problem, type Problem } from '../problems/problem';
import { isJsonObject, type Json, type JsonObject } from '../util/json';
import { isNodeId, MAX_ID_NUMBER } from './ids';
import type { Endpoint, Position } from './types';

/** Words of the message of `file/bad-value`. */
type Expected = 'list' | 'object' | 'text' | 'number' | 'id' | 'endpoint' | 'part' | 'version' | 'counter';

/**
 * After a refusal the reader goes on with an empty value: look at `problem` before using what was read. Places are
 * written like `nodes[3].id`.
 */
export class Reader {
  #problem: Problem | undefined;

  get problem(): Problem | undefined {
    return this.#problem;
  }

  refuse(refusal: Problem): void {
    this.#problem ??= refusal;
  }

  list(value: unknown, place: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.#expected('list', value, place, []);
  }

  object(value: unknown, place: string): JsonObject {
    return isJsonObject(value) ? value : this.#expected('object', value, place, {});
  }

  /** An object that may be left out. */
  optionalObject(value: unknown, place: string): JsonObject {
    return value === undefined ? {} : this.object(value, place);
  }

  /** A list that may be left out. */
  optionalList(value: unknown, place: string): readonly unknown[] {
    return value === undefined ? [] : this.list(value, place);
  }

  text(value: unknown, place: string): string {
    return typeof value === 'string' ? value : this.#expected('text', value, place, '');
  }

  id(value: unknown, place: string): string {
    return typeof value === 'string' && isNodeId(value) ? value : this.#expected('id', value, place, '');
  }

  position(value: unknown, place: string): Position {
    const { x, y } = this.object(value, place);
    return { x: this.#number(x, `${place}.x`), y: this.#number(y, `${place}.y`) };
  }

  endpoint(value: unknown, place: string): Endpoint {
    if (!Array.isArray(value) || value.length !== 2)
      return this.#expected('endpoint', value, place, ['', '']);
    const [node, port] = value as readonly unknown[];
    if (typeof node !== 'string' || typeof port !== 'string') {
      return this.#expected('endpoint', value, place, ['', '']);
    }
    return [node, port];
  }

  /** The id of one of the parts of a block. */
  part(value: unknown, place: string, parts: ReadonlySet<string>): string {
    return typeof value === 'string' && parts.has(value) ? value : this.#expected('part', value, place, '');
  }

  version(value: unknown, place: string): number {
    const isVersion = typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
    return isVersion ? value : this.#expected('version', value, place, 1);
  }

  /** The highest number given to an id. */
  counter(value: unknown, place: string): number {
    const isCounter =
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_ID_NUMBER;
    return isCounter ? value : this.#expected('counter', value, place, 0);
  }

  /** JSON has no infinity, but 1e999 is read as one. */
  #number(value: unknown, place: string): number {
    return typeof value === 'number' && Number.isFinite(value)
      ? value
      : this.#expected('number', value, place, 0);
  }

  #expected<T>(expected: Expected, value: unknown, place: string, empty: T): T {
    this.refuse(problem('file/bad-value', { place, value: printable(value), expected }));
    return empty;
  }
}

/** The keys of an object that are not among the known ones, as `{extra}`; nothing where there are none. */
export function extraOf(value: JsonObject, known: readonly string[]): { readonly extra?: JsonObject } {
  const unknown = Object.entries(value).filter((entry): entry is [string, Json] => !known.includes(entry[0]));
  return unknown.length === 0 ? {} : { extra: Object.fromEntries(unknown) };
}
