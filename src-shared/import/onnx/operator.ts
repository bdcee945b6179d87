/** Reads an operator of a file: its attributes and operands, each checked for its kind. */
import type { FileAttribute, FileNode } from '../../formats/onnx/read';
import type { Shape } from '../../ir/types';
import type { JsonObject } from '../../util/json';
import type { ImportedWeight, ImportNote } from '../format';
import type { Floats } from './constants';
import { refuse, Unsupported, type Value } from './value';

type Pair = readonly [number, number];

/** A node that stands for an operator, or for a part of it. */
export interface Emission {
  readonly type: string;
  readonly params: JsonObject;
  /** What feeds it, in port order. */
  readonly inputs: readonly Value[];
  readonly weights?: readonly ImportedWeight[];
  /** How the file holds what it gives. */
  readonly form: Value['form'];
  /** Of the file's form, where that is not the node's own shape. */
  readonly shape?: Shape;
  /** Behind the operator's name. */
  readonly suffix?: string;
}

/** What the operators of the tables see of the network. */
export interface NetworkView {
  readonly opset: number;
  /** Samples that the file takes at once; undefined where it takes any number. */
  readonly batch: number | undefined;
  valueOf(name: string): Value | undefined;
  floatsOf(name: string): Floats | undefined;
  numbersOf(name: string): readonly number[] | undefined;
  /** Puts a node in; gives the value that it gives. */
  emit(emission: Emission): Value;
}

export class OperatorReader {
  readonly notes: ImportNote[] = [];
  readonly node: FileNode;
  readonly network: NetworkView;
  readonly #bias: string | undefined;

  /** `bias` is a constant that is added to what the operator gives. */
  constructor(node: FileNode, network: NetworkView, bias?: string) {
    this.node = node;
    this.network = network;
    this.#bias = bias;
  }

  get opset(): number {
    return this.network.opset;
  }

  attribute(name: string): FileAttribute | undefined {
    return this.node.attributes.get(name);
  }

  has(name: string): boolean {
    return this.node.attributes.has(name);
  }

  int(name: string, initial: number): number {
    return this.attribute(name)?.int ?? initial;
  }

  float(name: string, initial: number): number {
    const value = this.attribute(name)?.float ?? initial;
    return Number.isFinite(value) ? value : refuse(name, value);
  }

  text(name: string, initial: string): string {
    return this.attribute(name)?.text ?? initial;
  }

  ints(name: string, initial: readonly number[]): readonly number[] {
    return this.attribute(name)?.ints ?? initial;
  }

  pair(name: string, initial: Pair): Pair {
    const [first, second, ...rest] = this.ints(name, initial);
    if (first === undefined || second === undefined || rest.length > 0)
      return refuse(name, String(this.ints(name, [])));
    return [first, second];
  }

  /** Refuses every other value. */
  only(name: string, ...allowed: readonly number[]): void {
    const value = this.int(name, allowed[0] ?? 0);
    if (!allowed.includes(value)) refuse(name, value);
  }

  onlyText(name: string, ...allowed: readonly string[]): string {
    const value = this.text(name, allowed[0] ?? '');
    return allowed.includes(value) ? value : refuse(name, value);
  }

  hasInput(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  /** An operand that comes from the network, as it is. */
  value(index = 0): Value {
    const name = this.node.inputs[index] ?? '';
    const value = this.network.valueOf(name);
    if (value !== undefined) return value;
    throw new Unsupported({ code: 'import/operand-unknown', args: { value: name } });
  }

  /** The operands that come from the network; all must. */
  values(): readonly Value[] {
    return this.node.inputs.map((_, index) => this.value(index));
  }

  /** A tensor of the file that is a weight. */
  weight(index: number): Floats {
    const name = this.node.inputs[index] ?? '';
    const floats = this.network.floatsOf(name);
    if (floats !== undefined) return floats;
    throw new Unsupported({ code: 'import/weights-computed', args: { value: name } });
  }

  optionalWeight(index: number): Floats | undefined {
    return this.hasInput(index) ? this.weight(index) : undefined;
  }

  /** The bias of a layer with weights, from its operand or from behind it. */
  bias(): Floats | undefined {
    return this.#bias === undefined ? this.optionalWeight(2) : this.network.floatsOf(this.#bias);
  }

  /** Numbers that stand in an operand of newer opsets, in an attribute of older ones. */
  numbers(index: number, attribute: string): readonly number[] | undefined {
    if (!this.hasInput(index)) return this.attribute(attribute)?.ints;
    const name = this.node.inputs[index] ?? '';
    const numbers = this.network.numbersOf(name);
    return numbers ?? refuse(attribute, name);
  }
}
