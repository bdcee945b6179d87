/**
 * Gradients of biases that batch normalisation takes away again: they are zero, but for rounding. Finding that out saves
 * a sum over all activations, and keeps Adam from scaling the rounding up to full steps.
 */
import type { Graph, Operation, TensorRef } from '../../ir/types';
import { isOp, rewrite } from './rewrite';

/** Zeros in the place of the gradients of biases whose channels sum to zero. */
export function silenceBiases(graph: Graph): Graph {
  const balanced = new Set<string>();
  for (const operation of graph.operations) {
    if (isBalanced(operation, (input) => input?.index === 0 && balanced.has(input.operation)))
      balanced.add(operation.name);
  }
  return rewrite(graph, [
    (operation, emit) => {
      const [gradient] = operation.inputs;
      if (!isOp(operation, 'BiasAddGrad') || !gradient || !balanced.has(gradient.operation)) return;
      emit.instead('Fill', [], { dims: operation.outputs[0]?.dims ?? [], value: 0 });
    },
  ]);
}

/**
 * Whether each channel of the first output sums to zero over batch and pixels: true of what batch normalisation hands
 * back, as it does not change when a constant is added to a channel, and of whatever only moves, adds or spreads that.
 */
function isBalanced(operation: Operation, is: (input: TensorRef | undefined) => boolean): boolean {
  const { inputs } = operation;
  if (isOp(operation, 'FusedBatchNormGradV3')) return operation.attributes.isTraining;
  if (isOp(operation, 'AddN') || isOp(operation, 'AddV2')) return hasOneShape(operation) && inputs.every(is);
  if (isOp(operation, 'ConcatV2'))
    return operation.attributes.axis === lastAxis(inputs[0]) && inputs.every(is);
  if (isOp(operation, 'Slice')) return keepsPixels(operation.attributes.size, inputs[0]) && is(inputs[0]);
  if (isOp(operation, 'Reshape')) return keepsChannels(operation) && is(inputs[0]);
  return false;
}

function hasOneShape({ inputs, outputs }: Operation): boolean {
  return inputs.every(({ dims }) => dims.join() === outputs[0]?.dims.join());
}

function keepsChannels({ inputs, outputs }: Operation): boolean {
  return inputs[0]?.dims.at(-1) === outputs[0]?.dims.at(-1);
}

function keepsPixels(size: readonly number[], input: TensorRef | undefined): boolean {
  return size.slice(0, -1).join() === input?.dims.slice(0, -1).join();
}

function lastAxis(input: TensorRef | undefined): number {
  return (input?.dims.length ?? 0) - 1;
}
