/** What the last analysis found of each node: kept, as the same object, while nothing that it depends on has changed. */
import type { DocumentNode, Wire } from '../document/types';
import { sameDims } from '../ir/shape';
import type { Shape } from '../ir/types';
import type { NodeDefinition } from '../nodes/define';
import type { NodeAnalysis } from './analysis';

/** What one value sees of the input, and how far apart neighbours are there, in pixels per axis. */
export interface Field {
  readonly size: readonly [number, number];
  readonly jump: readonly [number, number];
}

/** A node by itself: without the mistakes of the network as a whole. */
export interface NodeFindings {
  readonly analysis: NodeAnalysis;
  readonly field?: Field;
  readonly minimumBatch: 1 | 2;
  /** Names and places of other nodes are part of it: they may change without the node's own. */
  readonly namesOthers: boolean;
}

/** What enters a node by one wire. */
export interface Feed {
  readonly wire: Wire;
  readonly shape: Shape | undefined;
  readonly field: Field | undefined;
}

interface Known {
  readonly node: DocumentNode;
  readonly definition: NodeDefinition | undefined;
  readonly feeds: readonly Feed[];
  readonly findings: NodeFindings;
}

export class KnownNodes {
  #last = new Map<string, Known>();
  #next = new Map<string, Known>();

  /** The findings of the last time, where they still hold; else those of `find`. */
  findings(
    node: DocumentNode,
    definition: NodeDefinition | undefined,
    feeds: readonly Feed[],
    find: () => NodeFindings,
  ): NodeFindings {
    const last = this.#last.get(node.id);
    const isSame =
      last !== undefined &&
      last.definition === definition &&
      !last.findings.namesOthers &&
      sameApartFromPlace(last.node, node) &&
      last.feeds.length === feeds.length &&
      last.feeds.every((feed, i) => sameFeed(feed, feeds[i]));
    const known = isSame ? last : { node, definition, feeds, findings: find() };
    this.#next.set(node.id, known);
    return known.findings;
  }

  /** Forgets what was not asked for since the last call: nodes that are gone. */
  endPass(): void {
    this.#last = this.#next;
    this.#next = new Map();
  }
}

function sameApartFromPlace(a: DocumentNode, b: DocumentNode): boolean {
  return a === b || (a.params === b.params && a.type === b.type && a.name === b.name);
}

function sameFeed(a: Feed, b: Feed | undefined): boolean {
  if (b === undefined || a.wire.to[1] !== b.wire.to[1]) return false;
  const [shape, other] = [a.shape, b.shape];
  const isSameShape = shape === other || (shape && other && sameDims(shape, other)) === true;
  return isSameShape && sameField(a.field, b.field);
}

function sameField(a: Field | undefined, b: Field | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && sameDims(a.size, b.size) && sameDims(a.jump, b.jump);
}
