/** Activations with fused TensorFlow kernels, each beside its gradient kernel. */
import type { NoAttributes, Primitive } from './primitive';
import { allSame, at, sameAsFirst, typeOfFirst } from './rules';

const gradientKernel = (op: string): Primitive<NoAttributes> => ({
  op,
  infer: allSame,
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: typeOfFirst,
});

/** Gradient 0 at 0, as everywhere. */
export const Relu: Primitive<NoAttributes> = {
  op: 'Relu',
  infer: sameAsFirst,
  // The kernel accepts the output in place of the input, whose memory can then be freed.
  gradient: ({ b, outputs, gradient }) => [b.op('ReluGrad', [gradient, at(outputs, 0)], {})],
  nodeDef: typeOfFirst,
};
export const ReluGrad = gradientKernel('ReluGrad');

export const Sigmoid: Primitive<NoAttributes> = {
  op: 'Sigmoid',
  infer: sameAsFirst,
  gradient: ({ b, outputs, gradient }) => [b.op('SigmoidGrad', [at(outputs, 0), gradient], {})],
  nodeDef: typeOfFirst,
};
export const SigmoidGrad = gradientKernel('SigmoidGrad');

export const Tanh: Primitive<NoAttributes> = {
  op: 'Tanh',
  infer: sameAsFirst,
  gradient: ({ b, outputs, gradient }) => [b.op('TanhGrad', [at(outputs, 0), gradient], {})],
  nodeDef: typeOfFirst,
};
export const TanhGrad = gradientKernel('TanhGrad');

interface Slope {
  readonly alpha: number;
}

export const LeakyRelu: Primitive<Slope> = {
  op: 'LeakyRelu',
  infer: sameAsFirst,
  // No slope is negative, so the output has the input's sign. With the input here, TensorFlow's remapper fails to fuse.
  gradient: ({ b, outputs, gradient, attributes }) => [
    b.op('LeakyReluGrad', [gradient, at(outputs, 0)], attributes),
  ],
  nodeDef: ({ alpha }, inputs) => ({ T: { type: at(inputs, 0).dtype }, alpha: { float: alpha } }),
};
export const LeakyReluGrad: Primitive<Slope> = {
  op: 'LeakyReluGrad',
  infer: allSame,
  gradient: { nonDifferentiable: 'second derivatives are not needed' },
  nodeDef: ({ alpha }, inputs) => ({ T: { type: at(inputs, 0).dtype }, alpha: { float: alpha } }),
};

/** d/dx = (g - sum(g * y)) * y along the last axis. */
export const Softmax: Primitive<NoAttributes> = {
  op: 'Softmax',
  infer: sameAsFirst,
  gradient: ({ b, outputs, gradient }) => {
    const y = at(outputs, 0);
    const weighted = b.op('Mul', [gradient, y], {});
    const total = b.op('Sum', [weighted], { axes: [y.dims.length - 1], keepDims: true });
    return [b.op('Mul', [b.op('Sub', [gradient, total], {}), y], {})];
  },
  nodeDef: typeOfFirst,
};

/** log(1 + exp(x)), exact for large and small x. */
export const Softplus: Primitive<NoAttributes> = {
  op: 'Softplus',
  infer: sameAsFirst,
  gradient: ({ b, inputs, gradient }) => [b.op('Mul', [gradient, b.op('Sigmoid', [at(inputs, 0)], {})], {})],
  nodeDef: typeOfFirst,
};
