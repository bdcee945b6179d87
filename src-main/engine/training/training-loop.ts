/** The training loop: epochs of steps, evaluation and checkpoint after each, and a stop that is heard between steps. */
import type { EventPayload } from '@shared/ipc/contract';
import type { EngineContract, EpochRecord, RunState } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import { learningRateAt, type ScheduleSettings } from '@shared/training/learning-rate';
import { required } from '@shared/util/assert';
import { failure, type Result, success } from '@shared/util/result';
import { epochOrder } from '../data/order';
import type { BatchStream, Split } from '../data/split';
import { type Batch, type Network, sizeOf } from '../network';
import { type Evaluation, EvaluationSum, evaluateTest, type Sums } from './evaluation';
import { batchesFrom, evaluationBatchSize, type Schedule } from './schedule';
import { type Clock, StepReporter, type StepsMessage } from './step-reporter';
import { Throughput } from './throughput';

/** Hears what happens, in order. */
export interface TrainingListener {
  state(state: RunState, problem?: Problem): void;
  steps(message: StepsMessage): void;
  epoch(record: EpochRecord): void;
  checkpoint(payload: EventPayload<EngineContract, 'checkpoint'>): void;
}

/** How far the run has come. */
export interface Progress {
  /** Finished steps and epochs. */
  readonly steps: number;
  readonly epochs: number;
  /** Some steps of a further epoch were done. */
  readonly isWithinEpoch: boolean;
  /** What was trained of an epoch that has not been told of yet; absent right after one that has. */
  readonly untold?: EpochSoFar | undefined;
}

/** An epoch on its way: its batches so far, and the time that they took. */
export interface EpochSoFar {
  readonly sums: Sums;
  readonly seconds: number;
}

export interface TrainingOptions {
  readonly network: Network;
  readonly schedule: Schedule;
  readonly settings: ScheduleSettings & { readonly seed: number };
  /** Where an earlier process left off; absent for a new run. */
  readonly from?: Progress | undefined;
  readonly train: Pick<Split, 'open'>;
  /** Indices of the images to train on. */
  readonly chosen: Int32Array;
  readonly test: Pick<Split, 'open'>;
  readonly testSamples: number;
  readonly listener: TrainingListener;
  /** Writes a checkpoint and gives its file's name; undefined where nothing is kept. */
  readonly saveCheckpoint: ((progress: Progress) => Promise<Result<string, Problem>>) | undefined;
  /** Something outside that makes going on pointless, such as a full disk. */
  readonly obstacle: () => Problem | undefined;
  readonly clock: Clock;
  /** Lets waiting messages in. */
  readonly breathe: () => Promise<void>;
}

export interface Ending {
  readonly state: 'done' | 'stopped' | 'failed';
  readonly problem?: Problem;
}

export class TrainingLoop {
  readonly #options: TrainingOptions;
  readonly #throughput = new Throughput();
  readonly #reporter: StepReporter;
  #steps: number;
  #epochs: number;
  /** Of the epoch that is trained, or that is trained and not yet evaluated. */
  #sum: EvaluationSum | undefined;
  #seconds = 0;
  #isStopping = false;

  constructor(options: TrainingOptions) {
    this.#options = options;
    const { steps = 0, epochs = 0, untold } = options.from ?? {};
    this.#steps = steps;
    this.#epochs = epochs;
    this.#savedSteps = steps;
    if (untold !== undefined) {
      this.#sum = new EvaluationSum(untold.sums);
      this.#seconds = untold.seconds;
    }
    this.#reporter = new StepReporter(options.clock, (figures) =>
      options.listener.steps(this.#withPace(figures)),
    );
  }

  get progress(): Progress {
    const isWithinEpoch = this.#steps > this.#epochs * this.#options.schedule.stepsPerEpoch;
    const untold = this.#sum && { sums: this.#sum.sums, seconds: this.#seconds };
    return { steps: this.#steps, epochs: this.#epochs, isWithinEpoch, ...(untold && { untold }) };
  }

  /** Takes effect after the running step; safe to call at any time. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#options.listener.state('stopping');
  }

  /** Trains until done, stopped or failed; every step has been told of when it returns. */
  async run(): Promise<Ending> {
    const ending = await this.#runEpochs();
    await this.#reporter.flush();
    return ending;
  }

  async #runEpochs(): Promise<Ending> {
    const { schedule } = this.#options;
    while (this.#epochs < schedule.epochs || this.#isTrainedAndUntold) {
      const ran = this.#isStopping ? success(false) : await this.#runEpoch();
      if (!ran.ok) return { state: 'failed', problem: ran.error };
      if (!ran.value) return this.#stopped();
    }
    return { state: 'done' };
  }

