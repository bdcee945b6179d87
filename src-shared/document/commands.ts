/** Every way to change a document, as data; document/apply.ts turns a command into a diff. */
import type { Json, JsonObject } from '../util/json';
import type { DocumentNode, Endpoint, Position, Wire } from './types';

export type Command =
  | {
      readonly kind: 'addNode';
      readonly type: string;
      readonly position: Position;
      readonly params?: JsonObject;
    }
  /** `heal` joins what fed a removed single-input node to what it fed. */
  | { readonly kind: 'removeNodes'; readonly nodes: readonly string[]; readonly heal?: boolean }
  | { readonly kind: 'moveNodes'; readonly positions: Readonly<Record<string, Position>> }
  | { readonly kind: 'renameNode'; readonly node: string; readonly name: string }
  | { readonly kind: 'setParam'; readonly node: string; readonly param: string; readonly value: Json }
  /** Replaces the wire that the input port had. */
  | { readonly kind: 'connect'; readonly from: Endpoint; readonly to: Endpoint }
  | { readonly kind: 'disconnect'; readonly to: Endpoint }
  /** Puts a new node in the middle of the wire that ends at `to`; `input` is the new node's port, `in` if absent. */
  | {
      readonly kind: 'insertOnWire';
      readonly to: Endpoint;
      readonly type: string;
      readonly position: Position;
      readonly params?: JsonObject;
      readonly input?: string;
    }
  /** Adds copies under new ids and names, wired among themselves as the originals are. */
  | {
      readonly kind: 'paste';
      readonly nodes: readonly DocumentNode[];
      readonly wires: readonly Wire[];
      readonly offset: Position;
    }
  | { readonly kind: 'setTraining'; readonly setting: string; readonly value: Json }
  /**
   * Several commands as one step of the history, all or none. Numbered ports keep their numbers until the last one is
   * done, so that removing `in0` and then `in1` removes the two wires that had these names.
   */
  | { readonly kind: 'batch'; readonly commands: readonly Command[] };
