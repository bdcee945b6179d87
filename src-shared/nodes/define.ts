/** What a node type is: everything about it in one object, in one file. */
import type { Capabilities } from '../ir/capabilities';
import type { LayerBuilder } from '../ir/builder';
import type { Shape, TensorRef } from '../ir/types';
import type { ParamIssue, ParamSchema, ParamsOf } from '../params/field';
import type { Locale, Text } from '../texts/text';
import type { JsonObject } from '../util/json';
import type { Result } from '../util/result';

/** In the order of the palette. */
export const categories = [
  'input-output',
  'convolution',
  'pooling',
  'dense',
  'normalization',
  'activation',
  'regularization',
  'merge',
  'shape',
] as const;
export type Category = (typeof categories)[number];

/** Input ports: none, one named `in`, or ordered `in0`, `in1`, ... with at least `min` wired. */
export type InputPorts =
  | { readonly kind: 'none' }
  | { readonly kind: 'single' }
  | { readonly kind: 'variadic'; readonly min: number };

/** A mistake found while inferring shapes; the analyser adds the node. */
export interface InferIssue extends ParamIssue {
  readonly param?: string;
  readonly port?: string;
}

export interface LowerContext<P> {
  readonly b: LayerBuilder;
  readonly params: P;
  /** One per wired input, in port order. */
  readonly inputs: readonly TensorRef[];
  /** Training and inference differ for dropout and batch normalisation. */
  readonly isTraining: boolean;
  /** Which kernels the TensorFlow at hand has. */
  readonly capabilities: Capabilities;
}

export interface NodeExample {
  readonly inputs: readonly Shape[];
  readonly params: JsonObject;
}

export interface NodeDefinition<S extends ParamSchema = ParamSchema> {
  /** Keras's class name; the file bears it in kebab-case. */
  readonly type: string;
  readonly category: Category;
  /** Short, for palette and node. */
  readonly title: Text;
  /** What it does, in a sentence or two, for the inspector. */
  readonly doc: Text;
  readonly params: S;
  readonly inputs: InputPorts;
  readonly hasOutput: boolean;
  /** The parameter that decides how large output and weights are: where it shows that they are too large. */
  readonly sizedBy?: keyof S & string;
  /** One short line of the values that matter, for the node's box: `6 · 5×5 · same`. */
  summary(params: ParamsOf<S>, locale: Locale): string;
  /** Shape of one output sample from those of the inputs; never throws. */
  infer(params: ParamsOf<S>, inputs: readonly Shape[]): Result<Shape, readonly InferIssue[]>;
  /** The node as primitives; called only when `infer` succeeded. */
  lower(context: LowerContext<ParamsOf<S>>): TensorRef;
  /** For the conformance suite: each must infer, lower and train. */
  readonly examples: readonly NodeExample[];
}

/** Types a definition by its own parameters; the registry sees them all as NodeDefinition. */
export function defineNode<const S extends ParamSchema>(definition: NodeDefinition<S>): NodeDefinition<S> {
  return definition;
}
