/** Draws documents for tests, command by command. */
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import type { GraphDocument } from '@shared/document/types';
import { nodeTypes } from '@shared/nodes';
import type { JsonObject } from '@shared/util/json';

/** A document under construction; a refused command fails the test. */
export class Sketch {
  document: GraphDocument;

  constructor(document: GraphDocument = emptyDocument()) {
    this.document = document;
  }

  run(command: Command): void {
    const result = applyCommand(this.document, command);
    if (!result.ok) throw new Error(`${command.kind} was refused: ${JSON.stringify(result.error)}`);
    this.document = applyDiff(this.document, result.value);
  }

  /** Adds a node fed by the given ones, in order; returns its id. */
  add(type: string, params: JsonObject, ...sources: readonly string[]): string {
    const known = this.document.nodes;
    this.run({ kind: 'addNode', type, position: { x: 0, y: 0 }, params });
    const id = Object.keys(this.document.nodes).find((each) => !known[each]) ?? '';
    const isVariadic = nodeTypes.get(type)?.inputs.kind === 'variadic';
    sources.forEach((source, i) => {
      this.run({ kind: 'connect', from: [source, 'out'], to: [id, isVariadic ? `in${i}` : 'in'] });
    });
    return id;
  }
}
