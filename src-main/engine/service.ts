/** What the engine answers to the window or the command line: one run, and questions about its network. */
import type { Handlers, Reply, Request } from '@shared/ipc/contract';
import {
  type EngineConfiguration,
  type EngineContract,
  engineContract,
  type RunPlan,
  type RunState,
} from '@shared/ipc/engine.contract';
import type { ImageFolderFacts } from '@shared/datasets/image-folder';
import type { Port } from '@shared/ipc/port';
import { serve, type Server } from '@shared/ipc/rpc';
import { problem, type Problem } from '@shared/problems/problem';
import { inPossiblePrecision } from '@shared/training/full-precision';
import { precisionsOf } from '@shared/training/precision';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import { Answers } from './answers';
import { ExportJob } from './export/export-job';
import { runBenchmark } from './benchmark';
import { factsOf, inspectFolder } from './data/folder/folder-dataset';
import type { ImageSettings } from './data/folder/image-settings';
import { type DataSources, openDataset } from './data/open-dataset';
import { dataSources } from './data/sources';
import { readImport, readTensors, type TensorNames } from './import/import-file';
import { matchText, messageOf, takeWeights, writeWeights } from './import/take-import';
import { Network } from './network';
import { applyCheckpoint, readNewestCheckpoint } from './run/checkpoint';
import { classNamesOf, readResumable, readRunDocument, type Resumable } from './run/resume';
import { breathe, Run } from './run/run';
import { peakMemory } from './runtime/peak-memory';
import type { Runtime } from './runtime/runtime';
import { probeCapabilities } from './runtime/probe';
import { type CompiledDocument, compileText, prepareRun, type PreparedRun } from './training/prepare';
import type { TrainingListener } from './training/training-loop';

type Restored = Reply<EngineContract, 'restore'>;
type BenchmarkAnswer = Result<Reply<EngineContract, 'benchmark'>, Problem>;

export class EngineService {
  readonly #configuration: EngineConfiguration;
  readonly #runtime: Promise<Result<Runtime, Problem>>;
  readonly #sources: DataSources;
  readonly #server: Server<EngineContract>;
  #phase: 'idle' | 'preparing' | 'training' | 'answering' = 'idle';
  #run: Run | undefined;
  #isStopRequested = false;
  #answers: Answers | undefined;
  #exporting: ExportJob | undefined;
  #lastAnswer: Promise<unknown> = Promise.resolve();

