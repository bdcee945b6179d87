/** What is known of a node apart from where it stands, and is remembered: shape, cost, mistakes, parts of a block. */
import { BLOCK_TYPE } from '../document/blocks';
import type { GraphDocument } from '../document/types';
import { elementsPerSample, formatShape } from '../ir/shape';
import type { Shape } from '../ir/types';
import { type CompositeDefinition, type InferIssue, isComposite, type NodeDefinition } from '../nodes/define';
import { type Resolve, resolverOf } from '../nodes/resolve';
import type { ParamSchema, ParamsOf } from '../params/field';
import { failure, success, type Result } from '../util/result';
import type { PartAnalysis } from './analysis';
import { costOf, costOfParts, type NodeCost, noReach, type Reach, reachThrough } from './cost';
import { inferParts } from './infer';
import type { ReadyPart } from './parts';

export interface NodeFacts {
  readonly shape?: Shape;
  readonly cost?: NodeCost;
  readonly issues: readonly InferIssue[];
  /** Parts of a block, as far as they could be looked at. */
  readonly children?: readonly PartAnalysis[];
  /** Layers that the node stands for. */
  readonly layers: number;
}

type Params = ParamsOf<ParamSchema>;

/** Limit of TensorFlow's 32-bit indices. */
const MAX_ELEMENTS = 2 ** 31 - 1;
/** Repetitions multiply: a few clicks would make graphs that no machine can hold. */
const MAX_LAYERS = 5000;
/** About a kilobyte each; a hundred changes of the shape of the images of a large network. */
const MAX_REMEMBERED = 32_768;

/** Facts of nodes by type, parameters and input shapes; one for each open document. */
export class FactsStore {
  readonly #remembered = new Map<string, NodeFacts>();
  /** The user's blocks change as a whole: facts of nodes that stand for them hold for one state of them. */
  readonly #states = new WeakMap<GraphDocument['blocks'], number>();
  #stateCount = 0;
  readonly #texts = new WeakMap<Params, string>();

  /** The facts of nodes of a document with these blocks. */
  of(
    blocks: GraphDocument['blocks'],
  ): (node: Omit<ReadyPart, 'part'>, inputs: readonly Shape[]) => NodeFacts {
    if (this.#remembered.size > MAX_REMEMBERED) this.#remembered.clear();
    const state = this.#states.get(blocks) ?? ++this.#stateCount;
    this.#states.set(blocks, state);
    const resolve = resolverOf(blocks);
    return ({ definition, params }, inputs) => this.#factsOf(definition, params, inputs, { state, resolve });
  }

  #factsOf(
    definition: NodeDefinition,
    params: Params,
    inputs: readonly Shape[],
    context: { readonly state: number; readonly resolve: Resolve },
  ): NodeFacts {
    const { type } = definition;
    const state = type === BLOCK_TYPE ? context.state : '';
    const key = `${type} ${inputs.map((shape) => shape.join()).join(' ')} ${state} ${this.#textOf(params)}`;
    const known = this.#remembered.get(key);
    if (known) return known;
    const facts = isComposite(definition)
      ? blockFacts(context.resolve, definition, params, inputs, (ready, shapes) =>
          this.#factsOf(ready.definition, ready.params, shapes, context),
        )
      : layerFacts(definition.infer(params, inputs), definition, params, inputs);
    this.#remembered.set(key, facts);
    return facts;
  }

  #textOf(params: Params): string {
    const known = this.#texts.get(params);
    if (known !== undefined) return known;
    const text = JSON.stringify(params);
    this.#texts.set(params, text);
    return text;
  }
}

function layerFacts(
  inferred: Result<Shape, readonly InferIssue[]>,
  definition: NodeDefinition,
  params: Params,
  inputs: readonly Shape[],
): NodeFacts {
  const layers = 1;
  if (!inferred.ok) return { issues: inferred.error, layers };
  const tooLarge = (code: 'shape/too-large' | 'shape/weights-too-large', shape: Shape): NodeFacts => {
    const { sizedBy: param } = definition;
    const place = param === undefined ? {} : { param };
    return { issues: [{ code, args: { shape: formatShape(shape) }, ...place }], layers };
  };
  if (elementsPerSample(inferred.value) > MAX_ELEMENTS) return tooLarge('shape/too-large', inferred.value);
  const cost = costOf({ id: definition.type, definition, params }, inputs);
  const weight = cost.largestWeight ?? [];
  if (elementsPerSample(weight) > MAX_ELEMENTS) return tooLarge('shape/weights-too-large', weight);
  return { shape: inferred.value, cost, issues: [], layers };
}

function blockFacts(
  resolve: Resolve,
  definition: CompositeDefinition,
  params: Params,
  inputs: readonly Shape[],
  factsOfPart: (ready: ReadyPart, inputs: readonly Shape[]) => NodeFacts,
): NodeFacts {
  const children: PartAnalysis[] = [];
  const costs: NodeCost[] = [];
  let layers = 0;
  const visit = (ready: ReadyPart, sources: readonly Flowing[]): Result<Flowing, readonly InferIssue[]> => {
    const facts = factsOfPart(
      ready,
      sources.map(({ shape }) => shape),
    );
    layers += facts.layers;
    children.push(partAnalysis(ready, facts));
    if (facts.cost) costs.push(facts.cost);
    if (facts.shape === undefined) return failure(facts.issues);
    const reach = reachThrough(
      sources.flatMap((source) => source.reach ?? []),
      facts.cost?.reach,
    );
    return success({ shape: facts.shape, reach });
  };
  const entering = inputs.map((shape): Flowing => ({ shape, reach: noReach }));
  const inferred = inferParts(resolve, { definition, params }, entering, visit, ({ shape }) => shape);
  if (layers > MAX_LAYERS) {
    const args = { count: layers, max: MAX_LAYERS };
    return { issues: [{ code: 'block/too-many-parts', args }], layers };
  }
  if (!inferred.ok) return { issues: inferred.error, children, layers };
  const { shape, reach } = inferred.value;
  return { shape, cost: costOfParts(costs, reach), issues: [], children, layers };
}

/** What goes from part to part. */
interface Flowing {
  readonly shape: Shape;
  readonly reach: Reach | undefined;
}

function partAnalysis({ part }: ReadyPart, { shape, cost, children }: NodeFacts): PartAnalysis {
  return {
    id: part.id,
    type: part.type,
    name: part.name ?? part.id,
    ...(shape && { outputShape: shape }),
    ...costFigures(cost),
    ...(children && { children }),
  };
}

/** The figures of a node that are shown; nothing costs nothing. */
export function costFigures(cost: NodeCost | undefined) {
  const { params = 0, trainableParams = 0, macs = 0, activationBytes = 0 } = cost ?? {};
  return { params, trainableParams, macs, activationBytes };
}
