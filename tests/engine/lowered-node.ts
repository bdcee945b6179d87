/** One node in a session of its own, with its values, weights and gradients in hand. */
import { differentiate } from '@shared/compile/differentiate';
import { inferNode } from '@shared/compile/infer';
import { LoweringPass, WeightStore } from '@shared/compile/lower';
import { GraphBuilder } from '@shared/ir/builder';
import { type Capabilities, everythingNative } from '@shared/ir/capabilities';
import { initialValue } from '@shared/ir/initializers';
import { withBatch } from '@shared/ir/shape';
import { BATCH, type Dims, type Shape, type TensorRef } from '@shared/ir/types';
import { nodeTypes } from '@shared/nodes';
import { ints } from '@shared/ops/primitive';
import { builtIns } from '@shared/nodes/resolve';
import { parseParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { float32, int32Scalar, type Runtime, type Tensor } from '../../src-main/engine/runtime/runtime';
import { expectOk, type GraphSession, load, sample, size } from './graph-session';

export interface Values {
  readonly dims: Dims;
  readonly values: Float32Array;
}

export interface Outcome {
  readonly output: Values;
  /** Of sum(output^2), by the inputs and then by the weights that are trained. */
  readonly gradients: readonly Float32Array[];
}

interface Mode {
  readonly capabilities?: Capabilities;
  readonly isTraining?: boolean;
}

interface WeightAccess {
  readonly dims: Dims;
  readonly read: TensorRef;
  readonly value: TensorRef;
  readonly assigned: TensorRef;
}

export class NodeSession {
  readonly weights = new Map<string, WeightAccess>();
  #session: GraphSession | undefined;

  private constructor(
    readonly images: readonly TensorRef[],
    readonly output: TensorRef,
    readonly gradients: readonly TensorRef[],
    readonly initialized: TensorRef,
    readonly random: readonly TensorRef[],
  ) {}

  /** The node for inputs of the given shapes, with initial values of the given seed. */
  static async open(
    runtime: Runtime,
    type: string,
    params: JsonObject,
    shapes: readonly Shape[],
    { capabilities = everythingNative, isTraining = false }: Mode = {},
    seed = 1,
  ): Promise<NodeSession> {
    const definition = required(nodeTypes.get(type), type);
    const { values, issues } = parseParams(definition.params, params);
    if (issues.length > 0) throw new Error(JSON.stringify(issues));
    expectOk(inferNode(builtIns, definition, values, shapes));
    const b = new GraphBuilder();
    const store = new WeightStore(b);
    const [step, seedOfStep] = ['step', 'seed'].map((name) =>
      b.op('Placeholder', [], { dtype: 'int32', dims: [] }, { name }),
    );
    const random = { step: required(step, 'step'), seed: required(seedOfStep, 'seed') };
    const pass = new LoweringPass(b, store, isTraining ? random : null, capabilities);
    const images = shapes.map((shape, i) =>
      b.op('Placeholder', [], { dtype: 'float32', dims: withBatch(shape) }, { name: `x${i}` }),
    );
    const lowered = pass.lower({ id: 'node_1', definition, params: values }, images);
    const output = b.op('Identity', [lowered], {}, { after: pass.movingUpdates });
    const axes = lowered.dims.map((_, axis) => axis);
    const total = b.op('Sum', [b.op('Square', [lowered], {})], { axes, keepDims: false });
    const learned = store.all.filter(({ isTrainable }) => isTrainable);
    const reads = learned.map(({ name }) => required(pass.reads.get(name), name));
    // In inference mode normalisation has no gradient rule.
    const canDifferentiate = isTraining || !b.graph.operations.some(({ op }) => op === 'FusedBatchNormV3');
    const gradients = canDifferentiate ? differentiate(b, total, [...images, ...reads]) : [];
    const key = b.constant(ints([seed, 2]));
    const after = store.all.map(({ spec, variable }) => {
      const initial = initialValue(b, spec.dims, spec.initializer, key);
      return b.effect('AssignVariableOp', [variable.handle, initial], {}).name;
    });
    const initialized = b.op('Identity', [b.float(0)], {}, { after });
    const opened = new NodeSession(images, output, gradients, initialized, [random.step, random.seed]);
    for (const { name, spec, variable } of store.all) {
      const { dims } = spec;
      const value = b.op('Placeholder', [], { dtype: 'float32', dims }, { name: `value/${name}` });
      const { name: assignment } = b.effect('AssignVariableOp', [variable.handle, value], {});
      const assigned = b.op('Identity', [b.float(0)], {}, { after: [assignment] });
      const read = b.op('ReadVariableOp', [variable.handle], { dtype: 'float32', dims });
      opened.weights.set(name.slice(name.indexOf('/') + 1), { dims, read, value, assigned });
    }
    opened.#session = await load(runtime, b);
    await opened.#run([], [initialized]);
    return opened;
  }

  async write(weight: string, values: Float32Array): Promise<void> {
    const { value, dims, assigned } = required(this.weights.get(weight), weight);
    await this.#run([[value, float32(values, dims)]], [assigned]);
  }

  async read(weight: string): Promise<Float32Array> {
    const [values] = await this.#run([], [required(this.weights.get(weight), weight).read]);
    return Float32Array.from(values ?? []);
  }

  async run(inputs: readonly Values[]): Promise<Outcome> {
    const feeds = this.images.map((ref, i) => {
      const { dims, values } = required(inputs[i], `input ${i}`);
      return [ref, float32(values, dims)] as const;
    });
    const random = this.random.map((ref) => [ref, int32Scalar(1)] as const);
    const [output, ...gradients] = await this.#run([...feeds, ...random], [this.output, ...this.gradients]);
    const batch = inputs[0]?.dims[0] ?? 0;
    const dims = this.output.dims.map((each) => (each === BATCH ? batch : each));
    return {
      output: { dims, values: Float32Array.from(output ?? []) },
      gradients: gradients.map((each) => Float32Array.from(each)),
    };
  }

  dispose(): void {
    this.#session?.session.dispose();
  }

  #run(feeds: readonly (readonly [TensorRef, Tensor])[], fetches: readonly TensorRef[]) {
    return required(this.#session, 'a session').run(feeds, fetches);
  }
}

const BATCH_SIZE = 2;

/** Two samples through a node, all of it numbers that look random; weights too, so that zeros and ones hide nothing. */
export async function runNode(
  runtime: Runtime,
  type: string,
  params: JsonObject,
  shapes: readonly Shape[],
  capabilities: Capabilities = everythingNative,
): Promise<Outcome & { readonly inputs: readonly Values[]; readonly weights: ReadonlyMap<string, Values> }> {
  const session = await NodeSession.open(runtime, type, params, shapes, { capabilities });
  const given = (dims: Dims, seed: number): Values => ({ dims, values: sample(size(dims), seed) });
  const weights = new Map([...session.weights].map(([name, { dims }], i) => [name, given(dims, 40 + i)]));
  for (const [name, { values }] of weights) await session.write(name, values);
  const inputs = shapes.map((shape, i) => given([BATCH_SIZE, ...shape], 7 + i));
  const outcome = await session.run(inputs);
  session.dispose();
  return { ...outcome, inputs, weights };
}
