/** Every node type through its own examples: parameters, inference against TensorFlow, lowering, and a step of training. */
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileDocument } from '@shared/compile/compile';
import { inferNode } from '@shared/compile/infer';
import { LoweringPass, type NodeToLower, WeightStore } from '@shared/compile/lower';
import type { GraphDocument } from '@shared/document/types';
import { GraphBuilder } from '@shared/ir/builder';
import type { Capabilities } from '@shared/ir/capabilities';
import { initialValue } from '@shared/ir/initializers';
import { withBatch } from '@shared/ir/shape';
import type { Shape, TensorRef } from '@shared/ir/types';
import { nodeList } from '@shared/nodes';
import type { NodeDefinition, NodeExample } from '@shared/nodes/define';
import { builtIns } from '@shared/nodes/resolve';
import { ints } from '@shared/ops/primitive';
import { parseParams } from '@shared/params/fields';
import type { JsonObject } from '@shared/util/json';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, int32Scalar, type Runtime } from '../../src-main/engine/runtime/runtime';
import { documentAround } from './document-around';
import { cpuRuntime, expectOk, load, numbers, ProgramSession, sample, size } from './graph-session';

const BATCH_SIZE = 2;

interface Case {
  readonly name: string;
  readonly definition: NodeDefinition;
  readonly example: NodeExample;
}

const cases: readonly Case[] = nodeList.flatMap((definition) =>
  definition.examples.map((example) => ({
    name: `${definition.type} ${JSON.stringify(example.inputs)} ${JSON.stringify(example.params)}`,
    definition,
    example,
  })),
);

let runtime: Runtime;
let capabilities: Capabilities;
beforeAll(async () => {
  runtime = await cpuRuntime();
  capabilities = await probeCapabilities(runtime);
});

it('every node type has an example', () => {
  expect(nodeList.filter(({ examples }) => examples.length === 0).map(({ type }) => type)).toEqual([]);
});

describe.each(cases)('$name', ({ definition, example }) => {
  const { values, issues, unknown } = parseParams(definition.params, example.params);

  it('reads its parameters, and reads them again as written', () => {
    expect({ issues, unknown }).toEqual({ issues: [], unknown: [] });
    const written: JsonObject = z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(values)));
    const again = parseParams(definition.params, written);
    expect(again).toEqual({ values, issues: [], unknown: [] });
  });

  it.each([true, false])('infers the shape that TensorFlow gives (training: %s)', async (isTraining) => {
    const inferred = expectOk(inferNode(builtIns, definition, values, example.inputs));
    const shape = await shapeOf({ id: 'node_1', definition, params: values }, example.inputs, isTraining);
    expect(shape).toEqual([BATCH_SIZE, ...inferred]);
  });

  it('trains: weights move, and the loss on the same batch falls', async () => {
    const document = documentAround(definition, example);
    const { program, losses, before, after } = await trained(document, capabilities);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)));
    for (const { name, role, isTrainable } of program.variables) {
      const isFrozen = !isTrainable && !role.startsWith('moving');
      const expected = before.get(name);
      const isUnmoved = moveOf(name, { before, after }) === 0;
      if (isFrozen) expect(after.get(name), `${name} is frozen`).toEqual(expected);
      else if (role === 'bias' && isUnmoved) await expectSilence(document, name);
      else expect(after.get(name), `${name} after training`).not.toEqual(expected);
      expect(Array.from(after.get(name) ?? []).every(Number.isFinite), name).toBe(true);
    }
  });
});

/** A bias that batch normalisation takes away again moves by rounding alone where its gradient is summed up. */
async function expectSilence(document: GraphDocument, bias: string): Promise<void> {
  const outcome = await trained(document, { ...capabilities, isProcessor: false });
  expect(moveOf(bias, outcome), bias).toBeLessThan(1e-5);
}

/** Thirty steps on one batch of noise. */
async function trained(document: GraphDocument, of: Capabilities) {
  const program = expectOk(compileDocument(document, of));
  const count = 8;
  const bytes = Uint8Array.from(sample(count * size(program.input), 5, { low: 0, high: 255 }));
  const random = numbers(3);
  const labels = Int32Array.from({ length: count }, () => Math.floor(random() * program.classes));
  const session = await ProgramSession.open(runtime, program, bytes, labels);
  const before = await session.weights();
  const losses: number[] = [];
  for (let step = 0; step < 30; step++) {
    losses.push((await session.step([...labels.keys()], step, 0.05))[0]);
  }
  const after = await session.weights();
  session.session.dispose();
  return { program, losses, before, after };
}

type Weights = Awaited<ReturnType<ProgramSession['weights']>>;

function moveOf(
  name: string,
  { before, after }: { readonly before: Weights; readonly after: Weights },
): number {
  const first = before.get(name) ?? [];
  return Math.max(...Array.from(after.get(name) ?? [], (value, i) => Math.abs(value - (first[i] ?? NaN))));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What the lowered node really gives for two samples. */
async function shapeOf(
  node: NodeToLower,
  shapes: readonly Shape[],
  isTraining: boolean,
): Promise<readonly number[]> {
  const b = new GraphBuilder();
  const weights = new WeightStore(b);
  const scalar = (name: string) => b.op('Placeholder', [], { dtype: 'int32', dims: [] }, { name });
  const random = { step: scalar('step'), seed: scalar('seed') };
  const pass = new LoweringPass(b, weights, isTraining ? random : null, capabilities);
  const sources = node.definition.inputs.kind === 'none' ? [imageShape(node)] : shapes;
  const inputs = sources.map((shape, i) =>
    b.op('Placeholder', [], { dtype: 'float32', dims: withBatch(shape) }, { name: `x${i}` }),
  );
  const output = b.op('Shape', [pass.lower(node, inputs)], {});
  const initialized = initialization(b, weights);
  const session = await load(runtime, b);
  await session.run([], [initialized]);
  const feeds = inputs.map((ref, i) => {
    const dims = [BATCH_SIZE, ...(sources[i] ?? [])];
    return [ref, float32(sample(size(dims), i), dims)] as const;
  });
  const [shape] = await session.run(
    [...feeds, [random.step, int32Scalar(0)], [random.seed, int32Scalar(1)]],
    [output],
  );
  return Array.from(shape ?? []);
}

function imageShape({ definition, params }: NodeToLower): Shape {
  return expectOk(inferNode(builtIns, definition, params, []));
}

function initialization(b: GraphBuilder, weights: WeightStore): TensorRef {
  const key = b.constant(ints([1, 2]));
  const after = weights.all.map(
    ({ spec, variable }) =>
      b.effect('AssignVariableOp', [variable.handle, initialValue(b, spec.dims, spec.initializer, key)], {})
        .name,
  );
  return b.op('Identity', [b.float(0)], {}, { after });
}
