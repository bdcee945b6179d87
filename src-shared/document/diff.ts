/** What a command changed: enough to do it, undo it and do it again. */
import type { JsonObject } from '../util/json';
import type { DocumentNode, GraphDocument, Wire } from './types';

export interface RecordDiff<T> {
  readonly added: Readonly<Record<string, T>>;
  readonly updated: Readonly<Record<string, readonly [from: T, to: T]>>;
  readonly removed: Readonly<Record<string, T>>;
}

export interface DocumentDiff {
  readonly nodes: RecordDiff<DocumentNode>;
  readonly wires: RecordDiff<Wire>;
  readonly training?: readonly [from: JsonObject, to: JsonObject];
}

export type { GraphDocument };
