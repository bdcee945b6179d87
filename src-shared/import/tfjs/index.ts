/** Import from TensorFlow.js: model.json of layers models, and of graph models that we wrote, with the shards beside it. */
import { own } from '../../document/record';
import type { NamedTensor } from '../../formats/safetensors';
import { problem, type Problem } from '../../problems/problem';
import { isJsonObject, type Json } from '../../util/json';
import { failure, type Result, success } from '../../util/result';
import { defineImport, type ImportedNetwork, type ImportFile } from '../format';
import { parseJson, textOf } from '../json-text';
import { type FileLayer, type FileModel, readModelConfig } from '../keras/model-config';
import { networkOf } from '../keras/network';
import { namedByLayers } from './graph-names';
import { type ModelFile, modelFileSchema } from './model-file';
import { importedNetwork, ourNetwork } from './our-graph';
import { asItMeansThem } from './own-layers';
import { readWeights } from './read-weights';

const extension = '.json';

export default defineImport({
  id: 'tfjs',
  title: { en: 'TensorFlow.js', 'zh-CN': 'TensorFlow.js' },
  extensions: [extension],
  // No other format is text: the name decides.
  recognises: ({ name }) => name.toLowerCase().endsWith(extension),
  read,
  readTensors,
});

function badFile({ name }: ImportFile, reason: string): Result<never, Problem> {
  return failure(problem('import/bad-file', { name, reason }));
}

function describe(file: ImportFile): Result<ModelFile, Problem> {
  const json = parseJson(textOf(file.bytes));
  if (!json.ok) return badFile(file, json.error);
  const parsed = modelFileSchema.safeParse(json.value);
  return parsed.success ? success(parsed.data) : badFile(file, 'NOT_A_MODEL');
}

/** By what graphs consist of, as GraphDef calls it. */
function isGraph({ modelTopology }: ModelFile): boolean {
  return Array.isArray(own(modelTopology, 'node'));
}

async function read(file: ImportFile): Promise<Result<ImportedNetwork, Problem>> {
  const read = describe(file);
  if (!read.ok) return read;
  const described = read.value;
  if (isGraph(described)) return readGraph(file, described);
  const model = readModelConfig(configOf(described));
  if (!model.ok) return badFile(file, model.error);
  const tensors = await readWeights(file, described.weightsManifest);
  if (!tensors.ok) return tensors;
  return success(layersOf(asItMeansThem(model.value, described), described, tensors.value));
}

async function readGraph(file: ImportFile, described: ModelFile): Promise<Result<ImportedNetwork, Problem>> {
  const network = ourNetwork(described);
  if (network === undefined) return failure(problem('import/graph-model', { name: file.name }));
  const tensors = await readWeights(file, described.weightsManifest);
  return tensors.ok ? success(importedNetwork(network, tensors.value)) : tensors;
}

/** Graphs of others tell no layers, but may name their weights after them. */
async function readTensors(file: ImportFile): Promise<Result<readonly NamedTensor[], Problem> | undefined> {
  const described = describe(file);
  if (!described.ok || !isGraph(described.value)) return undefined;
  const tensors = await readWeights(file, described.value.weightsManifest);
  return tensors.ok ? success(namedByLayers(tensors.value)) : tensors;
}

/** Of the converter inside `model_config`, of TensorFlow.js itself without; older Sequential models are lists. */
function configOf({ modelTopology }: ModelFile): Json {
  const inner = own(modelTopology, 'model_config');
  const model = isJsonObject(inner) ? inner : modelTopology;
  const config = own(model, 'config');
  return Array.isArray(config) ? { ...model, config: { layers: config as readonly Json[] } } : model;
}

function layersOf(
  model: FileModel,
  { generatedBy }: ModelFile,
  tensors: readonly NamedTensor[],
): ImportedNetwork {
  const byLayer = new Map<string, NamedTensor[]>();
  for (const tensor of tensors) {
    const layer = tensor.name.replace(/\/[^/]*$/, '');
    const known = byLayer.get(layer);
    if (known === undefined) byLayer.set(layer, [tensor]);
    else known.push(tensor);
  }
  const weightsOf = ({ name }: FileLayer): readonly NamedTensor[] => byLayer.get(name) ?? [];
  return networkOf(model, { weightsOf, isOurs: generatedBy?.startsWith('Layerloom ') ?? false });
}
