/** What is exported: a document with the weights of a run's newest checkpoint, or with initial ones. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseDocument } from '@shared/document/parse';
import { type GraphDocument, MAX_DOCUMENT_BYTES } from '@shared/document/types';
import type { ExportModel, ExportOrigin, WeightValues } from '@shared/export/model';
import type { NamedTensor } from '@shared/formats/safetensors';
import { sameDims } from '@shared/ir/shape';
import { epochRecord, type EpochRecord } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import { runFiles, runRecord } from '@shared/run/record';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import { readNewestCheckpoint } from '../run/checkpoint';

/** The document of a run folder. */
export async function readRunDocument(runDirectory: string): Promise<Result<GraphDocument, Problem>> {
  const path = join(runDirectory, runFiles.document);
  try {
    const { size } = await stat(path);
    if (size > MAX_DOCUMENT_BYTES) {
      return failure(problem('file/too-large', { size, limit: MAX_DOCUMENT_BYTES }));
    }
    return documentOf(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = reasonOf(error) === 'ENOENT' ? 'NO_DOCUMENT' : reasonOf(error);
    return failure(problem('run/not-a-run', { path: runDirectory, reason }));
  }
}

export function documentOf(text: string): Result<GraphDocument, Problem> {
  const parsed = parseDocument(text);
  return parsed.ok ? success(parsed.value.document) : parsed;
}

export interface SourceWeights {
  readonly weights: ReadonlyMap<string, WeightValues>;
  readonly origin: ExportOrigin;
}

/** Weights of the newest checkpoint, and what is known of the run that made it. */
export async function readRunWeights(
  runDirectory: string,
  model: ExportModel,
): Promise<Result<SourceWeights, Problem>> {
  const checkpoint = await readNewestCheckpoint(runDirectory);
  if (!checkpoint.ok) return checkpoint;
  const { epochs, steps, tensors } = checkpoint.value;
  const weights = weightsOf(model, tensors);
  if (!weights.ok) return weights;
  return success({ weights: weights.value, origin: await readOrigin(runDirectory, { epochs, steps }) });
}

/** The run alone, for targets without weights; `checkpoint` is where the weights stand, else the run's own end. */
export async function readOrigin(
  runDirectory: string,
  checkpoint?: { readonly epochs: number; readonly steps: number },
): Promise<Extract<ExportOrigin, { kind: 'run' }>> {
  const all = await readHistory(join(runDirectory, runFiles.metrics));
  const record = await readRecord(join(runDirectory, runFiles.record));
  const { epochs, steps } = checkpoint ?? record ?? { epochs: all.length, steps: 0 };
  const history = all.filter(({ epoch }) => epoch <= epochs);
  return { kind: 'run', epochs, steps, history, ...(record && { record }) };
}

/** The model's weights among tensors, in the model's order; each must be there in its size. */
export function weightsOf(
  model: ExportModel,
  tensors: readonly NamedTensor[],
): Result<ReadonlyMap<string, WeightValues>, Problem> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const found = new Map<string, WeightValues>();
  for (const { name, dims } of model.layers.flatMap(({ weights }) => weights)) {
    const tensor = byName.get(name);
    if (tensor === undefined || !sameDims(tensor.dims, dims)) {
      return failure(problem('export/weights-misfit', { weight: name }));
    }
    found.set(name, { dims, values: tensor.values });
  }
  return success(found);
}

async function readRecord(path: string) {
  try {
    const parsed = runRecord.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Line by line: metrics of long runs are large, and only their epochs are wanted. */
async function readHistory(path: string): Promise<readonly EpochRecord[]> {
  const epochs = new Map<number, EpochRecord>();
  try {
    const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
    for await (const line of lines) {
      if (!line.startsWith('{"event":"epoch"')) continue;
      const parsed = epochRecord.safeParse(JSON.parse(line));
      if (parsed.success) epochs.set(parsed.data.epoch, parsed.data);
    }
  } catch {
    // A run folder without metrics can be exported all the same.
  }
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}
