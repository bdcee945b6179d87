/** Fused batch normalisation (Ioffe and Szegedy, 2015), NHWC. */
import type { TensorType } from '../ir/types';
import { invariant } from '../util/assert';
import type { AttributeValue, Primitive } from './primitive';
import { at } from './rules';

export interface BatchNormAttributes {
  readonly epsilon: number;
  readonly isTraining: boolean;
}

function batchNormNodeDef(
  { epsilon, isTraining }: BatchNormAttributes,
  inputs: readonly TensorType[],
): Record<string, AttributeValue> {
  return {
    T: { type: at(inputs, 0).dtype },
    U: { type: 'float32' },
    epsilon: { float: epsilon },
    is_training: { bool: isTraining },
    data_format: { string: 'NHWC' },
  };
}

/**
 * Inputs: x [n, h, w, c], scale, offset, mean, variance [c]; when training, mean and variance must be empty.
 * Outputs: y, batch mean, batch variance (unbiased: it normalises with the biased one), and three tensors for the
 * gradient, the last of a shape that the kernel chooses.
 */
export const FusedBatchNormV3: Primitive<BatchNormAttributes> = {
  op: 'FusedBatchNormV3',
  infer(inputs) {
    const [x, scale] = [at(inputs, 0), at(inputs, 1)];
    const { dtype, dims } = scale;
    const statistics = { dtype, dims };
    return [
      { dtype: x.dtype, dims: x.dims },
      statistics,
      statistics,
      statistics,
      statistics,
      { dtype, dims: [0] },
    ];
  },
  gradient({ b, inputs, outputs, gradient, attributes }) {
    invariant(attributes.isTraining, 'batch normalisation in inference mode has no gradient rule');
    const kernel = b.ops(
      'FusedBatchNormGradV3',
      [gradient, at(inputs, 0), at(inputs, 1), at(outputs, 3), at(outputs, 4), at(outputs, 5)],
      attributes,
    );
    return [at(kernel, 0), at(kernel, 1), at(kernel, 2), null, null];
  },
  nodeDef: batchNormNodeDef,
};

/** Inputs: gradient of y, x, scale, the forward kernel's outputs 3 to 5. Outputs: gradients of x, scale, offset, and two unused. */
export const FusedBatchNormGradV3: Primitive<BatchNormAttributes> = {
  op: 'FusedBatchNormGradV3',
  infer(inputs) {
    const [x, scale] = [at(inputs, 1), at(inputs, 2)];
    const { dtype, dims } = scale;
    const unused = { dtype, dims: [0] };
    return [{ dtype: x.dtype, dims: x.dims }, { dtype, dims }, { dtype, dims }, unused, unused];
  },
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: batchNormNodeDef,
};
