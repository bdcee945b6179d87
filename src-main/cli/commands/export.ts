/** `layerloom export`: a network for other programs, checked on request. */
import { randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { serialiseDocument } from '@shared/document/serialise';
import { anyTargetOf, allTargets } from '@shared/export';
import type { AnyTarget } from '@shared/export/target';
import type { EngineContract } from '@shared/ipc/engine.contract';
import type { Request } from '@shared/ipc/contract';
import type { ExportReply } from '@shared/ipc/export-messages';
import { problem } from '@shared/problems/problem';
import { outputTexts as texts } from '@shared/texts/cli';
import type { Arguments } from '../arguments';
import type { Command } from '../command';
import type { Context } from '../context';
import { readDocument } from '../document-file';
import { withEngine } from '../engine-link';
import { cancelOnInterrupt } from '../interrupt';
import { type ExitCode, Refusal } from '../outcome';
import { formatCount, formatTable } from '../table';
import { optionsOf, readTargetOptions, targetOptions } from './export-options';

export const exportCommand: Command = {
  syntax: {
    command: 'export',
    options: {
      format: { value: 'FORMAT' },
      target: { value: 'FORMAT' },
      output: { value: 'PATH', short: 'o' },
      check: {},
      force: {},
      list: {},
      json: {},
      help: { short: 'h' },
    },
    further: targetOptions,
    standalone: ['list'],
    positionals: ['RUN'],
  },
  run: async (context, args): Promise<ExitCode> => {
    if (args.has('list')) return list(context, args.has('json'));
    const target = readTarget(args);
    const options = readTargetOptions(context, args, target);
    const path = resolve(args.required('output'));
    const source = await readSource(context, args.positionals[0] ?? '');
    if (args.has('check') && target.check === undefined) {
      throw new Refusal([problem('export/check-unavailable', { target: target.id })]);
    }
    const reply = await runExport(
      context,
      { path, source, overwrite: args.has('force') },
      {
        target: target.id,
        options,
        name: source.name,
        check: args.has('check'),
      },
    );
    return report(context, reply, args.has('json'));
  },
};

function readTarget(args: Arguments): AnyTarget {
  const id = args.text('target') ?? args.required('format');
  const target = anyTargetOf(id);
  if (target !== undefined) return target;
  const known = allTargets.map((each) => each.id).join(', ');
  throw new Refusal([problem('export/unknown-target', { target: id, known })]);
}

interface Source {
  readonly runDirectory: string | null;
  readonly request: Request<EngineContract, 'exportModel'>['source'];
  readonly name: string;
}

/** A folder is a run; a file is a document. */
async function readSource(context: Context, argument: string): Promise<Source> {
  const path = resolve(argument);
  const status = await stat(path).catch(() => undefined);
  const name = basename(path, extname(path));
  if (status?.isDirectory()) return { runDirectory: path, request: { kind: 'run' }, name };
  const text = serialiseDocument(await readDocument(context, path));
  return { runDirectory: null, request: { kind: 'document', text }, name };
}

interface Place {
  readonly path: string;
  readonly source: Source;
  readonly overwrite: boolean;
}

async function runExport(
  context: Context,
  { path, source, overwrite }: Place,
  request: Pick<Request<EngineContract, 'exportModel'>, 'target' | 'options' | 'name' | 'check'>,
): Promise<ExportReply> {
  const staging = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const exportTo = { path, staging, overwrite };
  try {
    return await withEngine(
      context,
      { runDirectory: source.runDirectory, device: 'auto', exportTo },
      async (engine) => {
        const stopListening = cancelOnInterrupt(engine);
        try {
          return await engine.call('exportModel', {
            ...request,
            source: source.request,
            locale: context.locale,
          });
        } finally {
          stopListening();
        }
      },
    );
  } finally {
    // Of an engine that died while writing.
    await rm(staging, { recursive: true, force: true });
  }
}

function report(context: Context, reply: ExportReply, asJson: boolean): ExitCode {
  if (reply.kind === 'refused') throw new Refusal(reply.problems);
  if (reply.kind === 'cancelled') {
    context.say(context.text(texts.cancelled));
    return 1;
  }
  const { path, files, origin, notes, check } = reply;
  if (asJson) {
    const warnings = notes.map(({ code, args, node }) => ({
      code,
      args,
      ...(node !== undefined && { node }),
    }));
    context.printJson({ path, files, weights: origin, warnings, ...(check && { check }) });
    return 0;
  }
  for (const note of notes) context.report(note);
  if (files.length > 1) {
    const rows = files.map((file) => [file.path, formatCount(file.bytes)]);
    for (const line of formatTable(rows, ['left', 'right'])) context.print(line);
  }
  context.print(context.text(texts.wrote, { path }));
  if (origin.kind === 'initial') context.print(context.text(texts.initialWeights, { seed: origin.seed }));
  if (origin.kind === 'run') context.print(context.text(texts.trainedWeights, { epochs: origin.epochs }));
  if (check) {
    const difference = check.largestDifference.toPrecision(3);
    context.print(context.text(texts.checked, { ...check, difference }));
  }
  return 0;
}

function list(context: Context, asJson: boolean): ExitCode {
  const rows = allTargets.map((target) => ({
    id: target.id,
    title: context.text(target.title),
    doc: context.text(target.doc),
    output: target.output.kind === 'folder' ? 'folder' : target.output.extension,
    hasCheck: target.check !== undefined,
    options: optionsOf(target).map(({ flag, field }) => ({
      name: flag,
      default: field.default,
      doc: context.text(field.doc),
    })),
  }));
  if (asJson) {
    context.printJson(rows);
    return 0;
  }
  const headings = [texts.format, texts.file, texts.title].map((heading) => context.text(heading));
  const lines = rows.map(({ id, output, title }) => [id, output, title]);
  for (const line of formatTable([headings, ...lines], ['left', 'left', 'left'])) context.print(line);
  for (const { id, doc, options } of rows) {
    context.print();
    context.print(`${id}: ${doc}`);
    const cells = options.map(({ name, default: value, doc: text }) => [
      `  --${name}`,
      JSON.stringify(value),
      text,
    ]);
    for (const line of formatTable(cells, ['left', 'left', 'left'])) context.print(line);
  }
  return 0;
}
