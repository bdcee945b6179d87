/** Documents as texts: the same document gives the same text, and a changed node changes one line. */
import { isJsonObject, type Json, type JsonObject } from '../util/json';
import { compareKeys } from './record';
import {
  FORMAT,
  VERSION,
  type BlockDefinition,
  type BlockGraph,
  type BlockGroup,
  type BlockPart,
  type DocumentNode,
  type ExposedParam,
  type GraphDocument,
  type Wire,
} from './types';

/** Known keys, in the order in which they are written. */
export const documentKeys = [
  'format',
  'version',
  'nodes',
  'wires',
  'blocks',
  'groups',
  'template',
  'training',
  'lastIds',
];
export const nodeKeys = ['id', 'type', 'name', 'position', 'params'];
export const wireKeys = ['from', 'to'];
export const blockKeys = ['id', 'name', 'graph', 'exposed'];
export const blockGraphKeys = ['nodes', 'wires', 'inputs', 'output'];
export const exposedKeys = ['name', 'part', 'param'];
export const groupKeys = ['id', 'node', 'members', 'wires', 'inputs', 'output'];

/** The text of a `.loom` file: JSON, one node, wire or block per line, sorted by id, unknown keys last. */
export function serialiseDocument(document: GraphDocument): string {
  const { nodes, wires, blocks, groups, template, training, lastIds, extra = {} } = document;
  const entries = [
    ['format', compact(FORMAT)],
    ['version', compact(VERSION)],
    ['nodes', lines(nodes, nodeText)],
    ['wires', lines(wires, wireText)],
    // Left out where there are none, as in files from before there were blocks.
    ...(Object.keys(blocks).length === 0 ? [] : [['blocks', lines(blocks, blockText)]]),
    ...(Object.keys(groups).length === 0 ? [] : [['groups', lines(groups, groupText)]]),
    ...(template === undefined ? [] : [['template', compact(template)] as const]),
    ['training', compact(training)],
    ['lastIds', compact(lastIds)],
    ...sortedEntries(extra),
  ];
  return `{\n${entries.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(',\n')}\n}\n`;
}

/** A block's definition on one line; equal definitions have equal texts. */
export function blockText({ id, name, graph, exposed, extra = {} }: BlockDefinition): string {
  return object([
    ['id', compact(id)],
    ['name', compact(name)],
    ['graph', graphText(graph)],
    ['exposed', list(exposed, exposedText)],
    ...sortedEntries(extra),
  ]);
}

/** An expanded block on one line. */
export function groupText({ id, node, members, wires, inputs, output, extra = {} }: BlockGroup): string {
  const names = Object.keys(members).sort(compareKeys);
  return object([
    ['id', compact(id)],
    ['node', nodeText(node)],
    ['members', object(names.map((name) => [name, nodeText(members[name] as DocumentNode)]))],
    ['wires', list(wires, wireText)],
    ['inputs', compact(inputs)],
    ['output', compact(output)],
    ...sortedEntries(extra),
  ]);
}

function graphText({ nodes, wires, inputs, output, extra = {} }: BlockGraph): string {
  return object([
    ['nodes', list(nodes, nodeText)],
    ['wires', list(wires, wireText)],
    ['inputs', compact(inputs)],
    ['output', compact(output)],
    ...sortedEntries(extra),
  ]);
}

function exposedText({ name, part, param, extra = {} }: ExposedParam): string {
  return object([
    ['name', compact(name)],
    ['part', compact(part)],
    ['param', compact(param)],
    ...sortedEntries(extra),
  ]);
}

function nodeText({ id, type, name, position: { x, y }, params, extra = {} }: BlockPart): string {
  return object([
    ['id', compact(id)],
    ['type', compact(type)],
    ...(name === undefined ? [] : ([['name', compact(name)]] as const)),
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

function list<T>(values: readonly T[], textOf: (value: T) => string): string {
  return `[${values.map(textOf).join(', ')}]`;
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
