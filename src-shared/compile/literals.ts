/** Puts the constant operands of primitives into the graph as Const operations, equal ones once. */
import type { Graph, Operation, TensorRef } from '../ir/types';
import { primitiveOf } from '../ops';
import type { Literal } from '../ops/primitive';

/** The same graph with every operand explicit, as GraphDef wants it. */
export function materializeLiterals(graph: Graph): Graph {
  const constants = new Map<string, Operation>();
  const constantOf = (literal: Literal): TensorRef => {
    const key = JSON.stringify(literal);
    const known = constants.get(key);
    const operation = known ?? constant(`literal/${constants.size}`, literal);
    if (!known) constants.set(key, operation);
    return { operation: operation.name, index: 0, dtype: literal.dtype, dims: literal.dims };
  };
  const operations = graph.operations.map((operation) => {
    const literals = primitiveOf(operation.op).literals?.(operation.attributes) ?? [];
    if (literals.length === 0) return operation;
    const inputs = [...operation.inputs];
    for (const { position, literal } of literals) inputs.splice(position, 0, constantOf(literal));
    return { ...operation, inputs };
  });
  return { operations: [...constants.values(), ...operations] };
}

function constant(name: string, value: Literal): Operation {
  return { name, op: 'Const', inputs: [], controls: [], attributes: { value }, outputs: [{ dtype: value.dtype, dims: value.dims }] };
}
