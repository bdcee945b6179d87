/** One run from preparation to its end: the training loop, with what it tells written down and passed on. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type {
  EngineConfiguration,
  EngineContract,
  EpochRecord,
  RunPlan,
  RunState,
} from '@shared/ipc/engine.contract';
import type { EventPayload, Request } from '@shared/ipc/contract';
import { type Problem, warning } from '@shared/problems/problem';
import {
  checkpointMetric,
  epochMetric,
  resumeRecord,
  startRecord,
  stateMetric,
  stepRecords,
} from '@shared/run/metrics';
import { RUN_FORMAT, RUN_VERSION, type RunRecord } from '@shared/run/record';
import { type Result, success } from '@shared/util/result';
import packageFile from '../../../package.json';
import type { Runtime } from '../runtime/runtime';
import { limitingNode, type PreparedRun } from '../training/prepare';
import type { StepsMessage } from '../training/step-reporter';
import { type Ending, type Progress, TrainingLoop, type TrainingListener } from '../training/training-loop';
import { saveCheckpoint } from './checkpoint';
import type { Resumable } from './resume';
import { RunFolder } from './run-folder';

/** Time as it is, and a pause that lets waiting messages in. */
export const systemClock = { now: () => performance.now(), wait: (ms: number) => setTimeout(ms) };
export const breathe = (): Promise<void> => setImmediate();

export class Run implements TrainingListener {
  readonly #prepared: PreparedRun;
  readonly #folder: RunFolder | undefined;
  readonly #listener: TrainingListener;
  readonly #loop: TrainingLoop;

  /** Makes the run folder, unless nothing is to be kept. */
  static async create(
    prepared: PreparedRun,
    request: Request<EngineContract, 'train'>,
    { runDirectory }: EngineConfiguration,
    runtime: Runtime,
    listener: TrainingListener,
  ): Promise<Result<Run, Problem>> {
    if (runDirectory === null) return success(new Run(prepared, undefined, listener));
    const record = initialRecord(prepared, request, runtime);
    const folder = await RunFolder.create(runDirectory, request.document, record);
    if (!folder.ok) return folder;
    folder.value.append([startRecord(prepared.settings, planOf(prepared), runtime.describe())]);
    return success(new Run(prepared, folder.value, listener));
  }

  /** Goes on in an existing folder; the network has the checkpoint's values already. */
  static async resume(
    directory: string,
    prepared: PreparedRun,
    { document, record, checkpoint }: Resumable,
    listener: TrainingListener,
  ): Promise<Result<Run, Problem>> {
    // How it ended before is over.
    const { endedAt: _endedAt, problem: _problem, ...kept } = record;
    const { settings, schedule } = prepared;
    const { epochs, steps } = checkpoint;
    const changed: RunRecord = { ...kept, state: 'training', settings, epochs, steps };
    const folder = await RunFolder.reopen(directory, document, changed, checkpoint);
    if (!folder.ok) return folder;
    folder.value.append([resumeRecord(checkpoint, schedule)]);
    return success(new Run(prepared, folder.value, listener, checkpoint));
  }

  private constructor(
    prepared: PreparedRun,
    folder: RunFolder | undefined,
    listener: TrainingListener,
    from?: Progress,
  ) {
    this.#prepared = prepared;
    this.#folder = folder;
    this.#listener = listener;
    const { network, schedule, settings, train, chosen, test, testSamples } = prepared;
    this.#loop = new TrainingLoop({
      network,
      schedule,
      settings,
      train,
      chosen,
      from,
      test,
      testSamples,
      listener: this,
      saveCheckpoint:
        folder && ((progress) => saveCheckpoint(folder.directory, network, progress, settings.seed)),
      obstacle: () => folder?.obstacle,
      clock: systemClock,
      breathe,
    });
  }

  get plan(): RunPlan {
    return planOf(this.#prepared);
  }

  /** Acknowledged by returning; done after the running step. */
  stop(): void {
    this.#loop.stop();
  }

  /** Trains to the end; the record is written before the last state is told. */
  async train(): Promise<Ending> {
    const { schedule, program, document, dataset } = this.#prepared;
    for (const found of dataset.warnings) this.state('training', found);
    if (schedule.isLastBatchSkipped) {
      this.state('training', warning('run/batch-skipped', { name: limitingNode(program, document) }));
    }
    const ending = await this.#loop.run();
    const { epochs, steps } = this.#loop.progress;
    const { state, problem } = ending;
    const endedAt = new Date().toISOString();
    const written = await this.#folder?.updateRecord({
      state,
      epochs,
      steps,
      endedAt,
      ...(problem && { problem }),
    });
    const told: Ending = written?.ok === false ? { state: 'failed', problem: written.error } : ending;
    this.state(told.state, told.problem);
    this.#folder?.close();
    return told;
  }

  state(state: RunState, problem?: Problem): void {
    const metric = stateMetric({ state, problem });
    if (metric !== undefined) this.#folder?.append([metric]);
    this.#listener.state(state, problem);
  }

  steps(message: StepsMessage): void {
    this.#folder?.append(stepRecords(message));
    this.#listener.steps(message);
  }

  epoch(record: EpochRecord): void {
    this.#folder?.append([epochMetric(record)]);
    this.#listener.epoch(record);
  }

  checkpoint(payload: EventPayload<EngineContract, 'checkpoint'>): void {
    this.#folder?.append([checkpointMetric(payload)]);
    this.#listener.checkpoint(payload);
  }
}

function planOf({ schedule, chosen, testSamples, dataset }: PreparedRun): RunPlan {
  return {
    totalSteps: schedule.totalSteps,
    stepsPerEpoch: schedule.stepsPerEpoch,
    trainSamples: chosen.length,
    testSamples,
    classNames: [...dataset.classNames],
  };
}

function initialRecord(
  { settings, chosen, testSamples, dataset }: PreparedRun,
  { limit }: Request<EngineContract, 'train'>,
  runtime: Runtime,
): RunRecord {
  return {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    state: 'training',
    settings,
    ...(limit === undefined ? {} : { limit }),
    seed: settings.seed,
    trainSamples: chosen.length,
    testSamples,
    ...(dataset.record && { data: dataset.record }),
    layerloomVersion: packageFile.version,
    runtime: runtime.describe(),
    startedAt: new Date().toISOString(),
    epochs: 0,
    steps: 0,
  };
}
