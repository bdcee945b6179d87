/** Losses with fused TensorFlow kernels, and what turns labels into numbers and figures. */
import { floatScalar, type GradientRule, intScalar, type NoAttributes, type Primitive } from './primitive';
import { at } from './rules';

/** The kernel gives the gradient by the logits along with the loss. */
const gradientOutput: GradientRule<NoAttributes> = ({ b, outputs, gradient }) => [
  b.op('Mul', [b.op('Reshape', [gradient], { dims: [...gradient.dims, 1] }), at(outputs, 1)], {}),
  null,
];

/** Inputs: logits float32 [n, classes], labels int32 [n]. Outputs: loss [n], and its gradient by the logits. */
export const SparseSoftmaxCrossEntropyWithLogits: Primitive<NoAttributes> = {
  op: 'SparseSoftmaxCrossEntropyWithLogits',
  infer: (inputs) => {
    const [logits, labels] = [at(inputs, 0), at(inputs, 1)];
    return [
      { dtype: logits.dtype, dims: labels.dims },
      { dtype: logits.dtype, dims: logits.dims },
    ];
  },
  gradient: gradientOutput,
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype }, Tlabels: { type: at(inputs, 1).dtype } }),
};

/** Inputs: logits and targets, both float32 [n, classes]. Outputs: loss [n], and its gradient by the logits. */
export const SoftmaxCrossEntropyWithLogits: Primitive<NoAttributes> = {
  op: 'SoftmaxCrossEntropyWithLogits',
  infer: (inputs) => {
    const { dtype, dims } = at(inputs, 0);
    return [
      { dtype, dims: dims.slice(0, 1) },
      { dtype, dims },
    ];
  },
  gradient: gradientOutput,
  nodeDef: (_, inputs) => ({ T: { type: at(inputs, 0).dtype } }),
};

/** Input: labels int32 [n]. Output: float32 [n, depth], `on` at the label and `off` elsewhere. */
export const OneHot: Primitive<{ readonly depth: number; readonly on: number; readonly off: number }> = {
  op: 'OneHot',
  infer: (inputs, { depth }) => [{ dtype: 'float32', dims: [...at(inputs, 0).dims, depth] }],
  gradient: { nonDifferentiable: 'is made of labels' },
  nodeDef: () => ({ T: { type: 'float32' }, TI: { type: 'int32' }, axis: { int: -1 } }),
  literals: ({ depth, on, off }) => [
    { position: 1, literal: intScalar(depth) },
    { position: 2, literal: floatScalar(on) },
    { position: 3, literal: floatScalar(off) },
  ],
};

/** Inputs: logits float32 [n, classes], labels int32 [n]. Output: whether fewer than k values are larger than the label's. */
export const InTopKV2: Primitive<{ readonly k: number }> = {
  op: 'InTopKV2',
  infer: (inputs) => [{ dtype: 'bool', dims: at(inputs, 1).dims }],
  gradient: { nonDifferentiable: 'gives truth values' },
  nodeDef: () => ({ T: { type: 'int32' } }),
  literals: ({ k }) => [{ position: 2, literal: intScalar(k) }],
};
