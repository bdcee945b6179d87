/** What `layerloom train` is asked to do, checked as far as it can be without an engine. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { analyse } from '@shared/compile/analyse';
import { datasetOf, datasets } from '@shared/datasets';
import { serialiseDocument } from '@shared/document/serialise';
import { type Problem, problem } from '@shared/problems/problem';
import type { TrainingSettings } from '@shared/training/schema';
import { parseTraining, trainingProblems } from '@shared/training/settings';
import type { Arguments } from '../arguments';
import type { Context } from '../context';
import { readDocument, systemReason } from '../document-file';
import { Refusal } from '../outcome';
import { optionOf, readSettings } from './setting-options';

export interface TrainRequest {
  /** The document with the settings of the command line in it. */
  readonly document: string;
  readonly settings: TrainingSettings;
  readonly limit: number | undefined;
  readonly device: string;
  /** Absolute path of the run folder. */
  readonly run: string;
  /** It goes on with the run in that folder. */
  readonly isResumed: boolean;
  /** Absolute path of a file or run whose weights it begins with. */
  readonly weights?: string;
}

export async function readTrainRequest(context: Context, args: Arguments): Promise<TrainRequest> {
  const request = await readNetworkRequest(context, args);
  await refuseExistingRun(request.run);
  return request;
}

/** The same, whatever the run folder holds. */
export async function readNetworkRequest(context: Context, args: Arguments): Promise<TrainRequest> {
  const dataset = readDataset(args.required('dataset'));
  const run = resolve(args.required('run'));
  const device = readDevice(context, args);
  const limit = args.count('limit');
  const overrides = { ...readSettings(args), dataset };
  const read = await readDocument(context, args.positionals[0] ?? '');
  const document = { ...read, training: { ...read.training, ...overrides } };
  const analysis = analyse(document);
  const found = trainingProblems(analysis, document.training);
  const mistakes = [...analysis.problems, ...found].filter(({ severity }) => severity === 'error');
  if (mistakes.length > 0) throw new Refusal(mistakes.map(namedByOption), 2);
  const { settings } = parseTraining(document.training);
  const weights = args.text('weights');
  return {
    ...{ document: serialiseDocument(document), settings, limit, device, run, isResumed: false },
    ...(weights !== undefined && { weights: resolve(weights) }),
  };
}

/** The id of a data set, or the absolute path of a folder: one that is there, or that is written like a path. */
export function readDataset(value: string): string {
  if (datasetOf(value)) return value;
  if (/[\\/.]/.test(value) || existsSync(value)) return resolve(value);
  const known = datasets.map(({ id }) => id).join(', ');
  throw new Refusal([problem('data/unknown-dataset', { dataset: value, known })]);
}

export function readDevice(context: Context, args: Arguments): string {
  const value = args.text('device') ?? 'auto';
  if (!/^(auto|cpu|gpu:\d+)$/.test(value)) throw context.misuse('notDevice', { option: '--device', value });
  return value;
}

/** A problem of a setting, named as the user wrote it. */
function namedByOption(found: Problem): Problem {
  if (found.node !== undefined || found.param === undefined) return found;
  return {
    ...found,
    args: { ...found.args, param: found.param === 'dataset' ? '--dataset' : optionOf(found.param) },
  };
}

export async function refuseExistingRun(path: string): Promise<void> {
  try {
    if ((await readdir(path)).length === 0) return;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'ENOENT') return;
    if (reason !== 'ENOTDIR')
      throw new Refusal([problem('file/cannot-read', { path, reason: reason ?? '' })]);
  }
  throw new Refusal([problem('run/directory-exists', { path })]);
}
