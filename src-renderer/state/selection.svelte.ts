/** What is selected on the canvas: view state, never part of the document or its history. */
import type { GraphDocument } from '@shared/document/types';

const none: ReadonlySet<string> = new Set();

export class SelectionState {
  /** Ids of nodes. */
  nodes = $state.raw<ReadonlySet<string>>(none);
  /** Keys of wires. */
  wires = $state.raw<ReadonlySet<string>>(none);
  /** The node that the keyboard is at: the canvas has one tab stop. */
  current = $state.raw<string | undefined>(undefined);

  /** The one selected node, if exactly one node is. */
  get only(): string | undefined {
    return this.nodes.size === 1 ? [...this.nodes][0] : undefined;
  }

  get onlyWire(): string | undefined {
    return this.nodes.size === 0 && this.wires.size === 1 ? [...this.wires][0] : undefined;
  }

  get isEmpty(): boolean {
    return this.nodes.size === 0 && this.wires.size === 0;
  }

  select(nodes: Iterable<string>, wires: Iterable<string> = []): void {
    const nextNodes = new Set(nodes);
    const nextWires = new Set(wires);
    if (!sameSet(nextNodes, this.nodes)) this.nodes = nextNodes;
    if (!sameSet(nextWires, this.wires)) this.wires = nextWires;
    const current = this.current;
    if (current === undefined || (nextNodes.size > 0 && !nextNodes.has(current))) {
      this.current = [...nextNodes].at(-1) ?? current;
    }
  }

  clear(): void {
    this.select([]);
  }

  /** Forgets what an undo or a deletion took away. */
  keepExisting(document: GraphDocument): void {
    this.select(
      [...this.nodes].filter((id) => Object.hasOwn(document.nodes, id)),
      [...this.wires].filter((key) => Object.hasOwn(document.wires, key)),
    );
    if (this.current !== undefined && !Object.hasOwn(document.nodes, this.current)) this.current = undefined;
  }
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
