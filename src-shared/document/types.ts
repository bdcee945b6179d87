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

/** A node inside a block, under an id that counts only there. */
export interface BlockPart {
  /** `conv1`; a repetition of it is `conv1.2`. */
  readonly id: string;
  readonly type: string;
  /** What the user called it before it was packed; absent where the id says enough. */
  readonly name?: string;
  /** From the block's own position. */
  readonly position: Position;
  readonly params: JsonObject;
  readonly extra?: JsonObject;
}

/** What a block consists of. */
export interface BlockGraph {
  readonly nodes: readonly BlockPart[];
  /** Among the parts. */
  readonly wires: readonly Wire[];
  /** The ports of parts that each input port of the block feeds. */
  readonly inputs: Readonly<Record<string, readonly Endpoint[]>>;
  /** The part whose output is the block's. */
  readonly output: string;
  readonly extra?: JsonObject;
}

/** A parameter of a part that is also one of the block; several parts may share a name. */
export interface ExposedParam {
  readonly name: string;
  readonly part: string;
  readonly param: string;
  readonly extra?: JsonObject;
}

/** A block that the user packed: nodes of type `Block` name it in their parameter `block`. */
export interface BlockDefinition {
  readonly id: string;
  readonly name: string;
  readonly graph: BlockGraph;
  readonly exposed: readonly ExposedParam[];
  readonly extra?: JsonObject;
}

/** A block that stands expanded in the document, and all that is needed to put it back. */
export interface BlockGroup {
  readonly id: string;
  /** The node as it was; its id is kept free for it. */
  readonly node: DocumentNode;
  /** The nodes in its place as they were at first, by their ids inside the block. */
  readonly members: Readonly<Record<string, DocumentNode>>;
  /** The wires among them at first. */
  readonly wires: readonly Wire[];
  /** The members' ports that each input port of the block became. */
  readonly inputs: Readonly<Record<string, readonly Endpoint[]>>;
  /** Id of the node whose output was the block's. */
  readonly output: string;
  readonly extra?: JsonObject;
}

export interface GraphDocument {
  readonly nodes: Readonly<Record<string, DocumentNode>>;
  /** By `wireKey(to)`: an input port takes one wire. */
  readonly wires: Readonly<Record<string, Wire>>;
  /** The user's own blocks. */
  readonly blocks: Readonly<Record<string, BlockDefinition>>;
  /** Blocks that stand expanded. */
  readonly groups: Readonly<Record<string, BlockGroup>>;
  /** Id of the template that it was made from: its presets are offered. An unknown one is kept. */
  readonly template?: string;
  /** Raw values of the settings in training/schema.ts. */
  readonly training: JsonObject;
  /** The highest number given so far to an id of each prefix; never counts down, undo included. */
  readonly lastIds: Readonly<Record<string, number>>;
  readonly extra?: JsonObject;
}

/** The key of a wire: its input port, `node.port`. */
export function wireKey([node, port]: Endpoint): string {
  return `${node}.${port}`;
}
