/** The run as the window sees it: engine, progress, curves, stopping, and what to say when the engine dies. */
import type { ImageFolderFacts } from '@shared/datasets/image-folder';
import type { GraphDocument } from '@shared/document/types';
import { serialiseDocument } from '@shared/document/serialise';
import type { EpochRecord, EngineContract, RunState } from '@shared/ipc/engine.contract';
import type { EventPayload, Reply } from '@shared/ipc/contract';
import type { WeightsSource } from '@shared/ipc/app.contract';
import { type Problem, problem } from '@shared/problems/problem';
import { isConstantRate, learningRateAt } from '@shared/training/learning-rate';
import type { TrainingSettings } from '@shared/training/schema';
import type { Disposer } from '@shared/util/emitter';
import { failure, type Result, success } from '@shared/util/result';
import { Curve, SmoothedCurve } from './curve';
import type { EngineLink, OpenEngine } from './engine-link';

export type Phase = RunState | 'starting' | 'loaded';

/** After this long without having stopped, ending the process is offered. */
export const stopPatienceMilliseconds = 3000;

const smoothingWindow = 40;

const activePhases: readonly Phase[] = ['starting', 'preparing', 'training', 'evaluating', 'stopping'];

interface StartedRun {
  readonly number: number;
  readonly document: GraphDocument;
  readonly settings: TrainingSettings;
}

/** Weights from a file: how many of the network's it had, and the engine in whose run folder they are. */
interface LoadedWeights {
  readonly name: string;
  readonly engine: number;
  readonly kept: number;
  readonly total: number;
}

type Device = Reply<EngineContract, 'describe'>;
type Plan = Reply<EngineContract, 'train'>;
type Steps = EventPayload<EngineContract, 'steps'>;

export class TrainingRun {
  readonly #open: OpenEngine;
  readonly #onDevice: (device: Device) => void;
  #link: EngineLink | undefined;
  #subscriptions: Disposer[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;
  #number = 0;
  phase = $state.raw<Phase>('idle');
  /** Why the last run or engine failed. */
  problem = $state.raw<Problem | undefined>(undefined);
  device = $state.raw<Device | undefined>(undefined);
  started = $state.raw<StartedRun | undefined>(undefined);
  plan = $state.raw<Plan | undefined>(undefined);
  epochs = $state.raw<readonly EpochRecord[]>([]);
  /** Steps so far; changes with every message, so that curves know when to draw. */
  stepCount = $state.raw(0);
  epoch = $state.raw(0);
  samplesPerSecond = $state.raw(0);
  secondsLeft = $state.raw(0);
  checkpointEpoch = $state.raw(0);
  /** How many images of a folder were decoded, while they are. */
  reading = $state.raw<EventPayload<EngineContract, 'reading'> | undefined>(undefined);
  /** The engine whose run folder has a checkpoint, and its epochs; it may have ended. */
  exportable = $state.raw<{ readonly engine: number; readonly epochs: number } | undefined>(undefined);
  /** Weights that were loaded last; they stay when a run begins. */
  loaded = $state.raw<LoadedWeights | undefined>(undefined);
  /** Whether the next run begins with them. */
  startsFromLoaded = $state(true);
  /** The run has not stopped within the patience: the process may be ended. */
  offersEnd = $state.raw(false);
  losses = new Curve();
  accuracies = new Curve();
  smoothLosses = new SmoothedCurve(smoothingWindow);
  smoothAccuracies = new SmoothedCurve(smoothingWindow);

  /** `onDevice` is told what the engine computes on, as soon as it says so. */
  constructor(open: OpenEngine, onDevice: (device: Device) => void = () => undefined) {
    this.#open = open;
    this.#onDevice = onDevice;
  }

  get isActive(): boolean {
    return activePhases.includes(this.phase);
  }

