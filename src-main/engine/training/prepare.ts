/** Everything that comes before the first step: document, settings, data, graph and session. */
import { compileDocument } from '@shared/compile/compile';
import type { Program } from '@shared/compile/program';
import { type Dataset, datasetOf, datasets } from '@shared/datasets';
import { parseDocument } from '@shared/document/parse';
import type { GraphDocument } from '@shared/document/types';
import type { Capabilities } from '@shared/ir/capabilities';
import { formatShape, sameDims } from '@shared/ir/shape';
import { problem, type Problem } from '@shared/problems/problem';
import type { TrainingSettings } from '@shared/training/schema';
import { parseTraining } from '@shared/training/settings';
import { failure, type Result, success } from '@shared/util/result';
import { type LoadedSplit, loadSplit } from '../data/load';
import { chooseImages } from '../data/order';
import { Network } from '../network';
import { probeCapabilities } from '../runtime/probe';
import type { Runtime } from '../runtime/runtime';
import { planSchedule, type Schedule } from './schedule';

export interface CompiledDocument {
  readonly document: GraphDocument;
  readonly program: Program;
  readonly settings: TrainingSettings;
  readonly dataset: Dataset;
}

export interface PreparedRun extends CompiledDocument {
  readonly network: Network;
  /** Indices of the training images that take part. */
  readonly chosen: Int32Array;
  readonly test: LoadedSplit;
  readonly schedule: Schedule;
}

/** What a run needs, with initial weights and data in the session. */
export async function prepareRun(
  request: {
    readonly document: string;
    readonly limit?: number | undefined;
    readonly testLimit?: number | undefined;
  },
  directories: Readonly<Record<string, string>>,
  runtime: Runtime,
): Promise<Result<PreparedRun, Problem>> {
  const compiled = compileText(request.document, await probeCapabilities(runtime));
  if (!compiled.ok) return compiled;
  const { program, settings, dataset } = compiled.value;
  const chosen = chooseImages(dataset.trainSamples, request.limit, settings.seed);
  const refusal = batchProblem(compiled.value, chosen.length);
  if (refusal !== undefined) return failure(refusal);
  const train = await loadSplit(dataset, 'train', directories[dataset.id]);
  if (!train.ok) return train;
  const test = await loadSplit(dataset, 'test', directories[dataset.id]);
  if (!test.ok) return test;
  const network = await openNetwork(runtime, program, settings.seed, train.value, test.value);
  if (!network.ok) return network;
  const schedule = planSchedule(chosen.length, settings, program.minimumBatch.size);
  const { count } = test.value;
  const tested = { ...test.value, count: Math.min(request.testLimit ?? count, count) };
  return success({ ...compiled.value, network: network.value, chosen, test: tested, schedule });
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
  const program = compiled.value;
  const dataset = fittingDataset(program, settings.dataset);
  return dataset.ok ? success({ document, program, settings, dataset: dataset.value }) : dataset;
}

/** The data set of that id, if the network takes its images and has an output for each of its classes. */
export function fittingDataset({ input, classes }: Program, id: string): Result<Dataset, Problem> {
  const dataset = datasetOf(id);
  if (dataset === undefined) {
    const known = datasets.map((each) => each.id).join(', ');
    return failure(problem('data/unknown-dataset', { dataset: id, known }));
  }
  if (!sameDims(input, dataset.input)) {
    const args = { expected: formatShape(input), dataset: id, shape: formatShape(dataset.input) };
    return failure(problem('data/input-mismatch', args));
  }
  if (classes !== dataset.classes.length) {
    const args = { units: classes, dataset: id, classes: dataset.classes.length };
    return failure(problem('data/classes-mismatch', args));
  }
  return success(dataset);
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
  train: LoadedSplit,
  test: LoadedSplit,
): Promise<Result<Network, Problem>> {
  const network = await Network.load(runtime, program);
  if (!network.ok) return network;
  const steps = [
    () => network.value.initialize(seed),
    () => network.value.feedData('train', train),
    () => network.value.feedData('test', test),
  ];
  for (const step of steps) {
    const result = await step();
    if (result.ok) continue;
    network.value.dispose();
    return result;
  }
  return network;
}
