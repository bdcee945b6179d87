/** Everything that comes before the first step: document, settings, data, graph and session. */
import { compileDocument } from '@shared/compile/compile';
import type { Program } from '@shared/compile/program';
import { parseDocument } from '@shared/document/parse';
import type { GraphDocument } from '@shared/document/types';
import type { Capabilities } from '@shared/ir/capabilities';
import { problem, type Problem } from '@shared/problems/problem';
import type { TrainingSettings } from '@shared/training/schema';
import { parseTraining } from '@shared/training/settings';
import { failure, type Result, success } from '@shared/util/result';
import { type DataSources, type OpenDataset, openDataset } from '../data/open-dataset';
import { chooseImages } from '../data/order';
import type { Split, TestSplit } from '../data/split';
import { Network } from '../network';
import { collectGarbage } from '../runtime/garbage';
import { probeCapabilities } from '../runtime/probe';
import type { Runtime } from '../runtime/runtime';
import { planSchedule, type Schedule } from './schedule';

export interface CompiledDocument {
  readonly document: GraphDocument;
  readonly program: Program;
  readonly settings: TrainingSettings;
}

export interface PreparedRun extends CompiledDocument {
  readonly network: Network;
  readonly dataset: OpenDataset;
  readonly train: Split;
  /** Indices of the training images that take part. */
  readonly chosen: Int32Array;
  readonly test: TestSplit;
  /** Test images that are evaluated: the first of them. */
  readonly testSamples: number;
  readonly schedule: Schedule;
}

/** What a run needs, with initial weights and data in the session. */
export async function prepareRun(
  request: {
    readonly document: string;
    readonly limit?: number | undefined;
    readonly testLimit?: number | undefined;
  },
  sources: DataSources,
  runtime: Runtime,
): Promise<Result<PreparedRun, Problem>> {
  const compiled = compileText(request.document, await probeCapabilities(runtime));
  if (!compiled.ok) return compiled;
  const { program, settings } = compiled.value;
  const dataset = await openDataset(program, settings.dataset, settings, sources);
  if (!dataset.ok) return dataset;
  const prepared = await prepareData(compiled.value, dataset.value, request, runtime);
  if (!prepared.ok) await dataset.value.close();
  return prepared;
}

async function prepareData(
  compiled: CompiledDocument,
  dataset: OpenDataset,
  request: { readonly limit?: number | undefined; readonly testLimit?: number | undefined },
  runtime: Runtime,
): Promise<Result<PreparedRun, Problem>> {
  const { program, settings } = compiled;
  const chosen = chooseImages(dataset.trainSamples, request.limit, settings.seed);
  const refusal = batchProblem(compiled, chosen.length);
  if (refusal !== undefined) return failure(refusal);
  const network = await openNetwork(runtime, program, settings.seed);
  if (!network.ok) return network;
  const splits = await enterBoth(dataset, network.value);
  if (!splits.ok) {
    network.value.dispose();
    return splits;
  }
  // The session has its own copy by now, and files that were read take up as much again.
  collectGarbage();
  const { train, test } = splits.value;
  const schedule = planSchedule(chosen.length, settings, program.minimumBatch.size);
  const testSamples = Math.min(request.testLimit ?? Infinity, test.count);
  const data = { dataset, train, chosen, test, testSamples };
  return success({ ...compiled, ...data, network: network.value, schedule });
}

async function enterBoth(
  dataset: OpenDataset,
  network: Network,
): Promise<Result<{ readonly train: Split; readonly test: TestSplit }, Problem>> {
  const train = await dataset.enterTrain(network);
  if (!train.ok) return train;
  const test = await dataset.enterTest(network);
  return test.ok ? success({ train: train.value, test: test.value }) : test;
}

/** A document as saved, compiled for the TensorFlow at hand, and found to fit its data set. */
export function compileText(
  text: string,
  capabilities: Capabilities,
  adapted = (saved: GraphDocument) => saved,
): Result<CompiledDocument, Problem> {
  const parsed = parseDocument(text);
  if (!parsed.ok) return parsed;
  const document = adapted(parsed.value.document);
  const compiled = compileDocument(document, capabilities);
  if (!compiled.ok) return failure(onlyProblem(compiled.error));
  const { settings } = parseTraining(document.training);
  return success({ document, program: compiled.value, settings });
}

/** The window lists them all; one reply has room for one. */
function onlyProblem(problems: readonly Problem[]): Problem {
  const [first] = problems;
  const isOne = first !== undefined && problems.length === 1;
  return isOne ? first : problem('run/graph-has-problems', { count: problems.length });
}

function batchProblem(
  { program, settings, document }: CompiledDocument,
  samples: number,
): Problem | undefined {
  const { batchSize } = settings;
  if (batchSize > samples) return problem('run/batch-larger-than-data', { batchSize, samples });
  if (batchSize >= program.minimumBatch.size) return undefined;
  return problem('run/batch-of-one', { name: limitingNode(program, document) });
}

/** The name of the node that needs more than one image in a batch. */
export function limitingNode({ minimumBatch }: Program, { nodes }: GraphDocument): string {
  const { node = '' } = minimumBatch;
  return nodes[node]?.name ?? node;
}

async function openNetwork(
  runtime: Runtime,
  program: Program,
  seed: number,
): Promise<Result<Network, Problem>> {
  const network = await Network.load(runtime, program);
  if (!network.ok) return network;
  const initialized = await network.value.initialize(seed);
  if (initialized.ok) return network;
  network.value.dispose();
  return initialized;
}
