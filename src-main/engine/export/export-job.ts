/** One export from request to files: reads, writes bytes beside the target, checks them, and puts them in their place. */
import { basename } from 'node:path';
import { anyTargetOf, allTargets } from '@shared/export';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportInput } from '@shared/export/model';
import {
  type DrawingTarget,
  type DrawnFile,
  type Exported,
  type ExportedFile,
  type AnyTarget,
  isDrawing,
  type ExportTarget,
  supportProblems,
} from '@shared/export/target';
import type { GraphDocument } from '@shared/document/types';
import type { EngineConfiguration, EngineContract } from '@shared/ipc/engine.contract';
import type { Request } from '@shared/ipc/contract';
import type { CheckReport, ExportProgress, ExportReply } from '@shared/ipc/export-messages';
import type { ParamSchema, ParamsOf } from '@shared/params/field';
import { parseParams } from '@shared/params/fields';
import { problem, type Problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import packageFile from '../../../package.json';
import type { DataSources } from '../data/open-dataset';
import { checkerOf } from '../export-checks';
import type { Runtime } from '../runtime/runtime';
import { rasterised } from './rasterise';
import { initialWeights, referenceSamples } from './reference';
import {
  documentOf,
  readOrigin,
  readRunDocument,
  readRunRecord,
  readRunWeights,
  type SourceWeights,
  weightsOf,
} from './source';
import { Staging } from './staging';

export interface ExportJobOptions {
  readonly request: Request<EngineContract, 'exportModel'>;
  readonly configuration: EngineConfiguration & {
    readonly exportTo: NonNullable<EngineConfiguration['exportTo']>;
  };
  readonly runtime: () => Promise<Result<Runtime, Problem>>;
  readonly sources: DataSources;
  readonly onProgress: (progress: ExportProgress) => void;
}

type Problems = readonly Problem[];
type Written = Extract<ExportReply, { kind: 'written' }>;
type Options = ParamsOf<ParamSchema>;

/** What an exporter gave, and of what; pictures have no network to be checked against. */
interface Made {
  readonly exported: Exported<ExportedFile | DrawnFile>;
  readonly input?: ExportInput;
}

export class ExportJob {
  readonly #options: ExportJobOptions;
  #isCancelled = false;

  constructor(options: ExportJobOptions) {
    this.#options = options;
  }

  /** Ends it at the next piece that is written, or before the check. */
  cancel(): void {
    this.#isCancelled = true;
  }

  /** Whatever happens, nothing is left beside the target. */
  async run(): Promise<ExportReply> {
    const { request, onProgress } = this.#options;
    const target = anyTargetOf(request.target);
    if (target === undefined) {
      const known = allTargets.map(({ id }) => id).join(', ');
      return refused([problem('export/unknown-target', { target: request.target, known })]);
    }
    onProgress({ phase: 'preparing', done: 0, total: 0 });
    const staging = new Staging(this.#options.configuration.exportTo, target.output);
    const obstacle = await staging.obstacle();
    if (obstacle !== undefined) return refused([obstacle]);
    try {
      const outcome = await this.#export(target, staging);
      if (!outcome.ok) return refused(outcome.error);
      return outcome.value ?? { kind: 'cancelled' };
    } finally {
      await staging.discard();
    }
  }

  /** Undefined when it was cancelled. */
  async #export(target: AnyTarget, staging: Staging): Promise<Result<Written | undefined, Problems>> {
    const { request, configuration } = this.#options;
    const options = readOptions(target, request.options);
    if (!options.ok) return options;
    const made = isDrawing(target)
      ? await this.#draw(target, options.value)
      : await this.#make(target, options.value);
    if (!made.ok) return made;
    if (made.value === undefined) return success(undefined);
    const { exported, input } = made.value;
    const files = await rasterised(exported.files);
    if (!files.ok) return files;
    const written = await staging.write(files.value, this.#hooks);
    if (!written.ok) return failure([written.error]);
    if (written.value === undefined) return success(undefined);
    const check = request.check ? await this.#check(target, input, options.value, staging) : undefined;
    if (check?.ok === false) return failure([check.error]);
    if (this.#isCancelled) return success(undefined);
    const committed = await staging.commit(files.value);
    if (!committed.ok) return failure([committed.error]);
    return success({
      kind: 'written',
      path: configuration.exportTo.path,
      files: [...written.value],
      origin: originOf(target, input),
      notes: [...(exported.notes ?? [])],
      ...(check && { check: check.value }),
    });
  }

  async #make(target: ExportTarget, options: Options): Promise<Result<Made | undefined, Problems>> {
    const input = await this.#input(target, options);
    if (!input.ok) return input;
    if (this.#isCancelled) return success(undefined);
    const exported = target.export(input.value, options);
    return exported.ok ? success({ exported: exported.value, input: input.value }) : exported;
  }

  async #draw(target: DrawingTarget, options: Options): Promise<Result<Made, Problems>> {
    const { name, selection } = this.#options.request;
    const document = await this.#document();
    if (!document.ok) return failure([document.error]);
    const input = { ...this.#common(document.value), name, ...(selection && { selection }) };
    const exported = target.draw(input, options);
    return exported.ok ? success({ exported: exported.value }) : exported;
  }

  #common(document: GraphDocument) {
    const { request, configuration } = this.#options;
    return {
      document,
      fileName: basename(configuration.exportTo.path),
      locale: request.locale,
      layerloomVersion: packageFile.version,
    };
  }

  readonly #hooks = {
    isCancelled: () => this.#isCancelled,
    onProgress: (done: number, total: number) => this.#options.onProgress({ phase: 'writing', done, total }),
  };

  async #input(target: ExportTarget, options: Options): Promise<Result<ExportInput, Problems>> {
    const document = await this.#document();
    if (!document.ok) return failure([document.error]);
    const model = exportModelOf(document.value, this.#options.request.name, await this.#classNames());
    if (!model.ok) return model;
    const unsupported = supportProblems(target, model.value, options);
    if (unsupported.length > 0) return failure(unsupported);
    const source = await this.#weights(document.value, model.value, target);
    if (!source.ok) return failure([source.error]);
    return success({ ...this.#common(document.value), model: model.value, ...source.value });
  }

  /** Of the image folder that a run was trained on. */
  async #classNames(): Promise<readonly string[]> {
    const { request, configuration } = this.#options;
    if (request.source.kind === 'document' || configuration.runDirectory === null) return [];
    return (await readRunRecord(configuration.runDirectory))?.data?.classNames ?? [];
  }

  async #document(): Promise<Result<GraphDocument, Problem>> {
    const { request, configuration } = this.#options;
    if (request.source.kind === 'document') return documentOf(request.source.text);
    const { runDirectory } = configuration;
    return runDirectory === null ? failure(problem('run/nothing-trained')) : readRunDocument(runDirectory);
  }

  async #weights(
    document: GraphDocument,
    model: ExportInput['model'],
    { id, needsWeights, needsRun = false }: ExportTarget,
  ): Promise<Result<SourceWeights, Problem>> {
    const { request, configuration } = this.#options;
    const { seed } = model.settings;
    const run = request.source.kind === 'run' ? configuration.runDirectory : null;
    if (run !== null && needsWeights) return readRunWeights(run, model);
    if (run !== null) {
      return success({ weights: new Map(), origin: await readOrigin(run, { withSteps: needsRun }) });
    }
    if (needsRun) return failure(problem('export/no-run', { target: id }));
    if (!needsWeights) return success({ weights: new Map(), origin: { kind: 'initial', seed } });
    const runtime = await this.#options.runtime();
    if (!runtime.ok) return runtime;
    const tensors = await initialWeights(document, seed, runtime.value);
    if (!tensors.ok) return tensors;
    const weights = weightsOf(model, tensors.value);
    return weights.ok ? success({ weights: weights.value, origin: { kind: 'initial', seed } }) : weights;
  }

  async #check(
    target: AnyTarget,
    input: ExportInput | undefined,
    options: Options,
    staging: Staging,
  ): Promise<Result<CheckReport, Problem>> {
    const checker = target.check === undefined ? undefined : await checkerOf(target.id);
    if (checker === undefined || input === undefined)
      return failure(problem('export/check-unavailable', { target: target.id }));
    this.#options.onProgress({ phase: 'checking', done: 0, total: 0 });
    const { runtime, sources } = this.#options;
    const report = await checker({
      input,
      options,
      path: target.output.kind === 'folder' ? staging.pathOf('') : staging.pathOf(input.fileName),
      samples: async () => {
        const opened = await runtime();
        return opened.ok ? referenceSamples(input, sources, opened.value) : opened;
      },
      runtime,
      isCancelled: () => this.#isCancelled,
    });
    if (!report.ok) return report;
    const { largestDifference: difference, tolerance, reader } = report.value;
    if (difference <= tolerance) return report;
    return failure(problem('export/check-differs', { difference, tolerance, reader }));
  }
}

function readOptions(target: AnyTarget, raw: Request<EngineContract, 'exportModel'>['options']) {
  const { values, issues } = parseParams(target.options, raw);
  if (issues.length === 0) return success(values);
  return failure(issues.map(({ param, issue }) => problem(issue.code, issue.args, { param })));
}

function originOf(target: AnyTarget, input: ExportInput | undefined): Written['origin'] {
  if (isDrawing(target) || input === undefined) return { kind: 'none' };
  const { origin } = input;
  if (!target.needsWeights) return { kind: 'none' };
  return origin.kind === 'run' ? { kind: 'run', epochs: origin.epochs, steps: origin.steps } : origin;
}

function refused(problems: Problems): ExportReply {
  return { kind: 'refused', problems: [...problems] };
}
