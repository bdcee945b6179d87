/** Reverse-mode differentiation over primitives: the walker accumulates, unbroadcasts and checks; rules only know their operation. */
import type { GraphBuilder } from '../ir/builder';
import { sameDims } from '../ir/shape';
import type { Operation, TensorRef } from '../ir/types';
import { primitiveOf } from '../ops';
import { broadcastAxes } from '../ops/rules';
import { invariant, required } from '../util/assert';

/**
 * Emits the gradient of the scalar `loss` with respect to each of `targets` and returns them in that order.
 * A target that the loss does not depend on is a bug of the caller and throws.
 */
export function differentiate(
  b: GraphBuilder,
  loss: TensorRef,
  targets: readonly TensorRef[],
): readonly TensorRef[] {
  invariant(loss.dims.length === 0, `the loss has shape [${loss.dims.join(', ')}], expected a scalar`);
  const forward = [...b.graph.operations];
  const relevant = dependentsOf(forward, targets);
  const gathered = new Map<string, TensorRef[]>([[keyOf(loss), [b.float(1)]]]);
  for (const operation of forward.reverse()) {
    if (relevant.has(operation.name)) propagate(b, operation, gathered, relevant);
  }
  return targets.map((target) => {
    const gradient = sum(b, gathered.get(keyOf(target)) ?? []);
    return required(gradient, `a gradient for ${target.operation}`);
  });
}

function keyOf({ operation, index }: TensorRef): string {
  return `${operation}:${index}`;
}

/** Operations whose value depends on a target, the targets included; sizes and truth values pass nothing on. */
function dependentsOf(operations: readonly Operation[], targets: readonly TensorRef[]): ReadonlySet<string> {
  const found = new Set(targets.map((target) => target.operation));
  for (const operation of operations) {
    const isContinuous = operation.outputs.some(({ dtype }) => dtype === 'float32');
    if (isContinuous && operation.inputs.some((input) => found.has(input.operation)))
      found.add(operation.name);
  }
  return found;
}

function propagate(
  b: GraphBuilder,
  operation: Operation,
  gathered: Map<string, TensorRef[]>,
  relevant: ReadonlySet<string>,
): void {
  const outputs = operation.outputs.map((type, index) => ({ operation: operation.name, index, ...type }));
  const gradient = outputs[0] && sum(b, gathered.get(keyOf(outputs[0])) ?? []);
  // A target keeps its sum, in case it is asked for after this walk.
  if (gradient && outputs[0]) gathered.set(keyOf(outputs[0]), [gradient]);
  if (!gradient || !operation.inputs.some((input) => relevant.has(input.operation))) return;
  const primitive = primitiveOf(operation.op);
  const rule = primitive.gradient;
  if (typeof rule !== 'function') {
    throw new Error(
      `Internal error: ${operation.op} (${operation.name}) lies between a weight and the loss, but ${rule.nonDifferentiable}`,
    );
  }
  const { inputs, attributes } = operation;
  const gradients = b.within(`gradient/${operation.name}`, () =>
    rule({ b, attributes, inputs, outputs, gradient }).map((each, i) =>
      each && primitive.broadcasts ? unbroadcast(b, each, required(inputs[i], 'an input')) : each,
    ),
  );
  gradients.forEach((each, i) => {
    const input = required(inputs[i], `input ${i} of ${operation.name}`);
    if (!each || !relevant.has(input.operation)) return;
    check(operation, i, each, input);
    const key = keyOf(input);
    gathered.set(key, [...(gathered.get(key) ?? []), each]);
  });
}

/** Sums over the axes along which the input was repeated. */
function unbroadcast(b: GraphBuilder, gradient: TensorRef, input: TensorRef): TensorRef {
  const axes = broadcastAxes(input.dims, gradient.dims);
  if (axes.length === 0) return gradient;
  const summed = b.op('Sum', [gradient], { axes, keepDims: false });
  return sameDims(summed.dims, input.dims) ? summed : b.op('Reshape', [summed], { dims: input.dims });
}

function sum(b: GraphBuilder, parts: readonly TensorRef[]): TensorRef | undefined {
  return parts.length > 1 ? b.op('AddN', parts, {}) : parts[0];
}

function check(operation: Operation, index: number, gradient: TensorRef, input: TensorRef): void {
  invariant(
    gradient.dtype === input.dtype && sameDims(gradient.dims, input.dims),
    `${operation.op} (${operation.name}): the gradient of input ${index} is ${gradient.dtype} [${gradient.dims.join(', ')}], ` +
      `the input ${input.dtype} [${input.dims.join(', ')}]`,
  );
}
