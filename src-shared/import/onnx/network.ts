/** An ONNX graph with its weights as an imported network: operator by operator through the table. */
import type { FileNode } from '../../formats/onnx/read';
import { isDefaultDomain } from '../../formats/onnx/read';
import { elementsPerSample } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import { nodeTypes } from '../../nodes';
import { type InputPorts, isComposite } from '../../nodes/define';
import { parseParams } from '../../params/fields';
import { own } from '../../document/record';
import { ended } from '../ending';
import type { ImportedLayer, ImportedNetwork, ImportedNode, ImportNote } from '../format';
import { type FileGraph, MAX_ELEMENTS } from './graph';
import { inputOf } from './input';
import { nameOf } from './names';
import { type Emission, type NetworkView, OperatorReader } from './operator';
import { findPatterns, type Pattern } from './patterns';
import { foldSizes, type Sizes } from './sizes';
import { onnxImportTable, patternValue } from './table';
import { fileDims, type Form, TooLarge, Unsupported, type Value } from './value';

/** `isOurs`: we wrote the file, whose names and last Identity are then those of our nodes. Throws TooLarge. */
export function networkOf(graph: FileGraph, isOurs: boolean): ImportedNetwork {
  return new NetworkBuilder(graph, isOurs).build();
}

class NetworkBuilder implements NetworkView {
  readonly opset: number;
  readonly batch: number | undefined;
  readonly #graph: FileGraph;
  readonly #isOurs: boolean;
  readonly #values = new Map<string, Value>();
  readonly #sizes = new Map<string, Sizes>();
  readonly #layers: ImportedLayer[] = [];
  /** Nodes of the operator at hand, and what they are called. */
  #nodes: ImportedNode[] = [];
  #name = '';
  #count = 0;
  #elements = 0;

  constructor(graph: FileGraph, isOurs: boolean) {
    this.#graph = graph;
    this.#isOurs = isOurs;
    this.opset = graph.model.opset;
    this.batch = graph.model.inputs.find(({ name }) => !graph.isConstant(name))?.dims[0];
  }

