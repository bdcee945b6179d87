/** Weights of a file on a network: put into a session, and kept as a run that was never trained. */
import { compileDocument } from '@shared/compile/compile';
import { datasetOf } from '@shared/datasets';
import { parseDocument } from '@shared/document/parse';
import type { NamedTensor } from '@shared/formats/safetensors';
import { type MatchedWeights, matchWeights } from '@shared/import/match-weights';
import type { WeightMessage } from '@shared/ipc/import-messages';
import { problem, type Problem } from '@shared/problems/problem';
import { RUN_FORMAT, RUN_VERSION, type RunRecord } from '@shared/run/record';
import type { TrainingSettings } from '@shared/training/schema';
import { parseTraining } from '@shared/training/settings';
import { failure, type Result, success } from '@shared/util/result';
import packageFile from '../../../package.json';
import { Network } from '../network';
import { saveCheckpoint } from '../run/checkpoint';
import { RunFolder } from '../run/run-folder';
import { probeCapabilities } from '../runtime/probe';
import type { Runtime } from '../runtime/runtime';

/** What would become of the weights on the network of a document, as saved. */
export function matchText(text: string, tensors: readonly NamedTensor[]): Result<MatchedWeights, Problem> {
  const parsed = parseDocument(text);
  if (!parsed.ok) return parsed;
  const matched = matchWeights(parsed.value.document, tensors);
  return matched.ok ? matched : failure(onlyProblem(matched.error));
}

/** The report as it travels. */
export function messageOf({ report }: MatchedWeights): WeightMessage[] {
  return report.map((row) => ({ ...row }));
}

/** Gives the network the weights that fit it; what does not keeps its value. */
export async function writeWeights(
  network: Network,
  { tensors }: MatchedWeights,
): Promise<Result<true, Problem>> {
  for (const { name, values } of tensors) {
    const written = await network.write(name, values);
    if (!written.ok) return written;
  }
  return success(true);
}

/** Makes the run folder: the document, and one checkpoint with these weights, initial ones where there are none. */
export async function takeWeights(
  directory: string,
  text: string,
  tensors: readonly NamedTensor[],
  runtime: Runtime,
): Promise<Result<MatchedWeights, Problem>> {
  const matched = matchText(text, tensors);
  if (!matched.ok) return matched;
  if (matched.value.tensors.length === 0) return failure(problem('import/nothing-fits'));
  const parsed = parseDocument(text);
  if (!parsed.ok) return parsed;
  const { settings } = parseTraining(parsed.value.document.training);
  const compiled = compileDocument(parsed.value.document, await probeCapabilities(runtime));
  if (!compiled.ok) return failure(onlyProblem(compiled.error));
  const network = await Network.load(runtime, compiled.value);
  if (!network.ok) return network;
  try {
    const initialized = await network.value.initialize(settings.seed);
    if (!initialized.ok) return initialized;
    const written = await writeWeights(network.value, matched.value);
    if (!written.ok) return written;
    const folder = await RunFolder.create(directory, text, recordOf(settings, runtime));
    if (!folder.ok) return folder;
    folder.value.close();
    const progress = { steps: 0, epochs: 0, isWithinEpoch: false };
    const saved = await saveCheckpoint(directory, network.value, progress, settings.seed);
    return saved.ok ? matched : saved;
  } finally {
    network.value.dispose();
  }
}

function recordOf(settings: TrainingSettings, runtime: Runtime): RunRecord {
  const dataset = datasetOf(settings.dataset);
  const now = new Date().toISOString();
  return {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    state: 'stopped',
    settings,
    seed: settings.seed,
    trainSamples: dataset?.trainSamples ?? 0,
    testSamples: dataset?.testSamples ?? 0,
    layerloomVersion: packageFile.version,
    runtime: runtime.describe(),
    startedAt: now,
    endedAt: now,
    epochs: 0,
    steps: 0,
  };
}

/** One message has room for one. */
function onlyProblem(problems: readonly Problem[]): Problem {
  const [first] = problems;
  const isOne = first !== undefined && problems.length === 1;
  return isOne ? first : problem('run/graph-has-problems', { count: problems.length });
}
