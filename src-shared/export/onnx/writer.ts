/** What a layer is written with: operators, constants and weights under its name. */
import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../../formats/onnx/model';
import type { Dims, Shape } from '../../ir/types';
import { type WeightRole, weightRoles } from '../../ir/weights';
import { required } from '../../util/assert';
import type { ExportLayer, WeightValues } from '../model';

/** A tensor that is part of the graph, by what it is to its operator: `pads` becomes `conv1_pads`. */
export interface Constant {
  readonly as: string;
  readonly dims: Dims;
  readonly values: Float32Array | readonly number[];
}

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

export const int = (value: number): OnnxAttribute => ({ int: value });
export const ints = (values: readonly number[]): OnnxAttribute => ({ ints: values });
export const float = (value: number): OnnxAttribute => ({ float: value });
export const text = (value: string): OnnxAttribute => ({ text: value });

/** int64, one axis. */
export function list(as: string, values: readonly number[]): Constant {
  return { as, dims: [values.length], values };
}

/** float32, no axis. */
export function scalar(as: string, value: number): Constant {
  return { as, dims: [], values: Float32Array.of(value) };
}

/** The graph as far as it is written. */
export class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #names: Set<string>;

  /** Names of layers, which nothing else may take. */
  constructor(reserved: Iterable<string>) {
    this.#names = new Set(reserved);
  }

  /** The name, or with a number where it is taken. */
  free(name: string): string {
    let candidate = name;
    for (let number = 2; this.#names.has(candidate); number++) candidate = `${name}_${number}`;
    this.#names.add(candidate);
    return candidate;
  }
}

interface LayerContext {
  readonly layer: ExportLayer;
  /** Unique and harmless. */
  readonly name: string;
  /** Names of the values that enter, in port order. */
  readonly inputs: readonly string[];
  readonly opset: number;
  readonly weights: ReadonlyMap<string, WeightValues>;
  /**
   * The image whose values the vector that enters holds channel by channel, as ONNX flattens it; absent where it holds
   * them pixel by pixel, as the network means it.
   */
  readonly channelsFirst: Shape | undefined;
}

export class LayerWriter {
  readonly layer: ExportLayer;
  readonly inputs: readonly string[];
  readonly opset: number;
  readonly channelsFirst: Shape | undefined;
  readonly #graph: GraphWriter;
  readonly #context: LayerContext;

  constructor(graph: GraphWriter, context: LayerContext) {
    this.#graph = graph;
    this.#context = context;
    this.layer = context.layer;
    this.inputs = context.inputs;
    this.opset = context.opset;
    this.channelsFirst = context.channelsFirst;
  }

  /** The only value that enters. */
  get input(): string {
    return required(this.inputs[0], `the input of ${this.layer.path}`);
  }

  /** Of the first input, one sample, channels last. */
  get inputShape(): Shape {
    return required(this.layer.inputShapes[0], `the input shape of ${this.layer.path}`);
  }

  /** An operator that bears the layer's name, or that name and what it does; gives the name of its value. */
  op(op: string, inputs: readonly (string | Constant)[], attributes: Attributes = {}, suffix = ''): string {
    const { name: own, layer } = this.#context;
    const name = suffix === '' ? own : this.#graph.free(`${own}_${suffix}`);
    const operands = inputs.map((input) => (typeof input === 'string' ? input : this.#constant(name, input)));
    const doc = suffix === '' && layer.name !== name ? layer.name : undefined;
    this.#graph.nodes.push({ op, name, inputs: operands, outputs: [name], attributes, ...(doc && { doc }) });
    return name;
  }

  /** The value of a weight, in Keras's layout. */
  weight(role: WeightRole): WeightValues {
    const name = `${this.layer.path}/${weightRoles[role].name}`;
    return required(this.optional(role), name);
  }

  optional(role: WeightRole): WeightValues | undefined {
    return this.#context.weights.get(`${this.layer.path}/${weightRoles[role].name}`);
  }

  #constant(node: string, { as, dims, values }: Constant): string {
    const name = this.#graph.free(`${node}_${as}`);
    this.#graph.initializers.push({ name, dims, values });
    return name;
  }
}

/** How a layer is written; gives the name of the value that it gives. */
export type WriteLayer = (writer: LayerWriter) => string;
