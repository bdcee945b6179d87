/** What a node type is: everything about it in one object, in one file. */
import type { BlockGraph } from '../document/types';
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
  'blocks',
] as const;
export type Category = (typeof categories)[number];

/** Input ports: none, one named `in`, ordered `in0`, `in1`, ... with at least `min` wired, or each with its own name. */
export type InputPorts =
  | { readonly kind: 'none' }
  | { readonly kind: 'single' }
  | { readonly kind: 'named'; readonly ports: readonly string[] }
  | { readonly kind: 'variadic'; readonly min: number };

/** A mistake found while inferring shapes; the analyser adds the node. */
export interface InferIssue extends ParamIssue {
  readonly param?: string;
  readonly port?: string;
  /** Where in a block: `conv1`, or `residual1/conv1` for a block inside it. */
  readonly part?: string;
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

interface NodeBase<S extends ParamSchema> {
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
  /** For the conformance suite: each must infer, lower and train. */
  readonly examples: readonly NodeExample[];
}

/** A node that is lowered into primitives. */
export interface LayerDefinition<S extends ParamSchema = ParamSchema> extends NodeBase<S> {
  /** Shape of one output sample from those of the inputs; never throws. */
  infer(params: ParamsOf<S>, inputs: readonly Shape[]): Result<Shape, readonly InferIssue[]>;
  /** The node as primitives; called only when `infer` succeeded. */
  lower(context: LowerContext<ParamsOf<S>>): TensorRef;
}

/** A block: a node that stands for other nodes. compile/parts.ts goes through them. */
export interface CompositeDefinition<S extends ParamSchema = ParamSchema> extends NodeBase<S> {
  /** What it consists of for these parameters and shapes; never throws. */
  parts(params: ParamsOf<S>, inputs: readonly Shape[]): Result<BlockGraph, readonly InferIssue[]>;
  /** The block's parameter that decides this one of a part: where its mistakes show. By name where absent. */
  paramOf?(part: string, param: string): string | undefined;
}

export type NodeDefinition<S extends ParamSchema = ParamSchema> = LayerDefinition<S> | CompositeDefinition<S>;

export function isComposite<S extends ParamSchema>(
  definition: NodeDefinition<S>,
): definition is CompositeDefinition<S> {
  return 'parts' in definition;
}

/** Types a definition by its own parameters; the registry sees them all as NodeDefinition. */
export function defineNode<const S extends ParamSchema>(definition: LayerDefinition<S>): LayerDefinition<S> {
  return definition;
}

/** Types a block by its own parameters. */
export function defineBlock<const S extends ParamSchema>(
  definition: CompositeDefinition<S>,
): CompositeDefinition<S> {
  return definition;
}
