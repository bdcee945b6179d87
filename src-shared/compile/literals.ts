/** The constant operands of primitives as Const operations, equal ones once: GraphDef knows no other kind. */
import type { Graph, Operation, TensorRef } from '../ir/types';
import { primitiveOf } from '../ops';
import type { Literal } from '../ops/primitive';

export interface ExplicitOperands {
  /** To stand in the graph before everything else. */
  readonly constants: readonly Operation[];
  /** All operands of an operation of that graph, constants included, in the kernel's order. */
  readonly operandsOf: (operation: Operation) => readonly TensorRef[];
}

export function explicitOperands(graph: Graph): ExplicitOperands {
  const constants = new Map<string, Operation>();
  const operands = new Map<string, readonly TensorRef[]>();
  for (const operation of graph.operations) {
    const literals = primitiveOf(operation.op).literals?.(operation.attributes, operation.inputs);
    if (!literals) continue;
    const inputs = [...operation.inputs];
    for (const { position, literal } of literals) inputs.splice(position, 0, constantOf(constants, literal));
    operands.set(operation.name, inputs);
  }
  return {
    constants: [...constants.values()],
    operandsOf: ({ name, inputs }) => operands.get(name) ?? inputs,
  };
}

function constantOf(constants: Map<string, Operation>, value: Literal): TensorRef {
  const key = JSON.stringify(value);
  const { dtype, dims } = value;
  const known = constants.get(key);
  const name = known?.name ?? `literal/${constants.size}`;
  if (!known) {
    constants.set(key, {
      name,
      op: 'Const',
      inputs: [],
      controls: [],
      attributes: { value },
      outputs: [{ dtype, dims }],
    });
  }
  return { operation: name, index: 0, dtype, dims };
}
