/** The roles that weights have in their nodes: their names, and how training treats them. */
import type { InitializerSpec } from './initializers';
import type { Dims } from './types';

interface RoleFacts {
  /** Last part of the weight's name, in Keras's words. */
  readonly name: string;
  /** Learned by gradients; moving statistics are not. */
  readonly isTrainable: boolean;
  /** Weight decay shrinks kernels only. */
  readonly isKernel: boolean;
}

const learned = { isTrainable: true, isKernel: false };
const kernel = { isTrainable: true, isKernel: true };
const statistic = { isTrainable: false, isKernel: false };

export const weightRoles = {
  kernel: { name: 'kernel', ...kernel },
  depthwiseKernel: { name: 'depthwise_kernel', ...kernel },
  pointwiseKernel: { name: 'pointwise_kernel', ...kernel },
  bias: { name: 'bias', ...learned },
  gamma: { name: 'gamma', ...learned },
  beta: { name: 'beta', ...learned },
  alpha: { name: 'alpha', ...learned },
  movingMean: { name: 'moving_mean', ...statistic },
  movingVariance: { name: 'moving_variance', ...statistic },
} as const satisfies Record<string, RoleFacts>;

export type WeightRole = keyof typeof weightRoles;

/** Penalty on a kernel in the training loss: l1 * sum |w| + l2 * sum w^2. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

/** How a weight is made. */
export interface WeightSpec {
  readonly role: WeightRole;
  readonly dims: Dims;
  readonly initializer: InitializerSpec;
  /** False where the user froze the node; absent means as the role has it. */
  readonly isTrainable?: boolean;
  /** Absent where nothing is asked of the weight but to make the loss small. */
  readonly regularizer?: Regularizer;
}
