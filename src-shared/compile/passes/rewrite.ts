/** Local rewriting of a finished graph: one operation gives way to several that compute the same value. */
import type { Graph, Operation, TensorRef } from '../../ir/types';
import { type OpAttributes, type OpName, primitiveOf } from '../../ops';
import { required } from '../../util/assert';

/** An operation whose attributes are known by its name. */
export type OperationOf<N extends OpName> = Operation & {
  readonly op: N;
  readonly attributes: OpAttributes<N>;
};

export function isOp<N extends OpName>(operation: Operation, op: N): operation is OperationOf<N> {
  return operation.op === op;
}

/** Emits operations under the name of the one that is replaced. */
export class Emitter {
  readonly emitted: Operation[] = [];
  readonly #replaced: Operation;

  constructor(replaced: Operation) {
    this.#replaced = replaced;
  }

  op<N extends OpName>(op: N, inputs: readonly TensorRef[], attributes: OpAttributes<N>): TensorRef {
    const name = `${this.#replaced.name}/${op}_${this.emitted.length}`;
    return this.#emit({ name, op, inputs, controls: [], attributes });
  }

  /** The last one: it takes the name of the replaced operation, so that nothing else has to change. */
  instead<N extends OpName>(op: N, inputs: readonly TensorRef[], attributes: OpAttributes<N>): void {
    const { name, controls } = this.#replaced;
    this.#emit({ name, op, inputs, controls, attributes });
  }

  #emit(operation: Omit<Operation, 'outputs'>): TensorRef {
    const outputs = primitiveOf(operation.op).infer(operation.inputs, operation.attributes);
    this.emitted.push({ ...operation, outputs });
    return { operation: operation.name, index: 0, ...required(outputs[0], `an output of ${operation.op}`) };
  }
}

/** Emits what computes the operation's first output by other means, or nothing where that would not pay. */
export type Rule = (operation: Operation, emit: Emitter) => void;

/** Each operation as the first rule that has something for it says; order and names of the others stay. */
export function rewrite(graph: Graph, rules: readonly Rule[]): Graph {
  return {
    operations: graph.operations.flatMap((operation) => {
      const emit = new Emitter(operation);
      for (const rule of rules) {
        rule(operation, emit);
        if (emit.emitted.length > 0) return emit.emitted;
      }
      return [operation];
    }),
  };
}
