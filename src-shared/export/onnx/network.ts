/** The whole network as an ONNX graph: images with channels first, one value after another under the layers' names. */
import type { OnnxModel, OnnxValueInfo } from '../../formats/onnx/model';
import type { Shape } from '../../ir/types';
import { required } from '../../util/assert';
import { plainNames } from '../identifiers';
import { describeModel } from '../metadata';
import { describeInput, type ExportInput, type ExportLayer, type ExportModel } from '../model';
import type { SupportIssue } from '../target';
import { type FoldedModel, foldNormalizations } from './fold';
import { channelsFirst, isSameOrder } from './layout';
import { writeChannelsFirstFlatten } from './shapes';
import { onnxTable } from './table';
import { GraphWriter, int, LayerWriter, type WriteLayer } from './writer';

export interface OnnxOptions {
  readonly opset: number;
  readonly foldBatchNormalization: boolean;
}

/** What readers call the size that is not fixed. */
const BATCH_SIZE = 'batch';

/** Why no operator does the same; undefined where one does. */
export function onnxSupport({ type }: ExportLayer): SupportIssue | undefined {
  if (type === 'Input' || type === 'Output' || Object.hasOwn(onnxTable, type)) return undefined;
  return { code: 'export/layer-unsupported', args: { target: 'ONNX' } };
}

/** Call only where every layer is supported. */
export function onnxModel(input: ExportInput, { opset, foldBatchNormalization }: OnnxOptions): OnnxModel {
  const { model } = input;
  const folded: FoldedModel = foldBatchNormalization
    ? foldNormalizations(model, input.weights)
    : { leftOut: new Set(), weights: input.weights };
  const network = new NetworkWriter(model, folded, opset);
  network.write();
  const [name = 'model'] = plainNames([{ name: model.name, path: 'model' }]);
  return {
    ...{ opset, name, producer: { name: 'Layerloom', version: input.layerloomVersion } },
    ...{ nodes: network.graph.nodes, initializers: network.graph.initializers },
    inputs: [network.describe(model.input)],
    outputs: [network.describe(model.output)],
    metadata: {
      ...describeModel(input),
      input: describeInput(model, 'channels first'),
      input_shape: JSON.stringify(channelsFirst(model.input.outputShape)),
    },
  };
}

class NetworkWriter {
  readonly graph: GraphWriter;
  readonly #model: ExportModel;
  readonly #folded: FoldedModel;
  readonly #opset: number;
  readonly #names: ReadonlyMap<string, string>;
  /** The name of the value that each layer gives, by its path. */
  readonly #outputs = new Map<string, string>();
  /** Of vectors that hold an image channel by channel. */
  readonly #orders = new Map<string, Shape>();

  constructor(model: ExportModel, folded: FoldedModel, opset: number) {
    this.#model = model;
    this.#folded = folded;
    this.#opset = opset;
    const names = plainNames(model.layers);
    this.#names = new Map(model.layers.map(({ path }, i) => [path, required(names[i], path)]));
    this.graph = new GraphWriter(names);
  }

  write(): void {
    for (const layer of this.#model.layers) this.#outputs.set(layer.path, this.#write(layer));
  }

  describe(layer: ExportLayer): OnnxValueInfo {
    return { name: this.#nameOf(layer), dims: [BATCH_SIZE, ...channelsFirst(layer.outputShape)] };
  }

  #nameOf({ path }: ExportLayer): string {
    return required(this.#names.get(path), path);
  }

  #write(layer: ExportLayer): string {
    if (layer === this.#model.input) return this.#nameOf(layer);
    const inputs = layer.inputs.map(({ layer: source }) => required(this.#outputs.get(source), source));
    const order = this.#orders.get(layer.inputs[0]?.layer ?? '');
    if (this.#folded.leftOut.has(layer.path)) return required(inputs[0], layer.path);
    const name = this.#nameOf(layer);
    const { weights } = this.#folded;
    const context = { layer, name, inputs, opset: this.#opset, weights, channelsFirst: order };
    if (order !== undefined && keepsOrder.has(layer.type)) this.#orders.set(layer.path, order);
    return this.#writerOf(layer)(new LayerWriter(this.graph, context));
  }

  #writerOf(layer: ExportLayer): WriteLayer {
    if (layer === this.#model.output) return writeOutput(this.#model.outputActivation);
    const [shape = []] = layer.inputShapes;
    if (layer.type === 'Flatten' && !isSameOrder(shape) && this.#leadsToDense(layer)) {
      this.#orders.set(layer.path, shape);
      return writeChannelsFirstFlatten;
    }
    return required(onnxTable[layer.type], `an operator for ${layer.type}`);
  }

  /** Whether only dense layers see the values of the layer by their places; their kernels are turned then. */
  #leadsToDense({ path }: ExportLayer): boolean {
    const readers = this.#model.layers.filter(({ inputs }) => inputs.some(({ layer }) => layer === path));
    return readers.every(
      (reader) => reader.type === 'Dense' || (keepsOrder.has(reader.type) && this.#leadsToDense(reader)),
    );
  }
}

/** Layers to which the order of values does not matter. */
const keepsOrder = new Set(['Activation', 'Dropout', 'GaussianNoise', 'Rescaling']);

const writeOutput =
  (activation: ExportModel['outputActivation']): WriteLayer =>
  (writer) => {
    if (activation === 'softmax') return writer.op('Softmax', [writer.input], { axis: int(1) });
    return writer.op(activation === 'sigmoid' ? 'Sigmoid' : 'Identity', [writer.input]);
  };