  build(): ImportedNetwork {
    this.#addInput();
    const { byLast, absorbed } = findPatterns(this.#graph);
    for (const node of this.#graph.model.nodes) {
      if (absorbed.has(node) || this.#isKnown(node, byLast.has(node))) continue;
      this.#add(node, byLast.get(node));
    }
    const output = this.#graph.model.outputs[0]?.name ?? '';
    return ended(this.#layers, this.#values.get(output)?.key);
  }

  #addInput(): void {
    const { name, chain, notes } = inputOf(this.#graph);
    this.#nodes = [];
    this.#name = name;
    const value = chain.reduce<Value | undefined>(
      (before, { type, params, form, suffix }) =>
        this.emit({ type, params, form, inputs: before ? [before] : [], ...(suffix && { suffix }) }),
      undefined,
    );
    if (value !== undefined) this.#values.set(name, value);
    this.#finish('Input', notes.length === 0 ? 'taken' : 'approximated', notes);
  }

  /** Whether the node gives what the file says itself, or what follows from shapes. */
  #isKnown(node: FileNode, isPattern: boolean): boolean {
    const [output = ''] = node.outputs;
    if (this.#graph.isConstant(output) || this.#graph.floats(output) !== undefined) return true;
    const sizes = isPattern || !isDefaultDomain(node.domain) ? undefined : foldSizes(node, this);
    if (sizes !== undefined) this.#sizes.set(output, sizes);
    return sizes !== undefined;
  }

  #add(node: FileNode, pattern: Pattern | undefined): void {
    const named = pattern?.kind === 'bias' ? (pattern.absorbed[0] ?? node) : node;
    const [output = ''] = node.outputs;
    this.#nodes = [];
    this.#name = nameOf(named, this.#isOurs);
    const reader = new OperatorReader(named, this, pattern?.kind === 'bias' ? pattern.input : undefined);
    try {
      const value = this.#translate(reader, pattern);
      this.#values.set(output, value);
      if (this.#isOurs && named.op === 'Transpose' && value.form === 'image') this.#rename(value.key);
      this.#finish(named.op, reader.notes.length === 0 ? 'taken' : 'approximated', reader.notes);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      // Its place is kept under its operator's name, which the analysis reports; nothing else of it is.
      this.#nodes = [];
      const inputs = named.inputs.flatMap((input) => this.#values.get(input) ?? []);
      const value = this.emit({ type: named.op, params: {}, inputs, ...this.#described(output) });
      this.#values.set(output, value);
      this.#finish(named.op, 'refused', [error.note]);
    }
  }

  #translate(reader: OperatorReader, pattern: Pattern | undefined): Value {
    const { node } = reader;
    const isEnd = node.outputs[0] === this.#graph.model.outputs[0]?.name;
    // As we write the end under mean squared error.
    if (this.#isOurs && isEnd && node.op === 'Identity') {
      return this.emit({ type: 'Output', params: {}, inputs: [reader.value()], form: 'vector' });
    }
    if (pattern !== undefined && pattern.kind !== 'bias') {
      const value = this.#values.get(pattern.input);
      if (value !== undefined) return patternValue(reader, pattern, value);
    }
    const entry = isDefaultDomain(node.domain) ? own(onnxImportTable, node.op) : undefined;
    if (entry !== undefined) return entry(reader);
    const type = isDefaultDomain(node.domain) ? node.op : `${node.domain}.${node.op}`;
    throw new Unsupported({ code: 'import/layer-unknown', args: { type } });
  }

  /** Of a layer of ours that works on pixels the last operator, which turns them back, bears the name. */
  #rename(key: string): void {
    const named = (node: ImportedNode) => (node.key === key ? { ...node, name: this.#name } : node);
    const index = this.#layers.findLastIndex(({ nodes }) => nodes.some((node) => node.key === key));
    const layer = this.#layers[index];
    if (layer !== undefined)
      this.#layers[index] = { ...layer, name: this.#name, nodes: layer.nodes.map(named) };
  }

  #finish(type: string, outcome: ImportedLayer['outcome'], notes: readonly ImportNote[]): void {
    this.#layers.push({ name: this.#name, type, outcome, notes, nodes: this.#nodes });
  }

  /** What the file says of a value that could not be worked out. */
  #described(name: string): { readonly form: Form; readonly shape?: Shape } {
    const dims = this.#graph.described.get(name)?.slice(1) ?? [];
    const known = dims.filter((size) => size !== undefined);
    if (known.length !== dims.length) return { form: 'image' };
    const [channels = 1, height = 1, width = 1] = known;
    if (known.length === 3) return { form: 'image', shape: [height, width, channels] };
    return known.length === 1 ? { form: 'vector', shape: known } : { form: 'image' };
  }

  valueOf(name: string): Value | undefined {
    return this.#values.get(name);
  }

  floatsOf(name: string) {
    return this.#graph.floats(name);
  }

  numbersOf(name: string): readonly number[] | undefined {
    return this.sizesOf(name)?.values;
  }

  sizesOf(name: string): Sizes | undefined {
    return this.#sizes.get(name) ?? this.#graph.sizes(name);
  }

  dimsOf(name: string): readonly number[] | undefined {
    const value = this.#values.get(name);
    return value && fileDims(value);
  }

  emit({ type, params, inputs, weights = [], form, shape, suffix }: Emission): Value {
    this.#elements += weights.reduce((sum, { values }) => sum + values.length, 0);
    if (this.#elements > MAX_ELEMENTS) throw new TooLarge();
    const key = `${this.#count++}`;
    const name = suffix === undefined ? this.#name : `${this.#name} ${suffix}`;
    this.#nodes.push({ key, type, name, params, inputs: inputs.map((input) => input.key), weights });
    return { key, form, shape: shape ?? inferred(type, params, inputs) };
  }
}

function fits(ports: InputPorts, count: number): boolean {
  if (ports.kind === 'variadic') return count >= ports.min;
  if (ports.kind === 'named') return count === ports.ports.length;
  return count === (ports.kind === 'single' ? 1 : 0);
}

/** The shape of a node by its own rule; undefined where that finds a mistake, which the analysis then reports. */
function inferred(type: string, params: Emission['params'], inputs: readonly Value[]): Shape | undefined {
  const definition = nodeTypes.get(type);
  if (definition === undefined || isComposite(definition)) return undefined;
  const shapes = inputs.map(({ form, shape }) =>
    form === 'channels' && shape ? [elementsPerSample(shape)] : shape,
  );
  const known = shapes.filter((shape) => shape !== undefined);
  // Of an operator that was refused, which may be called as one of our nodes, inputs may be missing.
  if (known.length !== shapes.length || !fits(definition.inputs, known.length)) return undefined;
  const { values, issues } = parseParams(definition.params, params);
  const result = issues.length > 0 ? undefined : definition.infer(values, known);
  return result?.ok === true ? result.value : undefined;
}
