/** What a run goes on from: its document, its record and its newest checkpoint, read from its folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetOf } from '@shared/datasets';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { problem, type Problem } from '@shared/problems/problem';
import { runFiles, type RunRecord, runRecord } from '@shared/run/record';
import { parseTraining } from '@shared/training/settings';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import { type Checkpoint, readNewestCheckpoint } from './checkpoint';

export interface Resumable {
  /** As saved; with more epochs where more were asked for. */
  readonly document: string;
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint;
}

/** `epochs` are those of the whole run, in the place of the document's own. */
export async function readResumable(
  directory: string,
  epochs: number | undefined,
): Promise<Result<Resumable, Problem>> {
  const text = await readRunDocument(directory);
  if (!text.ok) return text;
  const document = withEpochs(text.value, epochs);
  if (!document.ok) return document;
  const record = await readRecord(directory);
  if (!record.ok) return record;
  const checkpoint = await readNewestCheckpoint(directory);
  if (!checkpoint.ok) return checkpoint;
  const { total, text: changed } = document.value;
  const { epochs: trained, untold } = checkpoint.value;
  if (trained > total || (trained === total && untold === undefined)) {
    return failure(problem('run/nothing-left', { epochs: trained }));
  }
  return success({ document: changed, record: record.value, checkpoint: checkpoint.value });
}

/** The document of a run folder, as text. */
export async function readRunDocument(directory: string): Promise<Result<string, Problem>> {
  try {
    return success(await readFile(join(directory, runFiles.document), 'utf8'));
  } catch (error) {
    const reason = reasonOf(error) === 'ENOENT' ? 'NO_DOCUMENT' : reasonOf(error);
    return failure(problem('run/not-a-run', { path: directory, reason }));
  }
}

/** Names of a run's classes: those of an image folder stand in its record, for the folder may have gone. */
export async function classNamesOf(
  directory: string,
  dataset: string,
): Promise<Result<readonly string[], Problem>> {
  const known = datasetOf(dataset)?.classNames;
  if (known !== undefined) return success(known);
  const record = await readRecord(directory);
  if (!record.ok) return record;
  const { data } = record.value;
  if (data !== undefined) return success(data.classNames);
  return failure(problem('run/not-a-run', { path: directory, reason: 'BAD_RECORD' }));
}

function withEpochs(
  text: string,
  epochs: number | undefined,
): Result<{ readonly text: string; readonly total: number }, Problem> {
  const parsed = parseDocument(text);
  if (!parsed.ok) return parsed;
  const { document } = parsed.value;
  if (epochs === undefined) {
    return success({ text, total: parseTraining(document.training).settings.epochs });
  }
  const training = { ...document.training, epochs };
  return success({ text: serialiseDocument({ ...document, training }), total: epochs });
}

async function readRecord(directory: string): Promise<Result<RunRecord, Problem>> {
  try {
    const text = await readFile(join(directory, runFiles.record), 'utf8');
    return success(runRecord.parse(JSON.parse(text)));
  } catch {
    return failure(problem('run/not-a-run', { path: directory, reason: 'BAD_RECORD' }));
  }
}
