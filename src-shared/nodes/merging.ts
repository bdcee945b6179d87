/** What merging nodes share: equal shapes, the mistake where they are not, and chains of two-operand primitives. */
import { formatShape, sameDims } from '../ir/shape';
import type { LayerBuilder } from '../ir/builder';
import type { Shape, TensorRef } from '../ir/types';
import { required } from '../util/assert';
import { failure, type Result, success } from '../util/result';
import type { InferIssue, NodeExample } from './define';

/**
 * Input `index` does not fit the first one. `first` and `second` name ports; the analyser puts the names of the nodes
 * that feed them in their place.
 */
export function mismatch(
  code: 'shape/mismatch' | 'shape/mismatch-but-channels' | 'shape/mismatch-broadcast',
  inputs: readonly Shape[],
  index: number,
): InferIssue {
  const port = `in${index}`;
  const args = {
    first: 'in0',
    firstShape: formatShape(inputs[0] ?? []),
    second: port,
    secondShape: formatShape(inputs[index] ?? []),
  };
  return { code, args, port };
}

/** The one shape of all inputs, or an issue for each that differs from the first. */
export function inferEqual(inputs: readonly Shape[]): Result<Shape, readonly InferIssue[]> {
  const first = required(inputs[0], 'the first input');
  const issues = inputs.flatMap((shape, i) =>
    sameDims(shape, first) ? [] : [mismatch('shape/mismatch', inputs, i)],
  );
  return issues.length > 0 ? failure(issues) : success(first);
}

/** ((a op b) op c) op ... */
export function chain(b: LayerBuilder, op: 'Mul' | 'Maximum', inputs: readonly TensorRef[]): TensorRef {
  return inputs.reduce((merged, input) => b.op(op, [merged, input], {}));
}

/** The sum of any number of tensors. */
export function sum(b: LayerBuilder, inputs: readonly TensorRef[]): TensorRef {
  const [first, second] = inputs;
  return inputs.length === 2 && first && second
    ? b.op('AddV2', [first, second], {})
    : b.op('AddN', inputs, {});
}

/** Two images, and three vectors. */
export const equalExamples: readonly NodeExample[] = [
  {
    inputs: [
      [4, 4, 3],
      [4, 4, 3],
    ],
    params: {},
  },
  { inputs: [[5], [5], [5]], params: {} },
];
