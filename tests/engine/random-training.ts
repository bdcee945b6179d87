/** Networks wired at random from all node types, on the real TensorFlow: shapes are as inferred, and a step trains. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import { LoweringPass, WeightStore } from '@shared/compile/lower';
import { topologyOf } from '@shared/compile/topology';
import type { GraphDocument } from '@shared/document/types';
import { GraphBuilder } from '@shared/ir/builder';
import type { Capabilities } from '@shared/ir/capabilities';
import { initialValue } from '@shared/ir/initializers';
import { withBatch } from '@shared/ir/shape';
import type { TensorRef } from '@shared/ir/types';
import { nodeTypes } from '@shared/nodes';
import { ints } from '@shared/ops/primitive';
import { parseParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import { float32, int32Scalar, type Runtime } from '../../src-main/engine/runtime/runtime';
import { Chooser, decisions, validGraph } from '../shared/random-graphs';
import { expectOk, load, ProgramSession, sample, size } from './graph-session';

const BATCH_SIZE = 4;

export interface Machine {
  readonly runtime: Runtime;
  readonly probed: Capabilities;
}

/** Fails with the smallest part of the decisions that fails; gives the node types that occurred. */
export async function trainRandomGraphs(
  { runtime, probed }: Machine,
  settings: { readonly seed: number; readonly count: number },
): Promise<ReadonlySet<string>> {
  const types = new Set<string>();
  await fc.assert(
    fc.asyncProperty(decisions, async (numbers) => {
      const chooser = new Chooser(numbers);
      const capabilities = someOf(probed, chooser);
      const document = validGraph(chooser);
      for (const { type } of Object.values(document.nodes)) types.add(type);
      const { nodes } = analyse(document);
      const inferred = Object.entries(nodes).map(([id, { outputShape = [] }]) => [
        id,
        [BATCH_SIZE, ...outputShape],
      ]);
      expect(await shapesOf(runtime, document, capabilities)).toEqual(Object.fromEntries(inferred));
      expect(await firstLoss(runtime, document, capabilities)).toSatisfy(Number.isFinite);
    }),
    { numRuns: settings.count, seed: settings.seed, endOnFailure: true },
  );
  return types;
}

/** What this TensorFlow has, less some of it: then nodes take their second lowering. */
function someOf(probed: Capabilities, chooser: Chooser): Capabilities {
  return {
    groupedConvolution: probed.groupedConvolution && chooser.isOn(),
    dilatedConvolution: probed.dilatedConvolution && chooser.isOn(),
    dilatedDepthwise: probed.dilatedDepthwise && chooser.isOn(),
    unevenDepthwise: probed.unevenDepthwise && chooser.isOn(),
    isProcessor: true,
  };
}

/** Shapes of all nodes in a training graph of the document, as TensorFlow has them. */
async function shapesOf(
  runtime: Runtime,
  document: GraphDocument,
  capabilities: Capabilities,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const { order, incoming } = topologyOf(document);
  const b = new GraphBuilder();
  const weights = new WeightStore(b);
  const scalar = (name: string) => b.op('Placeholder', [], { dtype: 'int32', dims: [] }, { name });
  const random = { step: scalar('step'), seed: scalar('seed') };
  const pass = new LoweringPass(b, weights, random, capabilities);
  const shape = required(analyse(document).input, 'the input');
  const images = b.op('Placeholder', [], { dtype: 'float32', dims: withBatch(shape) }, { name: 'images' });
  const values = new Map<string, TensorRef>();
  for (const id of order) {
    const node = required(document.nodes[id], id);
    const definition = required(nodeTypes.get(node.type), node.type);
    const params = parseParams(definition.params, node.params).values;
    const inputs = (incoming.get(id) ?? []).map(({ from }) => required(values.get(from[0]), from[0]));
    values.set(id, pass.lower({ id, definition, params }, node.type === 'Input' ? [images] : inputs));
  }
  const shapes = [...values.values()].map((value) => b.op('Shape', [value], {}));
  const key = b.constant(ints([1, 2]));
  const after = weights.all.map(({ spec, variable }) => {
    const initial = initialValue(b, spec.dims, spec.initializer, key);
    return b.effect('AssignVariableOp', [variable.handle, initial], {}).name;
  });
  const initialized = b.op('Identity', [b.float(0)], {}, { after });
  const session = await load(runtime, b);
  await session.run([], [initialized]);
  const dims = [BATCH_SIZE, ...shape];
  const feeds = [
    [images, float32(sample(size(dims), 3), dims)],
    [random.step, int32Scalar(0)],
    [random.seed, int32Scalar(1)],
  ] as const;
  const found = await session.run(feeds, shapes);
  session.session.dispose();
  return Object.fromEntries([...values.keys()].map((id, i) => [id, Array.from(found[i] ?? [])]));
}

/** Mean loss of the first step on images and labels that look random. */
async function firstLoss(
  runtime: Runtime,
  document: GraphDocument,
  capabilities: Capabilities,
): Promise<number> {
  const program = expectOk(compileDocument(document, capabilities));
  const bytes = Uint8Array.from(sample(BATCH_SIZE * size(program.input), 5, { low: 0, high: 256 }));
  const session = await ProgramSession.open(runtime, program, bytes, Int32Array.of(0, 1, 2, 1));
  const [loss] = await session.step([0, 1, 2, 3], 0, 0.01);
  const weights = await session.weights();
  session.session.dispose();
  expect(weights.size).toBe(program.variables.length);
  return loss;
}
