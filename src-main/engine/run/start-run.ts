/** A run before its first step: a new one, or one that goes on from its newest checkpoint. */
import type { Request } from '@shared/ipc/contract';
import type { EngineConfiguration, EngineContract } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import type { DataSources } from '../data/open-dataset';
import type { StartWeights, WeightsSource } from '../import/weights-source';
import type { Runtime } from '../runtime/runtime';
import { prepareRun, type PreparedRun } from '../training/prepare';
import type { TrainingListener } from '../training/training-loop';
import { applyCheckpoint } from './checkpoint';
import type { Resumable } from './resume';
import { Run } from './run';

export interface StartedRun {
  readonly run: Run;
  readonly prepared: PreparedRun;
  readonly startWeights?: StartWeights | undefined;
}

/** What the engine has for its runs. */
export interface RunParts {
  readonly configuration: EngineConfiguration;
  readonly runtime: Runtime;
  readonly sources: DataSources;
  readonly weights: WeightsSource;
  readonly listener: TrainingListener;
}

export async function startNew(
  request: Request<EngineContract, 'train'>,
  { configuration, runtime, sources, weights, listener }: RunParts,
): Promise<Result<StartedRun, Problem>> {
  const prepared = await prepareRun(request, sources, runtime);
  if (!prepared.ok) return prepared;
  const started = request.startsFromWeights
    ? await weights.writeTo(prepared.value.network, request.document)
    : success(undefined);
  if (!started.ok) return giveUp(prepared.value, started);
  const run = await Run.create(prepared.value, request, configuration, runtime, listener);
  if (run.ok) return success({ run: run.value, prepared: prepared.value, startWeights: started.value });
  return giveUp(prepared.value, run);
}

export async function startResumed(
  directory: string,
  { document, record, checkpoint }: Resumable,
  { runtime, sources, listener }: RunParts,
): Promise<Result<StartedRun, Problem>> {
  const prepared = await prepareRun({ document, limit: record.limit }, sources, runtime);
  if (!prepared.ok) return prepared;
  const { network, dataset } = prepared.value;
  if (record.data !== undefined && record.data.fingerprint !== dataset.record?.fingerprint) {
    return giveUp(prepared.value, failure(problem('data/changed', { path: record.data.path })));
  }
  const applied = await applyCheckpoint(network, checkpoint, directory);
  const run = applied.ok
    ? await Run.resume(directory, prepared.value, { document, record, checkpoint }, listener)
    : applied;
  return run.ok ? success({ run: run.value, prepared: prepared.value }) : giveUp(prepared.value, run);
}

/** What was prepared is let go, and the problem stays. */
async function giveUp<E>(
  { network, dataset }: PreparedRun,
  failed: { readonly ok: false; readonly error: E },
): Promise<{ readonly ok: false; readonly error: E }> {
  network.dispose();
  await dataset.close();
  return failed;
}
