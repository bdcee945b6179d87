/** What a command changed: enough to do it, undo it and do it again. */
import { invariant } from '../util/assert';
import type { Json, JsonObject } from '../util/json';
import { countIds } from './ids';
import { own, sameJson, sortedRecord } from './record';
import { blockText, groupText } from './serialise';
import type { BlockDefinition, BlockGroup, DocumentNode, GraphDocument, Wire } from './types';

export interface RecordDiff<T> {
  readonly added: Readonly<Record<string, T>>;
  readonly updated: Readonly<Record<string, readonly [from: T, to: T]>>;
  readonly removed: Readonly<Record<string, T>>;
}

export interface DocumentDiff {
  readonly nodes: RecordDiff<DocumentNode>;
  readonly wires: RecordDiff<Wire>;
  readonly blocks: RecordDiff<BlockDefinition>;
  readonly groups: RecordDiff<BlockGroup>;
  readonly training?: readonly [from: JsonObject, to: JsonObject];
}

/** What a diff speaks about; counters of ids and unknown keys of the file are not part of it. */
export type DocumentContent = Pick<GraphDocument, 'nodes' | 'wires' | 'blocks' | 'groups' | 'training'>;

/** The diff that leads from one document to another; equal values are no change. */
export function diffDocuments(from: DocumentContent, to: DocumentContent): DocumentDiff {
  return {
    nodes: diffRecords(from.nodes, to.nodes, sameNode),
    wires: diffRecords(from.wires, to.wires, sameWire),
    blocks: diffRecords(from.blocks, to.blocks, (a, b) => blockText(a) === blockText(b)),
    groups: diffRecords(from.groups, to.groups, (a, b) => groupText(a) === groupText(b)),
    ...(!sameJson(from.training, to.training) && { training: [from.training, to.training] as const }),
  };
}

export function isEmptyDiff({ nodes, wires, blocks, groups, training }: DocumentDiff): boolean {
  const isEmpty = [nodes, wires, blocks, groups].every((record) => isEmptyRecordDiff<unknown>(record));
  return training === undefined && isEmpty;
}

/** The document after the change; what did not change stays the same object. Id counters only go up. */
export function applyDiff(document: GraphDocument, diff: DocumentDiff): GraphDocument {
  return {
    ...document,
    nodes: applyRecordDiff(document.nodes, diff.nodes),
    wires: applyRecordDiff(document.wires, diff.wires),
    blocks: applyRecordDiff(document.blocks, diff.blocks),
    groups: applyRecordDiff(document.groups, diff.groups),
    training: diff.training === undefined ? document.training : diff.training[1],
    lastIds: countIds(
      document.lastIds,
      [diff.nodes, diff.blocks, diff.groups].flatMap(({ added }) => Object.keys(added)),
    ),
  };
}

/** The diff that takes `diff` back. */
export function invertDiff({ nodes, wires, blocks, groups, training }: DocumentDiff): DocumentDiff {
  return {
    nodes: invertRecordDiff(nodes),
    wires: invertRecordDiff(wires),
    blocks: invertRecordDiff(blocks),
    groups: invertRecordDiff(groups),
    ...(training !== undefined && { training: [training[1], training[0]] as const }),
  };
}

function diffRecords<T>(
  from: Readonly<Record<string, T>>,
  to: Readonly<Record<string, T>>,
  isSame: (a: T, b: T) => boolean,
): RecordDiff<T> {
  const added: [string, T][] = [];
  const updated: [string, readonly [T, T]][] = [];
  for (const [key, value] of Object.entries(to)) {
    const before = own(from, key);
    if (before === undefined) added.push([key, value]);
    else if (before !== value && !isSame(before, value)) updated.push([key, [before, value]]);
  }
  const removed = Object.entries(from).filter(([key]) => !Object.hasOwn(to, key));
  return {
    added: Object.fromEntries(added),
    updated: Object.fromEntries(updated),
    removed: Object.fromEntries(removed),
  };
}

function applyRecordDiff<T>(record: Readonly<Record<string, T>>, diff: RecordDiff<T>) {
  if (isEmptyRecordDiff(diff)) return record;
  const { added, updated, removed } = diff;
  const isPresent = (key: string): boolean => Object.hasOwn(record, key);
  invariant(
    [...Object.keys(updated), ...Object.keys(removed)].every(isPresent),
    'a diff changes what is not there',
  );
  invariant(!Object.keys(added).some(isPresent), 'a diff adds what is there already');
  const kept = Object.entries(record)
    .filter(([key]) => !Object.hasOwn(removed, key))
    .map(([key, value]): [string, T] => [key, own(updated, key)?.[1] ?? value]);
  return sortedRecord([...kept, ...Object.entries(added)]);
}

function invertRecordDiff<T>({ added, updated, removed }: RecordDiff<T>): RecordDiff<T> {
  const swapped = Object.entries(updated).map(([key, [from, to]]) => [key, [to, from] as const] as const);
  return { added: removed, updated: Object.fromEntries(swapped), removed: added };
}

function isEmptyRecordDiff<T>({ added, updated, removed }: RecordDiff<T>): boolean {
  return [added, updated, removed].every((part) => Object.keys(part).length === 0);
}

function sameNode(a: DocumentNode, b: DocumentNode): boolean {
  return sameJson(nodeJson(a), nodeJson(b));
}

function sameWire(a: Wire, b: Wire): boolean {
  return sameJson([a.from, a.to, a.extra ?? null], [b.from, b.to, b.extra ?? null]);
}

function nodeJson({ id, type, name, position, params, extra }: DocumentNode): Json {
  return [id, type, name, position.x, position.y, params, extra ?? null];
}
