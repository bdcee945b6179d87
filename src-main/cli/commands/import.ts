/** `layerloom import`: a network from a file of another program, or weights onto a network that is there. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import type { LayerRow, WeightMessage } from '@shared/ipc/import-messages';
import { formatShape } from '@shared/ir/shape';
import { formatProblem } from '@shared/problems/format';
import { problem, warning } from '@shared/problems/problem';
import { runFiles } from '@shared/run/record';
import { outputTexts } from '@shared/texts/cli';
import { importTexts, layerOutcomes, weightOutcomes } from '@shared/texts/import';
import type { Arguments } from '../arguments';
import type { Command } from '../command';
import type { Context } from '../context';
import { readDocument, writeDocument } from '../document-file';
import { type EngineLink, withEngine } from '../engine-link';
import { type ExitCode, Refusal } from '../outcome';
import { formatTable } from '../table';
import { readDevice, refuseExistingRun } from './train-request';

export const importCommand: Command = {
  syntax: {
    command: 'import',
    options: {
      output: { value: 'FILE.loom', short: 'o' },
      onto: { value: 'FILE.loom|RUN' },
      run: { value: 'DIR' },
      device: { value: 'NAME' },
      force: {},
      json: {},
      help: { short: 'h' },
    },
    positionals: ['FILE'],
  },
  run: async (context, args): Promise<ExitCode> => {
    const weightsFrom = resolve(args.positionals[0] ?? '');
    const onto = args.text('onto');
    const run = args.text('run');
    const runDirectory = run === undefined ? null : resolve(run);
    if (runDirectory !== null) await refuseExistingRun(runDirectory);
    if (onto === undefined) args.required('output');
    else args.required('run');
    const configuration = { runDirectory, device: readDevice(context, args), weightsFrom };
    return withEngine(context, configuration, (engine) =>
      onto === undefined ? importNetwork(context, engine, args) : importWeights(context, engine, args, onto),
    );
  },
};

async function importNetwork(context: Context, engine: EngineLink, args: Arguments): Promise<ExitCode> {
  const name = args.positionals[0] ?? '';
  const { network, networkProblem, tensors } = await engine.call('readImport', {});
  if (network === undefined) throw new Refusal([networkProblem ?? problem('import/weights-alone', { name })]);
  const path = args.required('output');
  await writeDocument(context, path, network.document, args.has('force'));
  const run = args.text('run');
  const taken =
    run === undefined
      ? undefined
      : await engine.call('takeImport', { document: network.document, isOfFile: true });
  if (args.has('json')) {
    const weights = taken && { run, rows: taken.rows };
    const layers = network.rows.map((row) => ({
      ...row,
      notes: row.notes.map((note) => spoken(context, note)),
    }));
    context.printJson({ path, tensors, layers, ...(weights && { weights }) });
    return 0;
  }
  printLayers(context, network.rows);
  context.say(context.text(outputTexts.wrote, { path }));
  if (run !== undefined)
    context.say(context.text(importTexts.weightsKept, { run, ...countsOf(taken?.rows ?? []) }));
  else if (tensors > 0) context.say(context.text(importTexts.weightsLeft, { count: tensors }));
  return 0;
}

async function importWeights(
  context: Context,
  engine: EngineLink,
  args: Arguments,
  onto: string,
): Promise<ExitCode> {
  const document = await readOnto(context, resolve(onto));
  const text = serialiseDocument(document);
  const run = args.required('run');
  const { rows } = await engine.call('takeImport', { document: text, isOfFile: false });
  const output = args.text('output');
  if (output !== undefined) await writeDocument(context, output, text, args.has('force'));
  if (args.has('json')) {
    context.printJson({ run, weights: { run, rows } });
    return 0;
  }
  printWeights(context, rows);
  context.say(context.text(importTexts.weightsKept, { run, ...countsOf(rows) }));
  return 0;
}

/** A folder is a run, whose document it is. */
async function readOnto(context: Context, path: string): Promise<GraphDocument> {
  const status = await stat(path).catch(() => undefined);
  return readDocument(context, status?.isDirectory() ? join(path, runFiles.document) : path);
}

/** A note with its words, as problems are printed elsewhere. */
function spoken(context: Context, { code, args }: LayerRow['notes'][number]) {
  return { code, args, ...formatProblem(warning(code, args), context.locale) };
}

function countsOf(rows: readonly WeightMessage[]) {
  const ofNetwork = rows.filter(({ outcome }) => outcome !== 'unused');
  return { kept: rows.filter(({ outcome }) => outcome === 'kept').length, total: ofNetwork.length };
}

function printLayers(context: Context, rows: readonly LayerRow[]): void {
  const headings = [outputTexts.layer, outputTexts.type, importTexts.outcome].map((text) =>
    context.text(text),
  );
  const lines = rows.map(({ layer, type, outcome }) => [layer, type, context.text(layerOutcomes[outcome])]);
  for (const line of formatTable([headings, ...lines], ['left', 'left', 'left'])) context.print(line);
  for (const { layer, notes } of rows) {
    for (const note of notes) {
      const { message, hint } = spoken(context, note);
      context.print(`${layer}: ${message} ${hint}`);
    }
  }
}

function printWeights(context: Context, rows: readonly WeightMessage[]): void {
  const headings = [importTexts.weight, importTexts.sizes, importTexts.sizesInFile, importTexts.outcome];
  const shape = (dims: readonly number[] | undefined) => (dims === undefined ? '' : formatShape(dims));
  const lines = rows.map(({ weight, outcome, dims, fileDims }) => [
    ...[weight, shape(dims), shape(fileDims)],
    context.text(weightOutcomes[outcome]),
  ]);
  const table = [headings.map((text) => context.text(text)), ...lines];
  for (const line of formatTable(table, ['left', 'left', 'left', 'left'])) context.print(line);
}
