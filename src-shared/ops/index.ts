/** The closed set of primitives: a new one is one const in a theme file, and nothing else. */
import * as activation from './activation';
import * as augmentation from './augmentation';
import * as blocks from './blocks';
import * as convolution from './convolution';
import * as control from './control';
import * as depthwise from './depthwise-convolution';
import * as loss from './loss';
import * as math from './math';
import * as normalization from './normalization';
import * as pooling from './pooling';
import type { Primitive } from './primitive';
import * as random from './random';
import * as reduce from './reduce';
import * as resize from './resize';
import * as shape from './shape';
import * as state from './state';

export const ops = {
  ...math,
  ...reduce,
  ...activation,
  ...augmentation,
  ...convolution,
  ...depthwise,
  ...blocks,
  ...resize,
  ...loss,
  ...pooling,
  ...normalization,
  ...shape,
  ...random,
  ...state,
  ...control,
};

export type OpName = keyof typeof ops;
/** Attributes of an operation; of several, the union. */
export type OpAttributes<N extends OpName> = N extends OpName
  ? (typeof ops)[N] extends Primitive<infer A>
    ? A
    : never
  : never;

/**
 * The primitive of an operation, to be given that operation's own attributes: `GraphBuilder.effect` is where name and
 * attributes are joined, and its signature checks that they belong together.
 */
export function primitiveOf(op: OpName): Primitive<OpAttributes<OpName>> {
  return ops[op] as Primitive<OpAttributes<OpName>>;
}
