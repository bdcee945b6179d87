/** Times training steps and evaluations of a network on random images that lie in the session. */
import { compileDocument } from '@shared/compile/compile';
import type { Program } from '@shared/compile/program';
import { parseDocument } from '@shared/document/parse';
import type { Reply, Request } from '@shared/ipc/contract';
import type { EngineContract } from '@shared/ipc/engine.contract';
import { elementsPerSample, withBatch } from '@shared/ir/shape';
import { type Problem, problem } from '@shared/problems/problem';
import { parseTraining, type TrainingSettings } from '@shared/training/settings';
import { failure, type Result, success } from '@shared/util/result';
import type { LoadedSplit } from './data/load';
import { type BatchFigures, Network } from './network';
import { peakMemory } from './runtime/peak-memory';
import { probeCapabilities } from './runtime/probe';
import type { Runtime } from './runtime/runtime';

type BenchmarkRequest = Request<EngineContract, 'benchmark'>;
type BenchmarkReply = Reply<EngineContract, 'benchmark'>;

/** The times of a network that is compiled, trained and disposed of here. */
export async function runBenchmark(
  request: BenchmarkRequest,
  runtime: Runtime,
): Promise<Result<BenchmarkReply, Problem>> {
  const parsed = parseDocument(request.document);
  if (!parsed.ok) return parsed;
  const { document } = parsed.value;
  const compiled = compileDocument(document, await probeCapabilities(runtime));
  if (!compiled.ok) return failure(problem('run/graph-has-problems', { count: compiled.error.length }));
  const network = await Network.load(runtime, compiled.value);
  if (!network.ok) return network;
  try {
    return await timeNetwork(network.value, request, parseTraining(document.training).settings);
  } finally {
    network.value.dispose();
  }
}

async function timeNetwork(
  network: Network,
  { steps, warmup, evaluationBatch, evaluations }: BenchmarkRequest,
  { batchSize, learningRate, seed }: TrainingSettings,
): Promise<Result<BenchmarkReply, Problem>> {
  const prepared = await fillSession(network, { seed, batchSize, evaluationBatch });
  if (!prepared.ok) return prepared;
  let step = 0;
  const trained = upTo(batchSize);
  const train = () => network.trainStep(trained, step++, seed, learningRate);
  const first = await train();
  if (!first.ok) return first;
  const firstStepAt = Date.now();
  const stepMs = await timesOf(train, warmup - 1, steps);
  if (!stepMs.ok) return stepMs;
  const peakBytes = peakMemory();
  const evaluated = upTo(evaluationBatch);
  const inferenceMs = await timesOf(() => network.evaluate(evaluated), 1, evaluations);
  if (!inferenceMs.ok) return inferenceMs;
  return success({ stepMs: stepMs.value, inferenceMs: inferenceMs.value, firstStepAt, peakBytes });
}

/** Initial weights, and as many images as a step or an evaluation takes. */
async function fillSession(
  network: Network,
  sizes: { readonly seed: number; readonly batchSize: number; readonly evaluationBatch: number },
): Promise<Result<true, Problem>> {
  const initialised = await network.initialize(sizes.seed);
  if (!initialised.ok) return initialised;
  const fed = await network.feedData('train', randomSplit(network.program, sizes.batchSize));
  return fed.ok ? network.feedData('test', randomSplit(network.program, sizes.evaluationBatch)) : fed;
}

/** Noise: what the network learns from it does not matter, how long it takes does. */
function randomSplit({ input, classes }: Program, count: number): LoadedSplit {
  const size = elementsPerSample(withBatch(input).slice(1)) * count;
  const images = Uint8Array.from({ length: size }, () => Math.floor(Math.random() * 256));
  return { count, images, labels: Int32Array.from({ length: count }, (_, index) => index % classes) };
}

function upTo(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index);
}

/** Milliseconds of each counted call; the calls before them warm up. */
async function timesOf(
  call: () => Promise<Result<BatchFigures, Problem>>,
  warmup: number,
  count: number,
): Promise<Result<number[], Problem>> {
  const times: number[] = [];
  for (let index = 0; index < warmup + count; index++) {
    const start = performance.now();
    const figures = await call();
    if (!figures.ok) return figures;
    if (index >= warmup) times.push(performance.now() - start);
  }
  return success(times);
}
