/** What a template is, and how one is written down: columns of layers, each fed by the one before. */
import { applyCommand, applyDiff } from '../document/apply';
import type { Command } from '../document/commands';
import { emptyDocument } from '../document/create';
import { INPUT_PORT, OUTPUT_PORT } from '../document/ports';
import type { GraphDocument } from '../document/types';
import type { Shape } from '../ir/types';
import type { Text } from '../texts/text';
import { invariant, required } from '../util/assert';
import type { JsonObject } from '../util/json';

export interface TemplateOptions {
  /** Height, width, channels; the template's own by default. */
  readonly input?: Shape;
  readonly classes?: number;
}

export interface Template {
  /** As the command line names it. */
  readonly id: string;
  readonly title: Text;
  readonly doc: Text;
  readonly input: Shape;
  readonly classes: number;
  create(options?: TemplateOptions): GraphDocument;
}

export interface LayerSpec {
  readonly type: string;
  readonly name: string;
  readonly params?: JsonObject;
}

const COLUMN_WIDTH = 250;
const ROW_HEIGHT = 112;

/** A chain of layers, drawn column by column from top to bottom so that each column reads as a stage. */
export function chain(columns: readonly (readonly LayerSpec[])[], training: JsonObject): GraphDocument {
  const commands = Object.entries(training).map(([setting, value]): Command => ({
    kind: 'setTraining',
    setting,
    value,
  }));
  let document = commands.reduce(run, emptyDocument());
  let previous: string | undefined;
  columns.forEach((column, x) =>
    column.forEach(({ type, name, params = {} }, y) => {
      const known = document.nodes;
      const position = { x: x * COLUMN_WIDTH, y: y * ROW_HEIGHT };
      document = run(document, { kind: 'addNode', type, position, params });
      const id = required(
        Object.keys(document.nodes).find((key) => !known[key]),
        'the added node',
      );
      document = run(document, { kind: 'renameNode', node: id, name });
      if (previous)
        document = run(document, { kind: 'connect', from: [previous, OUTPUT_PORT], to: [id, INPUT_PORT] });
      previous = id;
    }),
  );
  return document;
}

function run(document: GraphDocument, command: Command): GraphDocument {
  const result = applyCommand(document, command);
  invariant(result.ok, `a template's ${command.kind} was refused`);
  return applyDiff(document, result.value);
}
