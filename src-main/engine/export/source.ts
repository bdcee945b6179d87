/** What is exported: a document with the weights of a run's newest checkpoint, or with initial ones. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parseDocument } from '@shared/document/parse';
import { type GraphDocument, MAX_DOCUMENT_BYTES } from '@shared/document/types';
import type { ExportModel, ExportOrigin, WeightValues } from '@shared/export/model';
import type { NamedTensor } from '@shared/formats/safetensors';
import { sameDims } from '@shared/ir/shape';
import { epochRecord, type EpochRecord } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import type { StepRecord } from '@shared/run/metrics';
import { runFiles, type RunRecord, runRecord } from '@shared/run/record';
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

/** A line of metrics.jsonl; a loss that was no number is null there. */
const stepRecord = z.object({
  event: z.literal('step'),
  step: z.number(),
  epoch: z.number(),
  loss: z
    .number()
    .nullable()
    .transform((loss) => loss ?? Number.NaN),
  accuracy: z.number(),
});

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
  return success({
    weights: weights.value,
    origin: await readOrigin(runDirectory, { checkpoint: { epochs, steps } }),
  });
}

/** The run alone, for targets without weights; `checkpoint` is where the weights stand, else the run's own end. */
export async function readOrigin(
  runDirectory: string,
  {
    checkpoint,
    withSteps = false,
  }: {
    readonly checkpoint?: { readonly epochs: number; readonly steps: number };
    readonly withSteps?: boolean;
  },
): Promise<Extract<ExportOrigin, { kind: 'run' }>> {
  const metrics = await readMetrics(join(runDirectory, runFiles.metrics), withSteps);
  const record = await readRunRecord(runDirectory);
  const { epochs, steps } = checkpoint ?? record ?? { epochs: metrics.epochs.length, steps: 0 };
  return {
    ...{ kind: 'run', epochs, steps },
    history: checkpoint ? metrics.epochs.filter(({ epoch }) => epoch <= epochs) : metrics.epochs,
    ...(withSteps && { stepHistory: metrics.steps }),
    ...(record && { record }),
  };
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

/** What the run was; undefined where its record cannot be read. */
export async function readRunRecord(runDirectory: string): Promise<RunRecord | undefined> {
  try {
    const text = await readFile(join(runDirectory, runFiles.record), 'utf8');
    const parsed = runRecord.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

interface Metrics {
  readonly epochs: readonly EpochRecord[];
  readonly steps: readonly StepRecord[];
}

/** Line by line: metrics of long runs are large. Lines that are no record are passed over: a crash may cut one off. */
async function readMetrics(path: string, withSteps: boolean): Promise<Metrics> {
  const epochs = new Map<number, EpochRecord>();
  const steps = new Map<number, StepRecord>();
  try {
    const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
    for await (const line of lines) {
      if (line.startsWith('{"event":"epoch"')) {
        const epoch = epochRecord.safeParse(parsedLine(line));
        if (epoch.success) epochs.set(epoch.data.epoch, epoch.data);
      } else if (withSteps && line.startsWith('{"event":"step"')) {
        const step = stepRecord.safeParse(parsedLine(line));
        if (step.success) steps.set(step.data.step, step.data);
      }
    }
  } catch {
    // A run folder without metrics can be exported all the same.
  }
  return {
    epochs: [...epochs.values()].sort((a, b) => a.epoch - b.epoch),
    steps: [...steps.values()].sort((a, b) => a.step - b.step),
  };
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
