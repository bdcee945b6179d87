/** Rewriting of a graph whose tensors may move: what stands for each of them is looked up. */
import type { Graph, Operation, TensorRef } from '../../ir/types';
import { type OpAttributes, type OpName, primitiveOf } from '../../ops';
import { required } from '../../util/assert';

export function keyOf({ operation, index }: TensorRef): string {
  return `${operation}:${index}`;
}

/** The operations that take each tensor, by its key. */
export function consumersOf({ operations }: Graph): ReadonlyMap<string, readonly Operation[]> {
  const consumers = new Map<string, Operation[]>();
  for (const operation of operations) {
    for (const input of operation.inputs) {
      const key = keyOf(input);
      const known = consumers.get(key);
      if (known) known.push(operation);
      else consumers.set(key, [operation]);
    }
  }
  return consumers;
}

/** What takes a tensor, where one operation alone does and the tensor is not the network's output. */
export function onlyConsumers(graph: Graph, logits: TensorRef): (tensor: TensorRef) => Operation | undefined {
  const consumers = consumersOf(graph);
  return (tensor) => {
    const [consumer, ...others] = consumers.get(keyOf(tensor)) ?? [];
    return others.length === 0 && keyOf(tensor) !== keyOf(logits) ? consumer : undefined;
  };
}

/** A graph that a pass made, and where the network's output is in it. */
export interface RewrittenGraph {
  readonly graph: Graph;
  readonly logits: TensorRef;
}

export function outputOf({ name, outputs }: Operation, index = 0): TensorRef {
  return { operation: name, index, ...required(outputs[index], `output ${index} of ${name}`) };
}

/** A graph in the making, beside the one that it is made from. */
export class Substitution {
  readonly #operations: Operation[] = [];
  readonly #substitutes = new Map<string, TensorRef>();

  get graph(): Graph {
    return { operations: this.#operations };
  }

  /** What stands for a tensor of the old graph. */
  current(tensor: TensorRef): TensorRef {
    return this.#substitutes.get(keyOf(tensor)) ?? tensor;
  }

  substitute(old: TensorRef, substitute: TensorRef): void {
    this.#substitutes.set(keyOf(old), substitute);
  }

  /** Takes an operation over as it is, on what stands for its inputs. */
  copy(operation: Operation): void {
    this.#operations.push({ ...operation, inputs: operation.inputs.map((input) => this.current(input)) });
  }

  /** A new operation, on tensors of the new graph. */
  ops<N extends OpName>(
    name: string,
    op: N,
    inputs: readonly TensorRef[],
    attributes: OpAttributes<N>,
  ): readonly TensorRef[] {
    const outputs = primitiveOf(op).infer(inputs, attributes);
    const operation = { name, op, inputs, controls: [], attributes, outputs };
    this.#operations.push(operation);
    return outputs.map((_, index) => outputOf(operation, index));
  }

  op<N extends OpName>(
    name: string,
    op: N,
    inputs: readonly TensorRef[],
    attributes: OpAttributes<N>,
  ): TensorRef {
    return required(this.ops(name, op, inputs, attributes)[0], `an output of ${op}`);
  }
}
