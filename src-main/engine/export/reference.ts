/** Our own network with the weights of an export: what it says of real test images, and initial weights. */
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import { type ExportInput, preprocess } from '@shared/export/model';
import type { NamedTensor } from '@shared/formats/safetensors';
import { elementsPerSample } from '@shared/ir/shape';
import { problem, type Problem } from '@shared/problems/problem';
import { inFullPrecision } from '@shared/training/full-precision';
import type { TrainingSettings } from '@shared/training/schema';
import { failure, type Result, success } from '@shared/util/result';
import { type DataSources, openDataset } from '../data/open-dataset';
import type { CheckSamples } from '../export-checks/checker';
import { Network } from '../network';
import { probeCapabilities } from '../runtime/probe';
import type { Runtime } from '../runtime/runtime';

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
  sources: DataSources,
  runtime: Runtime,
): Promise<Result<CheckSamples, Problem>> {
  const network = await openNetwork(document, runtime);
  if (!network.ok) return network;
  try {
    for (const [name, { values }] of weights) {
      const written = await network.value.write(name, values);
      if (!written.ok) return written;
    }
    const images = await testImages(network.value, model.settings, sources);
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
  network: Network,
  settings: TrainingSettings,
  sources: DataSources,
): Promise<Result<{ readonly count: number; readonly pixels: Uint8Array }, Problem>> {
  const { program } = network;
  const dataset = await openDataset(program, settings.dataset, settings, sources);
  if (!dataset.ok) return dataset;
  try {
    const split = await dataset.value.enterTest(network);
    if (!split.ok) return split;
    const count = Math.min(SAMPLES, split.value.count);
    const size = elementsPerSample(program.input);
    const all = new Uint8Array(count * size);
    for (let index = 0; index < count; index++) {
      const pixels = await split.value.pixels(index);
      if (!pixels.ok) return pixels;
      all.set(pixels.value, index * size);
    }
    return success({ count, pixels: all });
  } finally {
    await dataset.value.close();
  }
}
