/** What `layerloom train --resume` is asked to do: the folder of a run alone, or the command that began it once more. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { problem } from '@shared/problems/problem';
import { runFiles, runRecord } from '@shared/run/record';
import { parseTraining } from '@shared/training/settings';
import type { Arguments } from '../arguments';
import type { Context } from '../context';
import { readDocument } from '../document-file';
import { Refusal } from '../outcome';
import { optionOf, readSettings } from './setting-options';
import { readDevice, readNetworkRequest, type TrainRequest } from './train-request';

/** Other settings than the number of epochs would make another run of it. */
export async function readResumeRequest(context: Context, args: Arguments): Promise<TrainRequest> {
  return args.has('run') ? resumeByCommand(context, args) : resumeByFolder(context, args);
}

async function resumeByFolder(context: Context, args: Arguments): Promise<TrainRequest> {
  const run = resolve(args.positionals[0] ?? '');
  const given = readSettings(args);
  const others = Object.keys(given)
    .filter((setting) => setting !== 'epochs')
    .map(optionOf);
  const all = [
    ...['dataset', 'limit', 'weights'].filter((name) => args.has(name)).map((name) => `--${name}`),
    ...others,
  ];
  if (all.length > 0) throw context.misuse('notWithResume', { options: all.join(', ') });
  const document = await readRunDocument(context, run);
  const training = { ...document.training, ...given };
  const { settings, problems } = parseTraining(training);
  if (problems.length > 0) throw new Refusal(problems, 2);
  const text = serialiseDocument({ ...document, training });
  return {
    document: text,
    settings,
    limit: undefined,
    device: readDevice(context, args),
    run,
    isResumed: true,
  };
}

/** The command must ask for the same run as the folder holds. */
async function resumeByCommand(context: Context, args: Arguments): Promise<TrainRequest> {
  const request = await readNetworkRequest(context, args);
  const { run, settings, limit } = request;
  const document = await readRunDocument(context, run);
  const { epochs } = settings;
  const expected = serialiseDocument({ ...document, training: { ...document.training, epochs } });
  if (expected !== request.document || limit !== (await readLimit(run))) {
    throw new Refusal([problem('run/other-run', { path: run })]);
  }
  return { ...request, isResumed: true };
}

async function readRunDocument(context: Context, run: string): Promise<GraphDocument> {
  const path = join(run, runFiles.document);
  try {
    return await readDocument(context, path);
  } catch (error) {
    const isAbsent = error instanceof Refusal && error.problems[0]?.code === 'file/cannot-read';
    throw isAbsent
      ? new Refusal([problem('run/not-a-run', { path: run, reason: 'NO_DOCUMENT', file: '' })])
      : error;
  }
}

async function readLimit(run: string): Promise<number | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(join(run, runFiles.record), 'utf8'));
    return runRecord.parse(record).limit;
  } catch {
    throw new Refusal([problem('run/not-a-run', { path: run, reason: 'BAD_RECORD', file: '' })]);
  }
}
