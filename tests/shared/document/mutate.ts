/** Changes JSON values at any place, to see what a reader makes of them. */
import type { Json, JsonObject } from '@shared/util/json';

type Path = readonly (string | number)[];

/** Every place in the value, the whole included. */
export function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => pathsOf(each, [...path, key]))];
}

/** The value with another at the place. */
export function replaceAt(value: Json, [key, ...rest]: Path, by: Json): Json {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each: Json, i) => (i === key ? replaceAt(each, rest, by) : each));
  const record = value as JsonObject;
  return { ...record, [key]: replaceAt(record[key] as Json, rest, by) };
}
