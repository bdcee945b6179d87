/** The text of a model card, in the reader's language. */
import { analyse } from '../../compile/analyse';
import type { Analysis, PartAnalysis } from '../../compile/analysis';
import { datasetOf } from '../../datasets';
import { folderName } from '../../datasets/image-folder';
import { formatShape } from '../../ir/shape';
import type { Field } from '../../params/field';
import { exportedTexts as texts } from '../../texts/exported';
import { formatText } from '../../texts/format';
import type { Locale, Text, TextArguments } from '../../texts/text';
import { trainingSchema } from '../../training/schema';
import type { Json } from '../../util/json';
import { required } from '../../util/assert';
import { markdownText as md } from '../literals';
import type { ExportInput, ExportModel } from '../model';

type Say = (text: Text, args?: TextArguments) => string;
type Row = readonly string[];

export function modelCard(input: ExportInput): string {
  const { model, document, locale, layerloomVersion: version } = input;
  const say: Say = (text, args) => formatText(text, locale, args);
  const analysis = analyse(document);
  const sections = [
    `# ${md(model.name)}`,
    summary(model, analysis, locale, say),
    ...results(input, say),
    `## ${say(texts.use)}`,
    use(model, say),
    `## ${say(texts.data)}`,
    data(input, say),
    `## ${say(texts.settings)}`,
    settings(model, locale, say),
    `## ${say(texts.layers)}`,
    layers(model, analysis, locale, say),
    say(texts.madeWith, { version }),
  ];
  return `${sections.join('\n\n')}\n`;
}

function count(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value);
}

function summary(model: ExportModel, { totals }: Analysis, locale: Locale, say: Say): string {
  return say(texts.summary, {
    // Input and Output are ends, no layers.
    layers: model.layers.length - 2,
    params: count(totals.params, locale),
    trainable: count(totals.trainableParams, locale),
    macs: count(totals.macs, locale),
  });
}

/** Cells are Markdown already; numbers stand on the right. */
function table(header: Row, rows: readonly Row[], isRight: (column: number) => boolean): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (isRight(i) ? '---:' : '---'))), ...rows.map(line)].join(
    '\n',
  );
}

function results({ origin }: ExportInput, say: Say): readonly string[] {
  const heading = `## ${say(texts.results)}`;
  if (origin.kind === 'initial') return [heading, say(texts.untrained, { seed: origin.seed })];
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const rows = origin.history.map((record) => [
    String(record.epoch),
    ...[
      record.loss.toFixed(4),
      percent(record.accuracy),
      record.valLoss.toFixed(4),
      percent(record.valAccuracy),
    ],
    record.seconds.toFixed(1),
  ]);
  const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = texts;
  const header = [epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds].map((text) => say(text));
  return [heading, rows.length === 0 ? say(texts.noEpoch) : table(header, rows, () => true)];
}

const outputTexts = {
  softmax: texts.useSoftmax,
  sigmoid: texts.useSigmoid,
  identity: texts.useIdentity,
} as const;

function use({ input, outputActivation, classes }: ExportModel, say: Say): string {
  const shape = formatShape(input.outputShape);
  return `${say(texts.useInput, { shape })} ${say(outputTexts[outputActivation], { classes })}`;
}

function data({ model, origin, locale }: ExportInput, say: Say): string {
  const dataset = datasetOf(model.data.dataset);
  const record = origin.kind === 'run' ? origin.record : undefined;
  const samples =
    record === undefined
      ? []
      : [
          [
            say(texts.samples),
            `${count(record.trainSamples, locale)} / ${count(record.testSamples, locale)}`,
          ],
        ];
  const machine =
    record === undefined
      ? []
      : [
          [say(texts.device), md(`${record.runtime.device}, TensorFlow ${record.runtime.tensorflowVersion}`)],
          [say(texts.started), md(record.startedAt)],
        ];
  const rows = [
    [say(texts.dataset), md(dataset === undefined ? model.data.dataset : say(dataset.title))],
    ...samples,
    [say(texts.classes), model.data.classNames.map(md).join(', ')],
    ...machine,
  ];
  return table([say(texts.measure), say(texts.value)], rows, () => false);
}

/** Those that matter for these values. */
function settings({ settings: values }: ExportModel, locale: Locale, say: Say): string {
  const fields: readonly (readonly [string, Field])[] = Object.entries(trainingSchema);
  const raw: Readonly<Record<string, Json>> = values;
  const rows = fields
    .filter(([, field]) => field.isRelevant?.(raw) ?? true)
    .map(([name, field]) => [
      field.label[locale],
      md(settingText(field, raw[name] ?? field.default, locale)),
    ]);
  return table([say(texts.setting), say(texts.value)], rows, () => false);
}

function settingText({ control }: Field, value: Json, locale: Locale): string {
  if (control.kind === 'choice' || control.kind === 'dataset') {
    const known = control.choices.find((choice) => choice.value === value)?.label[locale];
    const isFolder = control.kind === 'dataset' && typeof value === 'string';
    return known ?? (isFolder ? folderName(value) : JSON.stringify(value));
  }
  return Array.isArray(value) ? value.join(', ') || '–' : JSON.stringify(value);
}

/** Blocks with what they consist of below them. */
function layers(model: ExportModel, analysis: Analysis, locale: Locale, say: Say): string {
  const figures = (params: number, macs: number) =>
    [params, macs].map((value) => (value === 0 ? '–' : count(value, locale)));
  const partRows = (part: PartAnalysis, depth: number): readonly Row[] => [
    [
      `${'&emsp;'.repeat(depth)}${md(part.name)}`,
      md(part.type),
      part.outputShape ? formatShape(part.outputShape) : '?',
      ...figures(part.params, part.macs),
    ],
    ...(part.children ?? []).flatMap((child) => partRows(child, depth + 1)),
  ];
  const rows = model.nodes.flatMap(({ id, name, type, outputShape }) => {
    const own = required(analysis.nodes[id], `the analysis of ${id}`);
    const row = [md(name), md(type), formatShape(outputShape), ...figures(own.params, own.macs)];
    return [row, ...(own.children ?? []).flatMap((child) => partRows(child, 1))];
  });
  const { totals } = analysis;
  const total = [`**${say(texts.total)}**`, '', '', ...figures(totals.params, totals.macs)];
  const header = [texts.layer, texts.type, texts.output, texts.weights, texts.multiplyAdds].map((text) =>
    say(text),
  );
  return table(header, [...rows, total], (column) => column >= 2);
}
