/**
 * Mixed precision on a finished graph: the operations that take the time compute in a type of 16 bits, and casts stand
 * where tensors change their type. Variables, updates, statistics of batch normalisation and everything around the loss
 * stay in float32.
 */
import type { DType, FloatType, Graph, Operation, TensorRef, TensorType } from '../../ir/types';
import { type OpName, primitiveOf } from '../../ops';
import { required } from '../../util/assert';
import { keyOf } from './substitution';

export type HalfType = Exclude<FloatType, 'float32'>;

/** Products: half the bytes and up to several times as many products at once are what is to be gained. */
const products: ReadonlySet<OpName> = new Set([
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'MatMul',
]);

/** What goes on in the type of its operands, where all of them have 16 bits already. */
const followers: ReadonlySet<OpName> = new Set([
  'AddN',
  'AddV2',
  'AvgPool',
  'AvgPoolGrad',
  'BiasAddGrad',
  'ConcatV2',
  'Identity',
  'LeakyRelu',
  'MaxPool',
  'Mul',
  'Pad',
  'PadV2',
  'Relu',
  'Reshape',
  'Sigmoid',
  'Slice',
  'Tanh',
  'Transpose',
]);

interface Lead {
  /** Position of the operand whose type decides. */
  readonly by: number;
  /** Positions of the operands that take that type; the others stay float32. */
  readonly takes: readonly number[];
}

/** What goes on in the type of one of its operands: gradients in that of what went forward. */
const led: Readonly<Partial<Record<OpName, Lead>>> = {
  BiasAdd: { by: 0, takes: [0, 1] },
  LeakyReluGrad: { by: 1, takes: [0, 1] },
  MaxPoolGrad: { by: 0, takes: [0, 1, 2] },
  ReluGrad: { by: 1, takes: [0, 1] },
  SigmoidGrad: { by: 0, takes: [0, 1] },
  TanhGrad: { by: 0, takes: [0, 1] },
  // Scale, offset and statistics are float32 beside images of 16 bits.
  FusedBatchNormV3: { by: 0, takes: [0] },
  FusedBatchNormGradV3: { by: 1, takes: [0, 1] },
};

/** They look at sizes, whatever the type. */
const untyped: ReadonlySet<OpName> = new Set(['Shape', 'Size']);

export interface MixedPrecisionOptions {
  readonly half: HalfType;
  /** Names of operations that keep the types of their outputs: what the engine fetches. */
  readonly exact: ReadonlySet<string>;
}

/** The same graph with other types; names and order stay, and casts stand before what needs them. */
export function inMixedPrecision(graph: Graph, options: MixedPrecisionOptions): Graph {
  const pass = new MixedPrecision(options);
  for (const operation of graph.operations) pass.rewrite(operation);
  return { operations: pass.operations };
}

class MixedPrecision {
  readonly operations: Operation[] = [];
  readonly #options: MixedPrecisionOptions;
  /** Tensors that came out with 16 bits, by their keys in the old graph. */
  readonly #halved = new Map<string, TensorRef>();
  /** Each tensor is cast once. */
  readonly #casts = new Map<string, TensorRef>();
  /** Operations whose values lose nothing that matters: constants, and masks of zeros and ones. */
  readonly #coarse = new Set<string>();

  constructor(options: MixedPrecisionOptions) {
    this.#options = options;
  }

  rewrite(operation: Operation): void {
    if (this.#isCoarse(operation)) this.#coarse.add(operation.name);
    const halves = this.#options.exact.has(operation.name) ? undefined : this.#halvesOf(operation);
    const inputs = operation.inputs.map((input, i) =>
      this.#input(operation, input, halves?.includes(i) ?? false),
    );
    const isSame = inputs.every((input, i) => input === operation.inputs[i]);
    if (isSame) this.operations.push(operation);
    else this.#emit(operation, inputs);
  }

  /** Positions of the operands that are to have 16 bits; undefined where the operation computes in float32. */
  #halvesOf({ op, inputs }: Operation): readonly number[] | undefined {
    const floats = inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []));
    if (products.has(op)) return floats;
    const leading = led[op];
    if (leading) return this.#isHalf(inputs[leading.by]) ? leading.takes : undefined;
    if (!followers.has(op) || !floats.some((i) => this.#isHalf(inputs[i]))) return undefined;
    return floats.every((i) => this.#isHalf(inputs[i]) || this.#isMask(inputs[i])) ? floats : undefined;
  }

  #isHalf(tensor: TensorRef | undefined): boolean {
    return tensor !== undefined && this.#halved.has(keyOf(tensor));
  }

  #isMask(tensor: TensorRef | undefined): boolean {
    return tensor !== undefined && this.#coarse.has(tensor.operation);
  }

  #isCoarse({ op, inputs, outputs }: Operation): boolean {
    if (outputs[0]?.dtype !== 'float32') return false;
    if (op === 'Const') return true;
    if (op === 'Cast') return inputs[0]?.dtype === 'bool';
    return op === 'Mul' && inputs.every((input) => this.#isMask(input));
  }

  #input({ op }: Operation, input: TensorRef, asHalf: boolean): TensorRef {
    const halved = this.#halved.get(keyOf(input));
    if (halved && (asHalf || untyped.has(op))) return halved;
    if (asHalf) return this.#cast(input, this.#options.half);
    return halved ? this.#cast(halved, 'float32') : input;
  }

  #cast(tensor: TensorRef, to: DType): TensorRef {
    const known = this.#casts.get(keyOf(tensor));
    if (known) return known;
    const name = `${tensor.operation}/${tensor.index}/${to}`;
    const outputs: readonly TensorType[] = [{ dtype: to, dims: tensor.dims }];
    this.operations.push({ name, op: 'Cast', inputs: [tensor], controls: [], attributes: { to }, outputs });
    const cast = { operation: name, index: 0, dtype: to, dims: tensor.dims };
    this.#casts.set(keyOf(tensor), cast);
    return cast;
  }

  #emit(operation: Operation, inputs: readonly TensorRef[]): void {
    const outputs = primitiveOf(operation.op).infer(inputs, operation.attributes);
    this.operations.push({ ...operation, inputs, outputs });
    outputs.forEach(({ dtype, dims }, index) => {
      const old = required(operation.outputs[index], `output ${index} of ${operation.name}`);
      if (dtype === old.dtype) return;
      const key = keyOf({ operation: operation.name, index, ...old });
      this.#halved.set(key, { operation: operation.name, index, dtype, dims });
    });
  }
}
