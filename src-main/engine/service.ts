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
import { precisionsOf } from '@shared/training/precision';
import { failure, type Result, success } from '@shared/util/result';
import { Answers } from './answers';
import { ExportJob } from './export/export-job';
import { runBenchmark } from './benchmark';
import { factsOf, inspectFolder } from './data/folder/folder-dataset';
import type { ImageSettings } from './data/folder/image-settings';
import { type DataSources, openDataset } from './data/open-dataset';
import { dataSources } from './data/sources';
import { readImport } from './import/import-file';
import { messageOf, takeWeights } from './import/take-import';
import { WeightsSource } from './import/weights-source';
import type { Network } from './network';
import { openRun } from './run/open-run';
import { readResumable } from './run/resume';
import { breathe, type Run } from './run/run';
import { type RunParts, type StartedRun, startNew, startResumed } from './run/start-run';
import { peakMemory } from './runtime/peak-memory';
import type { Runtime } from './runtime/runtime';
import { probeCapabilities } from './runtime/probe';
import type { CompiledDocument, PreparedRun } from './training/prepare';
import type { TrainingListener } from './training/training-loop';
import { unexpected } from './unexpected';

type Restored = Reply<EngineContract, 'restore'>;
type BenchmarkAnswer = Result<Reply<EngineContract, 'benchmark'>, Problem>;

export class EngineService {
  readonly #configuration: EngineConfiguration;
  readonly #runtime: Promise<Result<Runtime, Problem>>;
  readonly #sources: DataSources;
  readonly #weights: WeightsSource;
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
    this.#weights = new WeightsSource(configuration.weightsFrom);
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
    train: (request) => this.#start((parts) => startNew(request, parts), request.document),
    resume: (request) => this.#resume(request),
    stop: () => {
      this.#isStopRequested = true;
      this.#run?.stop();
      return success({ acknowledged: true });
    },
    restore: () => this.#restore(),
    readImport: () => this.#weights.read(readImport),
    matchImport: ({ document }) => this.#weights.match(document),
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

  /** A document's data set is read while the runtime is being opened and the network prepared. */
  async #start(
    prepare: (parts: RunParts) => Promise<Result<StartedRun, Problem>>,
    document?: string,
  ): Promise<Result<RunPlan, Problem>> {
    if (this.#phase !== 'idle') return failure(problem('run/busy'));
    this.#phase = 'preparing';
    this.#isStopRequested = false;
    this.#tellState('preparing');
    if (document !== undefined) this.#sources.builtIn.begin(document);
    const run = await this.#parts()
      .then((parts) => (parts.ok ? prepare(parts.value) : parts))
      .catch((error: unknown) => failure(unexpected(error)));
    this.#sources.builtIn.forget();
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

  async #parts(): Promise<Result<RunParts, Problem>> {
    const runtime = await this.#runtime;
    if (!runtime.ok) return runtime;
    return success({
      configuration: this.#configuration,
      runtime: runtime.value,
      sources: this.#sources,
      weights: this.#weights,
      listener: this.#listener,
    });
  }

  async #takeImport({
    document,
    isOfFile,
  }: Request<EngineContract, 'takeImport'>): Promise<Result<Reply<EngineContract, 'takeImport'>, Problem>> {
    const { runDirectory } = this.#configuration;
    if (this.#phase !== 'idle') return failure(problem('run/busy'));
    if (runDirectory === null) return failure(problem('run/nothing-trained'));
    const tensors = await this.#weights.tensors(isOfFile ? 'ids' : 'layers');
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
    const plan = await this.#start((parts) => startResumed(runDirectory, resumable.value, parts));
    return plan.ok
      ? success({ ...plan.value, from: { step: checkpoint.steps, epoch: checkpoint.epochs } })
      : plan;
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
    const runtime = await this.#runtime;
    if (!runtime.ok) return runtime;
    const opened = await openRun(directory, runtime.value);
    if (!opened.ok) return opened;
    const { network, compiled, classNames, epochs } = opened.value;
    const { program, settings } = compiled;
    this.#answers = this.#answersOf(network, compiled, classNames);
    const facts = { input: [...program.input], classNames: [...classNames], dataset: settings.dataset };
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
