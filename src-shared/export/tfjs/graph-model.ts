/** The network as a graph model: TensorFlow's operations, for what tfjs-layers has no layers for. */
import { everythingNative } from '../../ir/capabilities';
import { required } from '../../util/assert';
import type { JsonObject } from '../../util/json';
import { inferenceGraph } from '../inference-graph';
import { inKerasOrder } from '../keras/network';
import type { ExportInput, ExportLayer, ExportModel } from '../model';
import { frozenGraph, tensorInfo } from './graph-json';
import { tfjsNames } from './names';
import type { StoredTensor } from './shards';

export interface GraphModel {
  readonly topology: JsonObject;
  readonly tensors: readonly StoredTensor[];
  readonly signature: JsonObject;
  /** The nodes as on the canvas, from which the import makes them again: operations alone do not tell. */
  readonly network: JsonObject;
}

/** TensorFlow.js has no grouped convolution, on any of its backends. */
const capabilities = { ...everythingNative, groupedConvolution: false };

/** Operations and weights are named after the layers: `conv1/Conv2D`, `conv1/kernel`. */
export function graphModel({ model, weights }: ExportInput): GraphModel {
  const layers = inOrder(model);
  const names = tfjsNames(layers);
  const scopes = new Map(layers.map(({ path }, index) => [path, required(names[index], 'a name')]));
  const inScope = (name: string): string => {
    const end = name.lastIndexOf('/');
    const scope = scopes.get(name.slice(0, end));
    return scope === undefined ? name : scope + name.slice(end);
  };
  const graph = inferenceGraph({ ...model, layers }, capabilities);
  const byVariable = new Map(graph.weights.map(({ name, variable }) => [variable.handle.operation, name]));
  const { topology, tensors } = frozenGraph(graph.b.graph, {
    rename: inScope,
    valueOf(variable) {
      const name = required(byVariable.get(variable), `the weight of ${variable}`);
      return { name: inScope(name), ...required(weights.get(name), name) };
    },
  });
  const { input, output } = graph;
  return {
    ...{ topology, tensors },
    signature: {
      inputs: { [input.operation]: tensorInfo(input.operation, input) },
      outputs: { [output.operation]: tensorInfo(output.operation, output) },
    },
    network: describeNetwork(model, layers, inScope),
  };
}

/** One that tells nothing of how the document is put together: the same network gives the same file. */
function inOrder({ layers, output }: ExportModel): readonly ExportLayer[] {
  const linked = layers.map((layer) => ({
    ...{ layer, name: layer.path },
    inputs: layer.inputs.map((input) => input.layer),
  }));
  return inKerasOrder(linked, output.path).map(({ layer }) => layer);
}

function describeNetwork(
  { settings }: ExportModel,
  layers: readonly ExportLayer[],
  inScope: (name: string) => string,
): JsonObject {
  const places = new Map(layers.map(({ path }, index) => [path, index]));
  return {
    loss: settings.loss,
    layers: layers.map(({ name, type, params, inputs, weights, path }) => ({
      ...{ name, type, params },
      inputs: inputs.map(({ layer }) => required(places.get(layer), layer)),
      weights: Object.fromEntries(
        weights.map((weight) => [weight.name.slice(path.length + 1), inScope(weight.name)]),
      ),
    })),
  };
}
