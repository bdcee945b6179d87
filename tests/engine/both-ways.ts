/** Graphs and documents as built and as rewritten for a processor, run on the real TensorFlow. */
import { expect } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import { encodeSavedModel } from '@shared/compile/graphdef';
import { tunedForProcessor } from '@shared/compile/passes/processor';
import { GraphBuilder } from '@shared/ir/builder';
import { BATCH, type Dims, type TensorRef } from '@shared/ir/types';
import { required } from '@shared/util/assert';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { float32, type Runtime } from '../../src-main/engine/runtime/runtime';
import type { Sketch } from '../shared/sketch';
import { largestOf } from './closeness';
import { cpuRuntime, expectOk, GraphSession, ProgramSession, sample, size } from './graph-session';

/** Samples of a batch, where one is fed. */
export const BATCH_SIZE = 5;

export const same = { strides: [1, 1], padding: 'SAME' } as const;

export const images = (height: number, width: number, channels: number): Dims => [
  BATCH,
  height,
  width,
  channels,
];

let runtimeOfFile: Promise<Runtime> | undefined;
const opened = () => (runtimeOfFile ??= cpuRuntime());

export interface Trial {
  /** Sizes of what is fed; BATCH is run with five samples. */
  readonly inputs: readonly Dims[];
  readonly build: (b: GraphBuilder, inputs: readonly TensorRef[]) => TensorRef;
}

/** The values of a graph as built and as rewritten, and the operations that both have. */
export async function bothWays({ inputs, build }: Trial) {
  const runtime = await opened();
  const b = new GraphBuilder();
  const refs = inputs.map((dims, i) =>
    b.op('Placeholder', [], { dtype: 'float32', dims }, { name: `x${i}` }),
  );
  const output = build(b, refs);
  const feeds = refs.map((ref, i) => {
    const dims = ref.dims.map((each) => (each === BATCH ? BATCH_SIZE : each));
    return [ref, float32(sample(size(dims), 5 + i), dims)] as const;
  });
  const graphs = [b.graph, tunedForProcessor(b.graph)];
  const values = [];
  for (const graph of graphs) {
    const session = new GraphSession(expectOk(await runtime.load(encodeSavedModel(graph))));
    values.push(required((await session.run(feeds, [output]))[0], 'the output'));
    session.session.dispose();
  }
  const [plain, tuned] = graphs.map(({ operations }) => operations.map(({ op }) => op));
  return { plain, tuned, values };
}

const noise = (count: number) => Uint8Array.from(sample(count, 11, { low: 0, high: 255 }));

/** Losses of steps and weights afterwards, with and without what is done for the processor. */
export async function trainedBothWays(document: Parameters<typeof compileDocument>[0], steps: number) {
  const runtime = await opened();
  const probed = await probeCapabilities(runtime);
  const outcomes = [];
  for (const isProcessor of [false, true]) {
    const program = expectOk(compileDocument(document, { ...probed, isProcessor }));
    const samples = 12;
    const pixels = size(program.input);
    const labels = Int32Array.from({ length: samples }, (_, i) => i % program.classes);
    const session = await ProgramSession.open(runtime, program, noise(samples * pixels), labels);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      // The last batch is smaller.
      const batch = Array.from({ length: step === steps - 1 ? 5 : 8 }, (_, i) => (step * 3 + i) % samples);
      losses.push((await session.step(batch, step, 0.05))[0]);
    }
    outcomes.push({ losses, weights: await session.weights(), bytes: program.savedModel.length });
    session.session.dispose();
  }
  return { plain: required(outcomes[0], 'plain'), tuned: required(outcomes[1], 'tuned') };
}

export function withSgd(sketch: Sketch): Sketch {
  sketch.run({ kind: 'setTraining', setting: 'optimizer', value: 'sgd' });
  return sketch;
}

/** Weights after the same steps differ by rounding alone; biases that normalisation takes away included. */
export function expectSameTraining({ plain, tuned }: Awaited<ReturnType<typeof trainedBothWays>>): void {
  expect(tuned.bytes).not.toBe(plain.bytes);
  tuned.losses.forEach((loss, i) => expect(loss).toBeCloseTo(plain.losses[i] ?? NaN, 4));
  for (const [name, values] of plain.weights) {
    const others = required(tuned.weights.get(name), name);
    const worst = largestOf(Float64Array.from(values, (value, i) => value - (others[i] ?? NaN)));
    expect(worst, name).toBeLessThan(2e-4);
  }
}
