/** A document being changed by one command: a mutable copy that ends as a diff. */
import { required } from '../util/assert';
import { diffDocuments, type DocumentDiff } from './diff';
import { countIds, nextId } from './ids';
import { freeName } from './names';
import { closedPorts } from './ports';
import { wireKey, type DocumentNode, type Endpoint, type GraphDocument, type Wire } from './types';

/**
 * Ports keep their numbers until `toDiff`, which closes the gaps: several commands of a batch can name the wires of a
 * node with many inputs without the earlier ones moving them.
 */
export class Draft {
  readonly #before: GraphDocument;
  readonly #nodes: Map<string, DocumentNode>;
  readonly #wires: Map<string, Wire>;
  readonly #rewired = new Set<string>();
  #lastIds: GraphDocument['lastIds'];
  training: GraphDocument['training'];

  constructor(document: GraphDocument) {
    this.#before = document;
    this.#nodes = new Map(Object.entries(document.nodes));
    this.#wires = new Map(Object.entries(document.wires));
    this.#lastIds = document.lastIds;
    this.training = document.training;
  }

  /** The node; an internal error where there is none. */
  node(id: string): DocumentNode {
    return required(this.#nodes.get(id), `node ${id}`);
  }

  setNode(node: DocumentNode): void {
    this.#nodes.set(node.id, node);
  }

  removeNode(id: string): void {
    this.#nodes.delete(id);
  }

  /** Adds a node under the next id of its type, which is also its name unless that is taken. */
  addNode({ name, ...node }: Omit<DocumentNode, 'id' | 'name'> & { readonly name?: string }): DocumentNode {
    const id = nextId(this.#lastIds, node.type);
    const added = { ...node, id, name: freeName(name ?? id, this.namesBut(id)) };
    this.#lastIds = countIds(this.#lastIds, [id]);
    this.#nodes.set(id, added);
    return added;
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

  /** What changed since the document that the draft began with. */
  toDiff(): DocumentDiff {
    for (const node of this.#rewired) this.#closeGaps(node);
    const nodes = Object.fromEntries(this.#nodes);
    return diffDocuments(this.#before, {
      nodes,
      wires: Object.fromEntries(this.#wires),
      training: this.training,
    });
  }

  #closeGaps(node: string): void {
    const wires = this.wires().filter((wire) => wire.to[0] === node);
    const ports = closedPorts(wires.map((wire) => wire.to[1]));
    const moved = wires.filter(({ to }) => (ports.get(to[1]) ?? to[1]) !== to[1]);
    for (const { to } of moved) this.#wires.delete(wireKey(to));
    for (const wire of moved) {
      const to: Endpoint = [node, required(ports.get(wire.to[1]), 'a numbered port')];
      this.#wires.set(wireKey(to), { ...wire, to });
    }
  }
}
