/** Turns nodes into primitives; training and inference graphs of one network share its weights. */
import type { GraphBuilder, LayerBuilder, VariableHandle, WeightSpec } from '../ir/builder';
import { type Capabilities, everythingNative } from '../ir/capabilities';
import type { TensorRef } from '../ir/types';
import { weightRoles } from '../ir/weights';
import { type CompositeDefinition, isComposite, type NodeDefinition } from '../nodes/define';
import { builtIns, type Resolve } from '../nodes/resolve';
import type { ParamSchema, ParamsOf } from '../params/field';
import { invariant, required } from '../util/assert';
import { success } from '../util/result';
import { inputsByPort } from './infer';
import { walkParts } from './parts';
import { randomKey, type RandomSource } from './random-key';

export interface Weight {
  /** `conv2d_1/kernel`. */
  readonly name: string;
  readonly spec: WeightSpec;
  readonly variable: VariableHandle;
  /** Learned by gradients; moving statistics and frozen weights are not. */
  readonly isTrainable: boolean;
}

/** A node ready to be lowered: its parameters are parsed and its inputs fit. */
export interface NodeToLower {
  readonly id: string;
  readonly definition: NodeDefinition;
  readonly params: ParamsOf<ParamSchema>;
  /** Finds the types of the parts of blocks; absent where the registry's will do. */
  readonly resolve?: Resolve;
}

/** The weights of a network, in the order in which its nodes first ask for them. */
export class WeightStore {
  readonly #weights = new Map<string, Weight>();
  readonly #b: GraphBuilder;

  constructor(b: GraphBuilder) {
    this.#b = b;
  }

  get all(): readonly Weight[] {
    return [...this.#weights.values()];
  }

  of(node: string, spec: WeightSpec): Weight {
    const name = `${node}/${weightRoles[spec.role].name}`;
    const known = this.#weights.get(name);
    if (known) return known;
    const isTrainable = weightRoles[spec.role].isTrainable && spec.isTrainable !== false;
    const weight: Weight = {
      name,
      spec,
      isTrainable,
      variable: this.#b.variable(name, 'float32', spec.dims),
    };
    this.#weights.set(name, weight);
    return weight;
  }
}

/** One lowering of the network: for training, or for inference. */
export class LoweringPass {
  /** The tensor by which each weight enters this graph: where its gradient is collected. */
  readonly reads = new Map<string, TensorRef>();
  /** Operations that update moving statistics; a training step waits for them. */
  readonly movingUpdates: string[] = [];
  readonly #b: GraphBuilder;
  readonly #weights: WeightStore;
  readonly #random: RandomSource | null;
  readonly #capabilities: Capabilities;

  /** `random` is what keys randomness when training, and null for inference. */
  constructor(
    b: GraphBuilder,
    weights: WeightStore,
    random: RandomSource | null,
    capabilities = everythingNative,
  ) {
    this.#b = b;
    this.#weights = weights;
    this.#random = random;
    this.#capabilities = capabilities;
  }

  /** Parts of a block own weights and randomness under ids like `residual_block_1/conv1`. */
  lower(node: NodeToLower, inputs: readonly TensorRef[]): TensorRef {
    return this.#lowerWithin(node.id, node, inputs);
  }

  #lowerWithin(scope: string, node: NodeToLower, inputs: readonly TensorRef[]): TensorRef {
    const { id, definition, params } = node;
    const isTraining = this.#random !== null;
    const capabilities = this.#capabilities;
    return this.#b.within(scope, () =>
      isComposite(definition)
        ? this.#lowerParts({ ...node, definition }, inputs)
        : definition.lower({ b: this.#layerBuilder(id), params, inputs, isTraining, capabilities }),
    );
  }

  #lowerParts(
    {
      id,
      definition,
      params,
      resolve = builtIns,
    }: NodeToLower & { readonly definition: CompositeDefinition },
    inputs: readonly TensorRef[],
  ): TensorRef {
    const shapes = inputs.map(({ dims }) => dims.slice(1));
    const graph = definition.parts(params, shapes);
    invariant(graph.ok, `${id} is lowered with mistakes`);
    const { values } = walkParts(resolve, graph.value, inputsByPort(definition, inputs), (ready, sources) => {
      const part = { id: `${id}/${ready.part.id}`, resolve, ...ready };
      return success(this.#lowerWithin(ready.part.id, part, sources));
    });
    return required(values.get(graph.value.output), `the output of ${id}`);
  }

  #layerBuilder(node: string): LayerBuilder {
    const b = this.#b;
    return {
      op: b.op.bind(b),
      ops: b.ops.bind(b),
      constant: b.constant.bind(b),
      float: b.float.bind(b),
      weight: (spec) => this.#read(this.#weights.of(node, spec)),
      updateMoving: (spec, value, momentum) =>
        this.#updateMoving(this.#weights.of(node, spec), value, momentum),
      randomKey: () => this.#randomKey(node),
    };
  }

  #read({ name, spec, variable }: Weight): TensorRef {
    const known = this.reads.get(name);
    if (known) return known;
    const read = this.#b.op('ReadVariableOp', [variable.handle], { dtype: 'float32', dims: spec.dims });
    this.reads.set(name, read);
    return read;
  }

  /** moving -= (moving - value) * (1 - momentum), which is momentum * moving + (1 - momentum) * value. */
  #updateMoving(weight: Weight, value: TensorRef, momentum: number): void {
    const b = this.#b;
    const difference = b.op('Sub', [this.#read(weight), value], {});
    const change = b.op('Mul', [difference, b.float(1 - momentum)], {});
    this.movingUpdates.push(b.effect('AssignSubVariableOp', [weight.variable.handle, change], {}).name);
  }

  #randomKey(node: string): TensorRef {
    invariant(this.#random, `${node} draws random numbers at inference`);
    return randomKey(this.#b, this.#random, node);
  }
}