  /** The last epoch was trained to its end, but stopped before its evaluation. */
  get #isTrainedAndUntold(): boolean {
    return this.#sum !== undefined && !this.progress.isWithinEpoch;
  }

  /** False when it was stopped on the way. */
  async #runEpoch(): Promise<Result<boolean, Problem>> {
    if (!this.#isTrainedAndUntold) {
      const trained = await this.#trainEpoch(this.#epochs + 1);
      await this.#reporter.flush();
      if (!trained.ok || !trained.value) return trained;
      this.#epochs += 1;
    }
    const evaluated = await this.#evaluate();
    if (!evaluated.ok) return evaluated;
    if (evaluated.value === undefined) return success(false);
    this.#options.listener.epoch(this.#epochRecord(evaluated.value));
    this.#sum = undefined;
    const saved = await this.#save();
    return saved.ok ? success(!this.#isStopping || this.#epochs === this.#options.schedule.epochs) : saved;
  }

  /** What is left of the epoch; false when it was stopped. */
  async #trainEpoch(epoch: number): Promise<Result<boolean, Problem>> {
    const { schedule, chosen, settings, listener, train } = this.#options;
    if (!this.#isStopping) listener.state('training');
    const order = epochOrder(chosen, settings.seed, epoch);
    if (this.#sum === undefined) this.#seconds = 0;
    const sum = (this.#sum ??= new EvaluationSum());
    const first = this.#steps - this.#epochs * schedule.stepsPerEpoch;
    const stream = train.open(batchesFrom(order, first, schedule));
    try {
      return await this.#trainBatches(stream, epoch, sum);
    } finally {
      await stream.close();
    }
  }

  async #trainBatches(
    stream: BatchStream,
    epoch: number,
    sum: EvaluationSum,
  ): Promise<Result<boolean, Problem>> {
    const { schedule, breathe, clock } = this.#options;
    const start = clock.now() - 1000 * this.#seconds;
    for (;;) {
      const batch = await stream.next();
      if (!batch.ok) return batch;
      if (batch.value === undefined) return success(true);
      const figures = await this.#step(batch.value, epoch);
      if (!figures.ok) return figures;
      const size = sizeOf(batch.value);
      sum.add(size, { ...figures.value, loss: figures.value.loss * size });
      await breathe();
      this.#seconds = (clock.now() - start) / 1000;
      const isLast = this.#steps === (this.#epochs + 1) * schedule.stepsPerEpoch;
      if (this.#isStopping && !isLast) return success(false);
    }
  }

  async #step(batch: Batch, epoch: number): Promise<ReturnType<Network['trainStep']>> {
    const { network, settings, clock, obstacle } = this.#options;
    const start = clock.now();
    const figures = await network.trainStep(
      batch,
      this.#steps,
      settings.seed,
      this.#learningRate(this.#steps),
    );
    if (!figures.ok) return figures;
    const size = sizeOf(batch);
    this.#throughput.addStep(size, (clock.now() - start) / 1000);
    const step = this.#steps++;
    const { loss, right, inTopK } = figures.value;
    const topK = inTopK === undefined ? {} : { topK: inTopK / size };
    this.#reporter.add(step, epoch, { loss, accuracy: right / size, ...topK });
    if (!Number.isFinite(loss)) return failure(problem('run/loss-not-finite', { value: String(loss), step }));
    const hindrance = obstacle();
    return hindrance === undefined ? figures : failure(hindrance);
  }

  #learningRate(step: number): number {
    const { settings, schedule } = this.#options;
    return learningRateAt(settings, schedule, step);
  }

  async #evaluate(): Promise<Result<Evaluation | undefined, Problem>> {
    const { network, schedule, test, testSamples, listener, clock, breathe } = this.#options;
    if (this.#isStopping) return success(undefined);
    listener.state('evaluating');
    const start = clock.now();
    const goOn = async (): Promise<boolean> => {
      await breathe();
      return !this.#isStopping;
    };
    const batchSize = evaluationBatchSize(schedule.batchSize);
    const evaluated = await evaluateTest(network, { test, samples: testSamples, batchSize }, goOn);
    this.#throughput.addEvaluation((clock.now() - start) / 1000);
    return evaluated;
  }

  #epochRecord(tested: Evaluation): EpochRecord {
    const seconds = this.#seconds;
    return {
      epoch: this.#epochs,
      ...required(this.#sum, 'the figures of the epoch').means,
      valLoss: tested.loss,
      valAccuracy: tested.accuracy,
      ...(tested.topK === undefined ? {} : { valTopK: tested.topK }),
      learningRate: this.#learningRate(this.#steps - 1),
      seconds,
      samplesPerSecond: seconds > 0 ? this.#options.schedule.samplesPerEpoch / seconds : 0,
    };
  }

  /** What was learned since the last checkpoint is kept. */
  async #stopped(): Promise<Ending> {
    const saved = this.#steps > this.#savedSteps ? await this.#save() : success(true);
    return saved.ok ? { state: 'stopped' } : { state: 'failed', problem: saved.error };
  }

  #savedSteps: number;

  async #save(): Promise<Result<true, Problem>> {
    const { saveCheckpoint, listener } = this.#options;
    if (saveCheckpoint === undefined) return success(true);
    const file = await saveCheckpoint(this.progress);
    if (!file.ok) return file;
    this.#savedSteps = this.#steps;
    listener.checkpoint({ epoch: this.#epochs, file: file.value });
    return success(true);
  }

  #withPace(figures: Omit<StepsMessage, 'samplesPerSecond' | 'secondsLeft'>): StepsMessage {
    const { schedule, testSamples } = this.#options;
    const stepsLeft = schedule.totalSteps - this.#steps;
    const samplesLeft = stepsLeft * (schedule.samplesPerEpoch / schedule.stepsPerEpoch);
    return {
      ...figures,
      samplesPerSecond: this.#throughput.samplesPerSecond,
      secondsLeft: this.#throughput.secondsLeft(samplesLeft, schedule.epochs - this.#epochs, testSamples),
    };
  }
}
