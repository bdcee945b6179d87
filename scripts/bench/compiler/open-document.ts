/** An open document as the window has it, with what an edit costs: command, diff, new document, analysis. */
import { createAnalyser } from '@shared/compile/analyse';
import { ancestorsOf, topologyOf } from '@shared/compile/topology';
import type { Command } from '@shared/document/commands';
import { DocumentStore } from '@shared/document/store';
import type { GraphDocument } from '@shared/document/types';

const ROUNDS = 12;

export interface Row {
  readonly name: string;
  readonly nodes: number;
  /** Milliseconds of each round. */
  readonly times: readonly number[];
}

export class OpenDocument {
  readonly #store: DocumentStore;
  readonly #analyse = createAnalyser();

  constructor(document: GraphDocument) {
    this.#store = new DocumentStore(document);
    this.analyse();
  }

  get document(): GraphDocument {
    return this.#store.document;
  }

  analyse() {
    return this.#analyse(this.document);
  }

  /** Ids of the nodes that it added. */
  run(command: Command): readonly string[] {
    const result = this.#store.execute(command);
    if (!result.ok) throw new Error(`${command.kind} was refused: ${result.error.code}`);
    this.analyse();
    return Object.keys(result.value.nodes.added);
  }

  /** Without looking at shapes again, as the window does when nodes are only moved. */
  move(node: string, x: number): void {
    this.#store.execute({ kind: 'moveNodes', positions: { [node]: { x, y: x } } });
  }

  undo(): void {
    this.#store.undo();
    this.analyse();
  }

  /** What stands between two nodes, the last one included. */
  between(first: string, last: string): readonly string[] {
    const topology = topologyOf(this.document);
    const before = ancestorsOf(topology, first);
    return [...ancestorsOf(topology, last)].filter((id) => !before.has(id));
  }

  /** Times `edit` in every round; `after` brings things back. */
  row(name: string, edit: (round: number) => void, after: () => void = () => undefined): Row {
    const times = Array.from({ length: ROUNDS }, (_, round) => {
      const start = performance.now();
      edit(round);
      const time = performance.now() - start;
      after();
      return time;
    });
    return { name, nodes: Object.keys(this.document.nodes).length, times };
  }
}
