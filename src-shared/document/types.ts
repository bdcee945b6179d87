/** The graph document: exactly what is saved, and nothing of selection, viewport or runs. */
import type { JsonObject } from '../util/json';

export const FORMAT = 'layerloom';
export const VERSION = 1;

/** Larger files are refused. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** `[node id, port]`. */
export type Endpoint = readonly [node: string, port: string];

export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface DocumentNode {
  /** Matches `[a-z][a-z0-9_]{0,63}`; unique and never used again, even after the node is gone. */
  readonly id: string;
  /** A node type's name; one that this version does not know is kept and shown as a problem. */
  readonly type: string;
  /** Free Unicode, unique; becomes the layer's name in exports. */
  readonly name: string;
  readonly position: Position;
  /** Raw values as typed or read; the node's schema parses them when the graph is analysed. */
  readonly params: JsonObject;
  /** Keys of the file that this version does not know; written back as they were. */
  readonly extra?: JsonObject;
}

export interface Wire {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly extra?: JsonObject;
}

export interface GraphDocument {
  readonly nodes: Readonly<Record<string, DocumentNode>>;
  /** By `wireKey(to)`: an input port takes one wire. */
  readonly wires: Readonly<Record<string, Wire>>;
  /** Raw values of the settings in training/settings.ts. */
  readonly training: JsonObject;
  /** The highest number given so far to an id of each prefix; never counts down, undo included. */
  readonly lastIds: Readonly<Record<string, number>>;
  readonly extra?: JsonObject;
}

/** The key of a wire: its input port, `node.port`. */
export function wireKey([node, port]: Endpoint): string {
  return `${node}.${port}`;
}