  /** Answers on `port` from now on. `runtime` is being opened already; a call that needs it waits. */
  constructor(
    port: Port,
    configuration: EngineConfiguration,
    runtime: Promise<Result<Runtime, Problem>>,
    images: ImageSettings,
  ) {
    this.#configuration = configuration;
    this.#runtime = runtime;
    this.#sources = dataSources(configuration, images, {
      onProgress: (done, total) => this.#server.emit('reading', { done, total }),
      isStopped: () => this.#isStopRequested,
    });
    this.#server = serve(engineContract, port, this.#handlers);
  }

  readonly #handlers: Handlers<EngineContract> = {
    describe: async () => {
      const runtime = await this.#runtime;
      if (!runtime.ok) return runtime;
      const capabilities = await probeCapabilities(runtime.value);
      return success({ ...runtime.value.describe(), precisions: precisionsOf(capabilities) });
    },
    train: (request) => this.#start(() => this.#prepare(request)),
    resume: (request) => this.#resume(request),
    stop: () => {
      this.#isStopRequested = true;
      this.#run?.stop();
      return success({ acknowledged: true });
    },
    restore: () => this.#restore(),
    readImport: () => this.#fromFile(readImport),
    matchImport: ({ document }) => this.#matchImport(document),
    takeImport: (request) => this.#takeImport(request),
    exportModel: (request) => this.#export(request),
    cancelExport: () => {
      this.#exporting?.cancel();
      return success({ acknowledged: true });
    },
    benchmark: (request) => this.#benchmark(request),
    usage: () => success({ peakBytes: peakMemory() }),
    predictTest: async (request) => this.#withAnswers((answers) => answers.predictTest(request)),
    inspectFolder: ({ path }) => this.#inspect(path),
    evaluate: async ({ dataset }) => this.#withAnswers((answers) => answers.evaluate(dataset)),
    predictImages: async (request) => this.#withAnswers((answers) => answers.predictImages(request)),
  };

  /** Tells of an error that nothing else caught; questions may still be answered. */
  fail(error: unknown): void {
    this.#tellState('failed', unexpected(error));
  }

  async #start(prepare: () => Promise<Result<StartedRun, Problem>>): Promise<Result<RunPlan, Problem>> {
    if (this.#phase !== 'idle') return failure(problem('run/busy'));
    this.#phase = 'preparing';
    this.#isStopRequested = false;
    this.#tellState('preparing');
    const run = await prepare().catch((error: unknown) => failure(unexpected(error)));
    if (!run.ok) {
      this.#phase = 'idle';
      this.#tellState('idle');
      return run;
    }
    this.#phase = 'training';
    // The reply goes first.
    setImmediate(() => void this.#finish(run.value));
    const { plan } = run.value.run;
    const { startWeights } = run.value;
    return success(startWeights === undefined ? plan : { ...plan, startWeights });
  }

  async #prepare(request: Request<EngineContract, 'train'>): Promise<Result<StartedRun, Problem>> {
    const configuration = this.#configuration;
    const runtime = await this.#runtime;
    if (!runtime.ok) return runtime;
    const prepared = await prepareRun(request, this.#sources, runtime.value);
    if (!prepared.ok) return prepared;
    const started = request.startsFromWeights
      ? await this.#startFromWeights(request.document, prepared.value.network)
      : success(undefined);
    if (!started.ok) return giveUp(prepared.value, started);
    const run = await Run.create(prepared.value, request, configuration, runtime.value, this.#listener);
    if (run.ok) return success({ run: run.value, prepared: prepared.value, startWeights: started.value });
    return giveUp(prepared.value, run);
  }

  /** How many of the network's weights come from elsewhere. */
  async #startFromWeights(document: string, network: Network): Promise<Result<StartWeights, Problem>> {
    const tensors = await this.#tensors('layers');
    if (!tensors.ok) return tensors;
    const matched = matchText(document, tensors.value);
    if (!matched.ok) return matched;
    const written = await writeWeights(network, matched.value);
    if (!written.ok) return written;
    const kept = matched.value.tensors.length;
    const total = matched.value.report.filter(({ outcome }) => outcome !== 'unused').length;
    return success({ kept, total });
  }

  async #fromFile<T>(read: (path: string) => Promise<Result<T, Problem>>): Promise<Result<T, Problem>> {
    const { weightsFrom } = this.#configuration;
    if (weightsFrom === undefined) return failure(problem('run/nothing-trained'));
    return read(weightsFrom).catch((error: unknown) => failure(unexpected(error)));
  }

  #tensors(names: TensorNames) {
    return this.#fromFile((path) => readTensors(path, names));
  }

  async #matchImport(document: string): Promise<Result<Reply<EngineContract, 'matchImport'>, Problem>> {
    const tensors = await this.#tensors('layers');
    if (!tensors.ok) return tensors;
    const matched = matchText(document, tensors.value);
    return matched.ok ? success({ rows: messageOf(matched.value) }) : matched;
  }

  async #takeImport({
    document,
    isOfFile,
  }: Request<EngineContract, 'takeImport'>): Promise<Result<Reply<EngineContract, 'takeImport'>, Problem>> {
    const { runDirectory } = this.#configuration;
    if (this.#phase !== 'idle') return failure(problem('run/busy'));
    if (runDirectory === null) return failure(problem('run/nothing-trained'));
    const tensors = await this.#tensors(isOfFile ? 'ids' : 'layers');
    if (!tensors.ok) return tensors;
    const runtime = await this.#runtime;
    if (!runtime.ok) return runtime;
    const taken = await takeWeights(runDirectory, document, tensors.value, runtime.value).catch(
      (error: unknown) => failure(unexpected(error)),
    );
    if (!taken.ok) return taken;
    const rows = messageOf(taken.value);
    // Weights of a network that the data set does not fit can be exported all the same.
    const opened = await this.#restore();
    return success({ rows, ...(!opened.ok && { problem: opened.error }) });
  }

  async #resume({
    epochs,
  }: Request<EngineContract, 'resume'>): Promise<Result<Reply<EngineContract, 'resume'>, Problem>> {
    const { runDirectory } = this.#configuration;
    if (runDirectory === null) return failure(problem('run/nothing-trained'));
    const resumable = await readResumable(runDirectory, epochs);
    if (!resumable.ok) return resumable;
    const { checkpoint } = resumable.value;
    const plan = await this.#start(() => this.#prepareResumed(runDirectory, resumable.value));
    return plan.ok
      ? success({ ...plan.value, from: { step: checkpoint.steps, epoch: checkpoint.epochs } })
      : plan;
  }

  async #prepareResumed(
    directory: string,
    { document, record, checkpoint }: Resumable,
  ): Promise<Result<StartedRun, Problem>> {
    const runtime = await this.#runtime;
    if (!runtime.ok) return runtime;
    const request = { document, limit: record.limit };
    const prepared = await prepareRun(request, this.#sources, runtime.value);
    if (!prepared.ok) return prepared;
    const { network, dataset } = prepared.value;
    if (record.data !== undefined && record.data.fingerprint !== dataset.record?.fingerprint) {
      return giveUp(prepared.value, failure(problem('data/changed', { path: record.data.path })));
    }
    const applied = await applyCheckpoint(network, checkpoint, directory);
    const run = applied.ok
      ? await Run.resume(directory, prepared.value, { document, record, checkpoint }, this.#listener)
      : applied;
    return run.ok ? success({ run: run.value, prepared: prepared.value }) : giveUp(prepared.value, run);
  }

  async #finish({ run, prepared }: StartedRun): Promise<void> {
    this.#run = run;
    if (this.#isStopRequested) run.stop();
    try {
      await run.train();
    } catch (error) {
      this.fail(error);
    }
    const { network, dataset } = prepared;
    this.#answers = this.#answersOf(network, prepared, dataset.classNames, prepared);
    this.#phase = 'answering';
  }

  async #benchmark(request: Request<EngineContract, 'benchmark'>): Promise<BenchmarkAnswer> {
    if (this.#phase !== 'idle') return failure(problem('run/busy'));
    this.#phase = 'preparing';
    const runtime = await this.#runtime;
    const timed = runtime.ok
      ? await runBenchmark(request, runtime.value).catch((error: unknown) => failure(unexpected(error)))
      : runtime;
    this.#phase = 'idle';
    return timed;
  }

  #answersOf(
    network: Network,
    { program, settings }: CompiledDocument,
    classNames: readonly string[],
    own?: PreparedRun,
  ): Answers {
    const { dataset, batchSize } = settings;
    // Of another folder without a test folder, every image is there to test with.
    const open = (id: string) => openDataset(program, id, id === dataset ? settings : 'test', this.#sources);
    return new Answers({ network, dataset, classNames, open, batchSize, breathe }, own);
  }

  /** `inspectFolder`: what lies in an image folder. */
  async #inspect(path: string): Promise<Result<ImageFolderFacts, Problem>> {
    const listing = await inspectFolder(path, this.#sources.folders);
    return listing.ok ? success(factsOf(listing.value)) : listing;
  }

  async #restore(): Promise<Result<Restored, Problem>> {
    const { runDirectory } = this.#configuration;
    if (this.#phase !== 'idle') return failure(problem('run/busy'));
    if (runDirectory === null) return failure(problem('run/nothing-trained'));
    this.#phase = 'preparing';
    const restored = await this.#openRun(runDirectory).catch((error: unknown) => failure(unexpected(error)));
    this.#phase = restored.ok ? 'answering' : 'idle';
    return restored;
  }

  async #openRun(directory: string): Promise<Result<Restored, Problem>> {
    const text = await readRunDocument(directory);
    if (!text.ok) return text;
    const runtime = await this.#runtime;
    if (!runtime.ok) return runtime;
    const capabilities = await probeCapabilities(runtime.value);
    const compiled = compileText(text.value, capabilities, (document) =>
      inPossiblePrecision(document, capabilities),
    );
    if (!compiled.ok) return compiled;
    const checkpoint = await readNewestCheckpoint(directory);
    if (!checkpoint.ok) return checkpoint;
    const { program, settings } = compiled.value;
    const classNames = await classNamesOf(directory, settings.dataset);
    if (!classNames.ok) return classNames;
    const network = await Network.load(runtime.value, program);
    if (!network.ok) return network;
    const applied = await applyCheckpoint(network.value, checkpoint.value, directory);
    if (!applied.ok) {
      network.value.dispose();
      return applied;
    }
    this.#answers = this.#answersOf(network.value, compiled.value, classNames.value);
    const { epochs } = checkpoint.value;
    const facts = { input: [...program.input], classNames: [...classNames.value], dataset: settings.dataset };
    return success({ epoch: epochs, ...facts });
  }

  /** Only to the place that whoever forked this process named: the window cannot. */
  async #export(
    request: Request<EngineContract, 'exportModel'>,
  ): Promise<Result<Reply<EngineContract, 'exportModel'>, Problem>> {
    const { exportTo } = this.#configuration;
    if (exportTo === undefined) {
      const args = {
        contract: 'engine',
        name: 'exportModel',
        reason: 'this engine has no place to export to',
      };
      return failure(problem('ipc/bad-request', args));
    }
    if (this.#exporting !== undefined) return failure(problem('run/busy'));
    this.#exporting = new ExportJob({
      request,
      configuration: { ...this.#configuration, exportTo },
      runtime: () => this.#runtime,
      sources: this.#sources,
      onProgress: (progress) => this.#server.emit('exportProgress', progress),
    });
    try {
      return success(await this.#exporting.run());
    } catch (error) {
      return failure(unexpected(error));
    } finally {
      this.#exporting = undefined;
    }
  }

  /** One question after another: each may put another test split into the session. */
  async #withAnswers<T>(ask: (answers: Answers) => Promise<Result<T, Problem>>): Promise<Result<T, Problem>> {
    if (this.#phase === 'preparing' || this.#phase === 'training') return failure(problem('run/busy'));
    const answers = this.#answers;
    if (answers === undefined) return failure(problem('run/nothing-trained'));
    const answer = this.#lastAnswer.then(() => ask(answers));
    this.#lastAnswer = answer.catch(() => undefined);
    return answer;
  }

  readonly #listener: TrainingListener = {
    state: (state, found) => this.#tellState(state, found),
    steps: (message) => this.#server.emit('steps', message),
    epoch: (record) => this.#server.emit('epoch', record),
    checkpoint: (payload) => this.#server.emit('checkpoint', payload),
  };

  #tellState(state: RunState, found?: Problem): void {
    this.#server.emit('state', { state, ...(found && { problem: found }) });
  }
}

interface StartedRun {
  readonly run: Run;
  readonly prepared: PreparedRun;
  readonly startWeights?: StartWeights | undefined;
}

type StartWeights = NonNullable<RunPlan['startWeights']>;

/** What was prepared is let go, and the problem stays. */
async function giveUp<E>(
  { network, dataset }: PreparedRun,
  failed: { readonly ok: false; readonly error: E },
): Promise<{ readonly ok: false; readonly error: E }> {
  network.dispose();
  await dataset.close();
  return failed;
}

/** A mistake of ours, or of the machine: the caller is told, and the engine stays. */
function unexpected(error: unknown): Problem {
  return problem('run/engine-failed', { reason: reasonOf(error) });
}
