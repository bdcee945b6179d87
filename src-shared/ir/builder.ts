/** Builds graphs: names operations, infers their types, and keeps constants and variables unique. */
import type { Literal } from '../ops/primitive';
import { floatScalar } from '../ops/primitive';
import { type OpAttributes, type OpName, primitiveOf } from '../ops';
import { invariant, required } from '../util/assert';
import type { Dims, DType, Graph, Operation, TensorRef } from './types';
import type { WeightSpec } from './weights';

export type { WeightSpec };

export interface EmitOptions {
  /** Operations that must have run before. */
  readonly after?: readonly string[];
  /** An exact name, for what the engine feeds and fetches. */
  readonly name?: string;
}

/** Where and how a variable of the session stands in the graph. */
export interface VariableHandle {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: Dims;
  readonly handle: TensorRef;
}

export class GraphBuilder {
  readonly #operations: Operation[] = [];
  readonly #byName = new Map<string, Operation>();
  readonly #counters = new Map<string, number>();
  readonly #constants = new Map<string, TensorRef>();
  readonly #scope: string[] = [];

  get graph(): Graph {
    return { operations: this.#operations };
  }

  operation(name: string): Operation {
    return required(this.#byName.get(name), `operation ${name}`);
  }

  /**
   * Puts another graph in the place of the operations from a position on; what was handed out of variables and constants
   * must be in it.
   */
  replaceFrom(start: number, { operations }: Graph): void {
    for (const { name } of this.#operations.splice(start)) this.#byName.delete(name);
    for (const operation of operations) {
      this.#operations.push(operation);
      this.#byName.set(operation.name, operation);
    }
  }

  /** Runs `build` with `scope/` before every name. */
  within<T>(scope: string, build: () => T): T {
    this.#scope.push(scope);
    try {
      return build();
    } finally {
      this.#scope.pop();
    }
  }

  /** Emits an operation and returns all its outputs. */
  ops<N extends OpName>(
    op: N,
    inputs: readonly TensorRef[],
    attributes: OpAttributes<N>,
    options: EmitOptions = {},
  ): readonly TensorRef[] {
    const operation = this.effect(op, inputs, attributes, options);
    return operation.outputs.map((type, index) => ({ operation: operation.name, index, ...type }));
  }

  /** Emits an operation and returns its first output. */
  op<N extends OpName>(
    op: N,
    inputs: readonly TensorRef[],
    attributes: OpAttributes<N>,
    options: EmitOptions = {},
  ): TensorRef {
    return required(this.ops(op, inputs, attributes, options)[0], `an output of ${op}`);
  }

  /** Emits an operation for what it does rather than for its outputs. */
  effect<N extends OpName>(
    op: N,
    inputs: readonly TensorRef[],
    attributes: OpAttributes<N>,
    { after = [], name }: EmitOptions = {},
  ): Operation {
    const unique = name ?? this.#uniqueName([...this.#scope, op].join('/'));
    invariant(!this.#byName.has(unique), `two operations are named ${unique}`);
    const operation: Operation = {
      name: unique,
      op,
      inputs,
      controls: after,
      attributes,
      outputs: this.#infer(op, unique, inputs, attributes),
    };
    this.#operations.push(operation);
    this.#byName.set(unique, operation);
    return operation;
  }

  /** A constant tensor; equal ones are one operation. */
  constant(value: Literal): TensorRef {
    const key = JSON.stringify(value);
    const known = this.#constants.get(key);
    if (known) return known;
    const made = this.op('Const', [], { value }, { name: `constant/${this.#constants.size}` });
    this.#constants.set(key, made);
    return made;
  }

  float(value: number): TensorRef {
    return this.constant(floatScalar(value));
  }

  variable(name: string, dtype: DType, dims: Dims): VariableHandle {
    const handle = this.op(
      'VarHandleOp',
      [],
      { dtype, dims, sharedName: name },
      { name: `variable/${name}` },
    );
    return { name, dtype, dims, handle };
  }

  #uniqueName(base: string): string {
    const count = this.#counters.get(base) ?? 0;
    this.#counters.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  }

  #infer(op: OpName, name: string, inputs: readonly TensorRef[], attributes: OpAttributes<OpName>) {
    try {
      return primitiveOf(op).infer(inputs, attributes);
    } catch (cause) {
      throw new Error(`${op} ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

/** What a node's `lower` may use: emit primitives, own weights, update moving statistics, draw random numbers. */
export interface LayerBuilder extends Pick<GraphBuilder, 'op' | 'ops' | 'constant' | 'float'> {
  /** Reads a weight of this node; asking again for the same role gives the same tensor. */
  weight(spec: WeightSpec): TensorRef;
  /** Training only: moving = momentum * moving + (1 - momentum) * value, once per step. */
  updateMoving(spec: WeightSpec, value: TensorRef, momentum: number): void;
  /** Key (int32 [2]) of this node's randomness in this step. */
  randomKey(): TensorRef;
}
