/** What a template is, and how one is written down: stages of layers, each fed by the one before. */
import { applyCommand, applyDiff } from '../document/apply';
import type { Command } from '../document/commands';
import { emptyDocument } from '../document/create';
import { INPUT_PORT, OUTPUT_PORT } from '../document/ports';
import type { GraphDocument } from '../document/types';
import type { Shape } from '../ir/types';
import type { Text } from '../texts/text';
import { invariant, required } from '../util/assert';
import type { JsonObject } from '../util/json';
import { textbookCommon, textbookSettings } from './textbook';

/** The template's own settings, which work, or the textbook's, where it has any. */
export const presets = ['own', 'textbook'] as const;
export type Preset = (typeof presets)[number];

export interface TemplateOptions {
  /** Height, width, channels that the first layer sees; the template's own by default. */
  readonly input?: Shape;
  readonly classes?: number;
  /** Divides the filters of networks that come in widths (VGG). */
  readonly widthDivisor?: number;
  readonly preset?: Preset;
}

export interface Template {
  /** As the command line names it. */
  readonly id: string;
  readonly title: Text;
  readonly doc: Text;
  readonly input: Shape;
  readonly classes: number;
  readonly presets: readonly Preset[];
  /** Whether `widthDivisor` changes anything. */
  readonly hasWidths: boolean;
  /** The `widthDivisor` of the textbook's preset. */
  readonly textbookDivisor: number;
  /** Training settings of a preset, to be merged into a document's. */
  training(preset: Preset): JsonObject;
  create(options?: TemplateOptions): GraphDocument;
}

export interface LayerSpec {
  readonly type: string;
  readonly name: string;
  readonly params?: JsonObject;
}

export interface TemplateSketch {
  readonly id: string;
  readonly title: Text;
  readonly doc: Text;
  readonly input: Shape;
  readonly training: JsonObject;
  readonly hasWidths?: boolean;
  /** Stages, each of which reads from top to bottom. */
  readonly layers: (options: {
    readonly input: Shape;
    readonly classes: number;
    readonly widthDivisor: number;
  }) => readonly (readonly LayerSpec[])[];
}

const CLASSES = 10;
const COLUMN_WIDTH = 250;
const ROW_HEIGHT = 112;
/** Width to height of a canvas for which the columns are laid out. */
const CANVAS_ASPECT = 1.75;

export function defineTemplate(sketch: TemplateSketch): Template {
  const { id, title, doc, input, training, layers, hasWidths = false } = sketch;
  const textbook = textbookSettings[id];
  const { widthDivisor: textbookDivisor = 1, ...rates } = textbook ?? {};
  const trainingOf = (preset: Preset): JsonObject =>
    preset === 'textbook' && textbook ? { ...textbookCommon, ...rates } : training;
  return {
    id,
    title,
    doc,
    input,
    classes: CLASSES,
    presets: textbook ? presets : ['own'],
    hasWidths,
    textbookDivisor,
    training: trainingOf,
    create({ preset = 'own', ...options } = {}) {
      const widthDivisor = options.widthDivisor ?? (preset === 'textbook' ? textbookDivisor : 1);
      const stages = layers({
        input: options.input ?? input,
        classes: options.classes ?? CLASSES,
        widthDivisor,
      });
      return { ...chain(arrangeStages(stages), trainingOf(preset)), template: id };
    },
  };
}

type Column = readonly LayerSpec[];

/** Stages below one another or side by side, whichever shows larger on a canvas. */
function arrangeStages(stages: readonly Column[]): readonly Column[] {
  const longest = Math.max(...stages.map(({ length }) => length));
  const candidates = [0, 1, 2, 3].map((more) => stackStages(stages, longest + more));
  return candidates.reduce((best, other) => (scaleOf(other) > scaleOf(best) ? other : best));
}

/** Columns of at most that many rows, stages kept whole. */
function stackStages(stages: readonly Column[], rows: number): readonly Column[] {
  const columns: LayerSpec[][] = [];
  for (const stage of stages) {
    const last = columns.at(-1);
    if (last !== undefined && last.length + stage.length <= rows) last.push(...stage);
    else columns.push([...stage]);
  }
  return columns;
}

function scaleOf(columns: readonly Column[]): number {
  const rows = Math.max(...columns.map(({ length }) => length));
  return Math.min(CANVAS_ASPECT / (columns.length * COLUMN_WIDTH), 1 / (rows * ROW_HEIGHT));
}

/** Draws a chain of layers column by column. */
function chain(columns: readonly Column[], training: JsonObject): GraphDocument {
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
