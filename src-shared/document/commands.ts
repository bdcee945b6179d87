/** Every way to change a document, as data; document/apply.ts turns a command into a diff. */
import type { Json, JsonObject } from '../util/json';
import type {
  BlockDefinition,
  BlockGraph,
  DocumentNode,
  Endpoint,
  ExposedParam,
  Position,
  Wire,
} from './types';

/** What can be done with blocks; document/block-commands.ts carries it out. */
export type BlockCommand =
  /**
   * Puts the parts of a block in its place, wired as it was, and remembers them as a group. `graph` is what the block
   * consists of: the document does not know node types.
   */
  | { readonly kind: 'expandBlock'; readonly node: string; readonly graph: BlockGraph }
  /** Puts the block back as it was; refused once its parts were edited, moving them aside. */
  | { readonly kind: 'collapseGroup'; readonly group: string }
  /** The parts stay, as nodes like any others. */
  | { readonly kind: 'forgetGroup'; readonly group: string }
  /**
   * Makes a block of the user's own from nodes with one output, and puts it in their place. Its inputs are in the order
   * of the nodes that feed it, from left to right; after them come `openInputs`, ports that have no wire yet.
   */
  | {
      readonly kind: 'packNodes';
      readonly nodes: readonly string[];
      readonly name: string;
      /** Parameters of the nodes that become the block's; `part` is the id of a node. */
      readonly exposed?: readonly ExposedParam[];
      /** How many times the block stands in a row; 1 if absent. */
      readonly repeat?: number;
      readonly openInputs?: readonly Endpoint[];
      /** The block that is to be changed to this; all nodes that stand for it follow. */
      readonly replaces?: string;
    }
  /** Takes in blocks of another document or of a library. */
  | { readonly kind: 'addBlocks'; readonly blocks: Readonly<Record<string, BlockDefinition>> }
  | { readonly kind: 'renameBlock'; readonly block: string; readonly name: string }
  /** Refused while something else stands for one of them. */
  | { readonly kind: 'removeBlocks'; readonly blocks: readonly string[] };

export type Command =
  | BlockCommand
  | {
      readonly kind: 'addNode';
      readonly type: string;
      readonly position: Position;
      readonly params?: JsonObject;
      /** Numbered where another node has it; the id if absent. */
      readonly name?: string;
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
      readonly name?: string;
      readonly input?: string;
    }
  /** Adds copies under new ids and names, wired among themselves as the originals are. */
  | {
      readonly kind: 'paste';
      readonly nodes: readonly DocumentNode[];
      readonly wires: readonly Wire[];
      readonly offset: Position;
      /** Definitions of the user's blocks that the nodes need, where the document may not have them. */
      readonly blocks?: Readonly<Record<string, BlockDefinition>>;
    }
  | { readonly kind: 'setTraining'; readonly setting: string; readonly value: Json }
  /**
   * Several commands as one step of the history, all or none. Numbered ports keep their numbers until the last one is
   * done, so that removing `in0` and then `in1` removes the two wires that had these names.
   */
  | { readonly kind: 'batch'; readonly commands: readonly Command[] };