  /** The engine holds weights that can be asked about. */
  get canPredict(): boolean {
    if (this.#link === undefined) return false;
    if (this.phase === 'loaded') return true;
    return this.stepCount > 0 && (this.phase === 'done' || this.phase === 'stopped');
  }

  get client(): EngineLink['client'] | undefined {
    return this.#link?.client;
  }

  get lastEpoch(): EpochRecord | undefined {
    return this.epochs.at(-1);
  }

  /** Learning rate of a step, counted from 0; undefined where it is the same for all. */
  get rateAt(): ((step: number) => number) | undefined {
    const { plan } = this;
    const settings = this.started?.settings;
    if (plan === undefined || settings === undefined || isConstantRate(settings)) return undefined;
    return (step) => learningRateAt(settings, plan, step);
  }

  /** From 0 to 1. */
  get progress(): number {
    const total = this.plan?.totalSteps ?? 0;
    return total === 0 ? 0 : Math.min(1, this.stepCount / total);
  }

  /** Starts an engine ahead of the first run, so that the device is known and training begins at once. */
  async warmUp(): Promise<void> {
    if (this.#link === undefined && !this.isActive) await this.#openEngine();
  }

  /** Trains the document as it is now; later edits do not reach the run. */
  async start(document: GraphDocument, settings: TrainingSettings): Promise<void> {
    if (this.isActive) return;
    const hasTrained = this.plan !== undefined || this.started !== undefined;
    this.#reset({ number: ++this.#number, document, settings });
    // One process trains one run: a new run gets a fresh one.
    if (hasTrained) this.#closeEngine();
    const { loaded } = this;
    const startsFromWeights = loaded !== undefined && this.startsFromLoaded;
    // A spare engine knows of no weights.
    if (startsFromWeights) this.#closeEngine();
    const weights = startsFromWeights ? ({ kind: 'engine', engine: loaded.engine } as const) : undefined;
    const link = this.#link ?? (await this.#openEngine(weights));
    if (link === undefined) return;
    const text = serialiseDocument(document);
    const reply = await link.client.call('train', {
      document: text,
      ...(startsFromWeights && { startsFromWeights }),
    });
    if (link !== this.#link) return;
    if (reply.ok) this.plan = reply.value;
    else this.#fail(reply.error);
  }

  /** Puts weights of an imported file onto the document, as a run that was never trained. */
  async load(
    document: GraphDocument,
    settings: TrainingSettings,
    { id, name, isOfFile }: { readonly id: number; readonly name: string; readonly isOfFile: boolean },
  ): Promise<Result<LoadedWeights, Problem>> {
    if (this.isActive) return failure(problem('run/busy'));
    this.#closeEngine();
    const link = await this.#openEngine({ kind: 'import', id });
    if (link === undefined) return failure(this.problem ?? problem('run/nothing-trained'));
    const request = { document: serialiseDocument(document), isOfFile };
    const reply = await link.client.call('takeImport', request);
    if (link !== this.#link) return failure(problem('run/busy'));
    if (!reply.ok) return reply;
    const { rows, problem: found } = reply.value;
    const kept = rows.filter(({ outcome }) => outcome === 'kept').length;
    const total = rows.filter(({ outcome }) => outcome !== 'unused').length;
    const { engine } = link;
    this.#reset({ number: ++this.#number, document, settings });
    this.loaded = { name, engine, kept, total };
    this.startsFromLoaded = true;
    this.exportable = { engine, epochs: 0 };
    this.phase = 'loaded';
    this.problem = found;
    return success(this.loaded);
  }

  /** Asks an engine what lies in an image folder. */
  async inspectFolder(path: string): Promise<Result<ImageFolderFacts, Problem>> {
    const link = this.#link ?? (await this.#openEngine());
    return link?.client.call('inspectFolder', { path }) ?? failure(this.problem ?? problem('ipc/closed'));
  }

  /** Asks the engine to stop after the running step; shown at once. */
  async stop(): Promise<void> {
    if (!this.isActive || this.phase === 'stopping') return;
    this.phase = 'stopping';
    this.#patience = setTimeout(() => (this.offersEnd = this.phase === 'stopping'), stopPatienceMilliseconds);
    await this.#link?.client.call('stop', {});
  }

  keepWaiting(): void {
    this.offersEnd = false;
    this.#patience = setTimeout(() => (this.offersEnd = this.phase === 'stopping'), stopPatienceMilliseconds);
  }

  /** Ends the process: what came after the last checkpoint is lost. */
  endProcess(): void {
    this.#closeEngine();
    this.#endPatience();
    this.phase = 'stopped';
  }

  /** What main says of a process that ended. */
  engineExited({ engine, problem }: { engine: number; problem?: Problem | undefined }): void {
    if (engine !== this.#link?.engine) return;
    this.#closeEngine();
    if (problem === undefined) return;
    // One that was only kept warm is replaced when it is needed.
    if (this.started === undefined) this.device = undefined;
    else this.#fail(problem);
  }

  dispose(): void {
    this.#endPatience();
    this.#closeEngine();
  }

  async #openEngine(weights?: WeightsSource): Promise<EngineLink | undefined> {
    const opened = await this.#open(weights);
    if (!opened.ok) {
      this.#fail(opened.error);
      return undefined;
    }
    const { client, engine } = opened.value;
    this.#link = opened.value;
    this.#subscriptions = [
      client.on('state', (event) => this.#onState(event)),
      client.on('steps', (event) => this.#onSteps(event)),
      client.on('reading', (reading) => (this.reading = reading)),
      client.on('epoch', (record) => (this.epochs = [...this.epochs, record])),
      client.on('checkpoint', ({ epoch }) => {
        this.checkpointEpoch = epoch;
        this.exportable = { engine, epochs: epoch };
      }),
    ];
    void client.call('describe', {}).then((reply) => {
      if (reply.ok) {
        this.device = reply.value;
        this.#onDevice(reply.value);
      } else if (this.#link?.client === client) this.problem ??= reply.error;
    });
    return opened.value;
  }

  #onState({ state, problem }: EventPayload<EngineContract, 'state'>): void {
    // A stop that was asked for shows until the engine has stopped.
    if (this.phase === 'stopping' && (state === 'training' || state === 'evaluating')) return;
    this.phase = state;
    if (state !== 'preparing') this.reading = undefined;
    if (problem !== undefined) this.problem = problem;
    if (!this.isActive) this.#endPatience();
  }

  #onSteps({ firstStep, epoch, losses, accuracies, samplesPerSecond, secondsLeft }: Steps): void {
    this.losses.append(firstStep, losses);
    this.accuracies.append(firstStep, accuracies);
    this.smoothLosses.append(firstStep, losses);
    this.smoothAccuracies.append(firstStep, accuracies);
    this.epoch = epoch;
    this.samplesPerSecond = samplesPerSecond;
    this.secondsLeft = secondsLeft;
    this.stepCount = this.losses.length;
  }

  #reset(run: StartedRun): void {
    this.#endPatience();
    this.started = run;
    this.phase = 'starting';
    this.problem = undefined;
    this.plan = undefined;
    this.epochs = [];
    this.stepCount = 0;
    this.epoch = 0;
    this.reading = undefined;
    this.samplesPerSecond = 0;
    this.secondsLeft = 0;
    this.checkpointEpoch = 0;
    this.exportable = undefined;
    this.losses = new Curve();
    this.accuracies = new Curve();
    this.smoothLosses = new SmoothedCurve(smoothingWindow);
    this.smoothAccuracies = new SmoothedCurve(smoothingWindow);
  }

  #fail(problem: Problem): void {
    this.problem = problem;
    this.phase = 'failed';
    this.#endPatience();
  }

  #endPatience(): void {
    clearTimeout(this.#patience);
    this.offersEnd = false;
  }

  #closeEngine(): void {
    for (const dispose of this.#subscriptions) dispose();
    this.#subscriptions = [];
    this.#link?.end();
    this.#link = undefined;
  }
}
