/** Documents as texts: the same document gives the same text, and a changed node changes one line. */
import { isJsonObject, type Json, type JsonObject } from '../util/json';
import { compareKeys } from './record';
import { FORMAT, VERSION, type DocumentNode, type GraphDocument, type Wire } from './types';

/** Known keys, in the order in which they are written. */
export const documentKeys = ['format', 'version', 'nodes', 'wires', 'training', 'lastIds'];
export const nodeKeys = ['id', 'type', 'name', 'position', 'params'];
export const wireKeys = ['from', 'to'];

/** The text of a `.loom` file: JSON, one node and one wire per line, sorted by id, unknown keys last. */
export function serialiseDocument({ nodes, wires, training, lastIds, extra = {} }: GraphDocument): string {
  const entries = [
    ['format', compact(FORMAT)],
    ['version', compact(VERSION)],
    ['nodes', lines(nodes, nodeText)],
    ['wires', lines(wires, wireText)],
    ['training', compact(training)],
    ['lastIds', compact(lastIds)],
    ...sortedEntries(extra),
  ];
  return `{\n${entries.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(',\n')}\n}\n`;
}

function nodeText({ id, type, name, position: { x, y }, params, extra = {} }: DocumentNode): string {
  return object([
    ['id', compact(id)],
    ['type', compact(type)],
    ['name', compact(name)],
    ['position', compact({ x, y })],
    ['params', compact(params)],
    ...sortedEntries(extra),
  ]);
}

function wireText({ from, to, extra = {} }: Wire): string {
  return object([['from', compact(from)], ['to', compact(to)], ...sortedEntries(extra)]);
}

function lines<T>(record: Readonly<Record<string, T>>, textOf: (value: T) => string): string {
  const keys = Object.keys(record).sort(compareKeys);
  if (keys.length === 0) return '[]';
  return `[\n${keys.map((key) => `    ${textOf(record[key] as T)}`).join(',\n')}\n  ]`;
}

/** JSON on one line, the keys of every object in order. */
function compact(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(', ')}]`;
  if (isJsonObject(value)) return object(sortedEntries(value));
  // A number too large for JavaScript was read as infinity, which JSON cannot write: this reads back the same.
  if (value === Infinity || value === -Infinity) return value > 0 ? '1e999' : '-1e999';
  return JSON.stringify(value);
}

type Entry = readonly [key: string, text: string];

function sortedEntries(value: JsonObject): Entry[] {
  const keys = Object.keys(value).sort(compareKeys);
  return keys.map((key) => [key, compact(value[key] as Json)]);
}

function object(entries: readonly Entry[]): string {
  return `{${entries.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`;
}
