/** One node, lowered by itself for inference, with values and weights in hand. */
import { LoweringPass, WeightStore } from '@shared/compile/lower';
import { differentiate } from '@shared/compile/differentiate';
import { GraphBuilder } from '@shared/ir/builder';
import { type Capabilities, everythingNative } from '@shared/ir/capabilities';
import type { Dims, Shape, TensorRef } from '@shared/ir/types';
import { withBatch } from '@shared/ir/shape';
import { nodeTypes } from '@shared/nodes';
import { parseParams } from '@shared/params/fields';
import type { JsonObject } from '@shared/util/json';
import { required } from '@shared/util/assert';
import { float32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { expectOk, load, sample, size } from './graph-session';

const BATCH_SIZE = 2;

export interface Values {
  readonly dims: Dims;
  readonly values: Float32Array;
}

export interface Outcome {
  readonly inputs: readonly Values[];
  /** By the last part of their names. */
  readonly weights: ReadonlyMap<string, Values>;
  readonly output: Values;
  /** Of sum(output^2), by the inputs and then by the weights. */
  readonly gradients: readonly Float32Array[];
}

/** Runs a node on two samples that look random; weights too, so that zeros and ones hide nothing. */
export async function runNode(
  runtime: Runtime,
  type: string,
  params: JsonObject,
  shapes: readonly Shape[],
  capabilities: Capabilities = everythingNative,
): Promise<Outcome> {
  const definition = required(nodeTypes.get(type), type);
  const { values, issues } = parseParams(definition.params, params);
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  const inferred = expectOk(definition.infer(values, shapes));
  const b = new GraphBuilder();
  const store = new WeightStore(b);
  const pass = new LoweringPass(b, store, null, capabilities);
  const placeholder = (name: string, dims: Dims) =>
    b.op('Placeholder', [], { dtype: 'float32', dims }, { name });
  const images = shapes.map((shape, i) => placeholder(`x${i}`, withBatch(shape)));
  const output = pass.lower({ id: 'node_1', definition, params: values }, images);
  const total = b.op('Sum', [b.op('Square', [output], {})], {
    axes: output.dims.map((_, axis) => axis),
    keepDims: false,
  });
  const reads = store.all.map(({ name }) => required(pass.reads.get(name), name));
  const gradients = differentiate(b, total, [...images, ...reads]);
  const weights = store.all.map(({ name, spec, variable }, i) => {
    const value = placeholder(`value${i}`, spec.dims);
    const { name: assigned } = b.effect('AssignVariableOp', [variable.handle, value], {});
    const given = { dims: spec.dims, values: sample(size(spec.dims), 40 + i) };
    return { role: name.slice(name.indexOf('/') + 1), value, assigned, given };
  });
  const done = b.op('Identity', [b.float(0)], {}, { after: weights.map(({ assigned }) => assigned) });
  const session = await load(runtime, b);
  await session.run(
    weights.map(({ value, given }) => [value, float32(given.values, given.dims)] as const),
    [done],
  );
  const inputs = shapes.map((shape, i) => {
    const dims = [BATCH_SIZE, ...shape];
    return { dims, values: sample(size(dims), 7 + i) };
  });
  const feeds = images.map((ref: TensorRef, i) => {
    const { dims, values: fed } = required(inputs[i], 'an input');
    return [ref, float32(fed, dims)] as const;
  });
  const [result, ...found] = await session.run(feeds, [output, ...gradients]);
  session.session.dispose();
  return {
    inputs,
    weights: new Map(weights.map(({ role, given }) => [role, given])),
    output: { dims: [BATCH_SIZE, ...inferred], values: Float32Array.from(result ?? []) },
    gradients: found.map((each) => Float32Array.from(each)),
  };
}
