/** A document being changed by one command: a mutable copy that ends as a diff. */
import { required } from '../util/assert';
import { diffDocuments, type DocumentDiff } from './diff';
import { countIds, nextId } from './ids';
import { freeName } from './names';
import { closedPorts } from './ports';
import { livingGroups } from './groups';
import {
  wireKey,
  type BlockDefinition,
  type BlockGroup,
  type DocumentNode,
  type Endpoint,
  type GraphDocument,
  type Wire,
} from './types';

/**
 * Ports keep their numbers until `toDiff`, which closes the gaps: several commands of a batch can name the wires of a
 * node with many inputs without the earlier ones moving them.
 */
export class Draft {
  readonly #before: GraphDocument;
  readonly #nodes: Map<string, DocumentNode>;
  readonly #wires: Map<string, Wire>;
  readonly #blocks: Map<string, BlockDefinition>;
  readonly #groups: Map<string, BlockGroup>;
  readonly #rewired = new Set<string>();
  /** All names, for adding many nodes; made again after other changes. */
  #names: Set<string> | undefined;
  #lastIds: GraphDocument['lastIds'];
  training: GraphDocument['training'];

  constructor(document: GraphDocument) {
    this.#before = document;
    this.#nodes = new Map(Object.entries(document.nodes));
    this.#wires = new Map(Object.entries(document.wires));
    this.#blocks = new Map(Object.entries(document.blocks));
    this.#groups = new Map(Object.entries(document.groups));
    this.#lastIds = document.lastIds;
    this.training = document.training;
  }

  /** The node; an internal error where there is none. */
  node(id: string): DocumentNode {
    return required(this.#nodes.get(id), `node ${id}`);
  }

  /** The node, where there is one. */
  find(id: string): DocumentNode | undefined {
    return this.#nodes.get(id);
  }

  nodes(): readonly DocumentNode[] {
    return [...this.#nodes.values()];
  }

  setNode(node: DocumentNode): void {
    this.#names = undefined;
    this.#nodes.set(node.id, node);
  }

  removeNode(id: string): void {
    this.#names = undefined;
    this.#nodes.delete(id);
  }

  /** Adds a node under the next id of its type, which is also its name unless that is taken. */
  addNode({ name, ...node }: Omit<DocumentNode, 'id' | 'name'> & { readonly name?: string }): DocumentNode {
    const id = this.newId(node.type);
    const names = (this.#names ??= new Set([...this.#nodes.values()].map((each) => each.name)));
    const added = { ...node, id, name: freeName(name ?? id, names) };
    names.add(added.name);
    this.#nodes.set(id, added);
    return added;
  }

  /** An id that was never given, made of a type or a name. */
  newId(base: string): string {
    const id = nextId(this.#lastIds, base);
    this.#lastIds = countIds(this.#lastIds, [id]);
    return id;
  }

  /** Names of all nodes but one. */
  namesBut(id: string): ReadonlySet<string> {
    return new Set([...this.#nodes.values()].filter((node) => node.id !== id).map((node) => node.name));
  }

  /** The wire that ends at that port; an internal error where there is none. */
  wire(to: Endpoint): Wire {
    return required(this.#wires.get(wireKey(to)), `a wire to ${wireKey(to)}`);
  }

  wires(): readonly Wire[] {
    return [...this.#wires.values()];
  }

  setWire(wire: Wire): void {
    this.#wires.set(wireKey(wire.to), wire);
    this.#rewired.add(wire.to[0]);
  }

  removeWire(to: Endpoint): void {
    this.#wires.delete(wireKey(to));
    this.#rewired.add(to[0]);
  }

  /** The user's block; an internal error where there is none. */
  block(id: string): BlockDefinition {
    return required(this.#blocks.get(id), `block ${id}`);
  }

  get blocks(): GraphDocument['blocks'] {
    return Object.fromEntries(this.#blocks);
  }

  setBlock(block: BlockDefinition): void {
    this.#blocks.set(block.id, block);
  }

  removeBlock(id: string): void {
    this.#blocks.delete(id);
  }

  /** The expanded block; an internal error where there is none. */
  group(id: string): BlockGroup {
    return required(this.#groups.get(id), `group ${id}`);
  }

  groups(): readonly BlockGroup[] {
    return [...this.#groups.values()];
  }

  setGroup(group: BlockGroup): void {
    this.#groups.set(group.id, group);
  }

  removeGroup(id: string): void {
    this.#groups.delete(id);
  }

  /** What changed since the document that the draft began with. */
  toDiff(): DocumentDiff {
    const incoming = new Map<string, Wire[]>([...this.#rewired].map((node) => [node, []]));
    for (const wire of this.#wires.values()) incoming.get(wire.to[0])?.push(wire);
    for (const [node, wires] of incoming) this.#closeGaps(node, wires);
    const nodes = Object.fromEntries(this.#nodes);
    const living = livingGroups(this.groups(), nodes);
    return diffDocuments(this.#before, {
      nodes,
      wires: Object.fromEntries(this.#wires),
      blocks: this.blocks,
      groups: Object.fromEntries([...this.#groups].filter(([, group]) => living.has(group))),
      training: this.training,
    });
  }

  /** `wires` are those into the node. */
  #closeGaps(node: string, wires: readonly Wire[]): void {
    const ports = closedPorts(wires.map((wire) => wire.to[1]));
    const moved = wires.filter(({ to }) => (ports.get(to[1]) ?? to[1]) !== to[1]);
    for (const { to } of moved) this.#wires.delete(wireKey(to));
    for (const wire of moved) {
      const to: Endpoint = [node, required(ports.get(wire.to[1]), 'a numbered port')];
      this.#wires.set(wireKey(to), { ...wire, to });
    }
  }
}
