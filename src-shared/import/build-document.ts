/** From an imported network to a document: ids, unique names, wires, positions, and weights under our names. */
import { freeName } from '../document/names';
import { countIds, nextId } from '../document/ids';
import { INPUT_PORT, numberedPort, OUTPUT_PORT } from '../document/ports';
import { wireKey, type DocumentNode, type Endpoint, type GraphDocument, type Wire } from '../document/types';
import type { NamedTensor } from '../formats/safetensors';
import { arrange, nodeSize } from '../layout/arrange';
import { nodeTypes } from '../nodes';
import { parseParams } from '../params/fields';
import type { JsonObject } from '../util/json';
import type { ImportedLayer, ImportedNetwork, ImportedNode, ImportNote, Outcome } from './format';

/** What became of a layer of the file. */
export interface ImportRow {
  readonly layer: string;
  readonly type: string;
  readonly outcome: Outcome;
  readonly notes: readonly ImportNote[];
  /** Ids of the nodes that stand for it. */
  readonly nodes: readonly string[];
}

export interface Imported {
  readonly document: GraphDocument;
  /** `conv2d_1/kernel`. */
  readonly tensors: readonly NamedTensor[];
  readonly report: readonly ImportRow[];
}

/** Names longer than this are no names of nodes. */
const MAX_NAME = 200;

/** The document of a network; what a layer lacks is open in it, and shows as a problem like any other. */
export function documentOf({ layers, training }: ImportedNetwork): Imported {
  const builder = new DocumentBuilder();
  for (const layer of layers) builder.add(layer);
  return builder.finish(training);
}

class DocumentBuilder {
  readonly #nodes = new Map<string, DocumentNode>();
  readonly #ids = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #wires: Wire[] = [];
  readonly #tensors: NamedTensor[] = [];
  readonly #report: ImportRow[] = [];
  #lastIds: GraphDocument['lastIds'] = {};

  add(layer: ImportedLayer): void {
    const added = layer.nodes.map((node) => this.#addNode(node));
    const issues = layer.nodes.flatMap((node) => issuesOf(node));
    this.#report.push({
      layer: layer.name,
      type: layer.type,
      outcome: issues.length > 0 ? 'refused' : layer.outcome,
      notes: [...layer.notes, ...issues],
      nodes: added,
    });
  }

  #addNode({ key, type, name, params, inputs, weights }: ImportedNode): string {
    const id = nextId(this.#lastIds, type);
    this.#lastIds = countIds(this.#lastIds, [id]);
    this.#ids.set(key, id);
    const wanted = [...name.trim()].slice(0, MAX_NAME).join('') || id;
    const unique = freeName(wanted, this.#names);
    this.#names.add(unique);
    this.#nodes.set(id, { id, type, name: unique, position: { x: 0, y: 0 }, params });
    const isVariadic = nodeTypes.get(type)?.inputs.kind === 'variadic' || inputs.length > 1;
    inputs.forEach((source, index) => {
      const from = this.#ids.get(source);
      const to: Endpoint = [id, isVariadic ? numberedPort(index) : INPUT_PORT];
      if (from !== undefined) this.#wires.push({ from: [from, OUTPUT_PORT], to });
    });
    for (const { role, dims, values } of weights) this.#tensors.push({ name: `${id}/${role}`, dims, values });
    return id;
  }

  finish(training: JsonObject): Imported {
    const document: GraphDocument = {
      nodes: Object.fromEntries(this.#nodes),
      wires: Object.fromEntries(this.#wires.map((wire) => [wireKey(wire.to), wire])),
      blocks: {},
      groups: {},
      training,
      lastIds: this.#lastIds,
    };
    const positions = arrange(document, () => nodeSize);
    const nodes = [...this.#nodes.values()].map((node) => {
      const position = positions[node.id] ?? node.position;
      return [node.id, { ...node, position }] as const;
    });
    const placed = { ...document, nodes: Object.fromEntries(nodes) };
    return { document: placed, tensors: this.#tensors, report: this.#report };
  }
}

/** Values that a node's own fields refuse: they stay in the document as they came, and show as problems. */
function issuesOf({ type, params }: ImportedNode): readonly ImportNote[] {
  const definition = nodeTypes.get(type);
  if (definition === undefined) return [];
  return parseParams(definition.params, params).issues.map(({ issue }) => issue);
}
