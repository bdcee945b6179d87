/** Our own network with the weights of an export: what it says of real test images, and initial weights. */
import { compileDocument } from '@shared/compile/compile';
import type { Program } from '@shared/compile/program';
import type { GraphDocument } from '@shared/document/types';
import { type ExportInput, preprocess } from '@shared/export/model';
import type { NamedTensor } from '@shared/formats/safetensors';
import { elementsPerSample } from '@shared/ir/shape';
import { problem, type Problem } from '@shared/problems/problem';
import { inFullPrecision } from '@shared/training/full-precision';
import { failure, type Result, success } from '@shared/util/result';
import { loadSplit } from '../data/load';
import type { CheckSamples } from '../export-checks/checker';
import { Network } from '../network';
import { probeCapabilities } from '../runtime/probe';
import type { Runtime } from '../runtime/runtime';
import { fittingDataset } from '../training/prepare';

/** Test images in a check. */
const SAMPLES = 32;

/** The document's network in a session, without values. */
async function openNetwork(document: GraphDocument, runtime: Runtime): Promise<Result<Network, Problem>> {
  const compiled = compileDocument(inFullPrecision(document), await probeCapabilities(runtime));
  if (!compiled.ok) {
    const [first = problem('run/graph-has-problems', { count: compiled.error.length })] = compiled.error;
    return failure(first);
  }
  return Network.load(runtime, compiled.value);
}

/** What training would begin with under this seed. */
export async function initialWeights(
  document: GraphDocument,
  seed: number,
  runtime: Runtime,
): Promise<Result<readonly NamedTensor[], Problem>> {
  const network = await openNetwork(document, runtime);
  if (!network.ok) return network;
  try {
    const initialized = await network.value.initialize(seed);
    return initialized.ok ? await network.value.read() : initialized;
  } finally {
    network.value.dispose();
  }
}

/** The first test images of the document's data set, and what our session says of them. */
export async function referenceSamples(
  { document, model, weights }: ExportInput,
  directories: Readonly<Record<string, string>>,
  runtime: Runtime,
): Promise<Result<CheckSamples, Problem>> {
  const network = await openNetwork(document, runtime);
  if (!network.ok) return network;
  try {
    for (const [name, { values }] of weights) {
      const written = await network.value.write(name, values);
      if (!written.ok) return written;
    }
    const images = await testImages(network.value.program, model.data.dataset, directories);
    if (!images.ok) return images;
    const { count, pixels } = images.value;
    const predictions = await network.value.predict(count, pixels);
    if (!predictions.ok) return predictions;
    const inputs = preprocess(model.data.preprocessing, pixels);
    return success({ count, inputs, predictions: predictions.value.slice() });
  } finally {
    network.value.dispose();
  }
}

async function testImages(
  program: Program,
  id: string,
  directories: Readonly<Record<string, string>>,
): Promise<Result<{ readonly count: number; readonly pixels: Uint8Array }, Problem>> {
  const dataset = fittingDataset(program, id);
  if (!dataset.ok) return dataset;
  const split = await loadSplit(dataset.value, 'test', directories[id]);
  if (!split.ok) return split;
  const count = Math.min(SAMPLES, split.value.count);
  return success({ count, pixels: split.value.images.slice(0, count * elementsPerSample(program.input)) });
}
