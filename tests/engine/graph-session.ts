/** Runs graphs that a test builds, on the real TensorFlow, and whole documents on given data. */
import { encodeSavedModel } from '@shared/compile/graphdef';
import type { Program, ProgramFunction } from '@shared/compile/program';
import type { GraphBuilder } from '@shared/ir/builder';
import type { TensorRef } from '@shared/ir/types';
import { openRuntime } from '../../src-main/engine/runtime/open-runtime';
import {
  float32Scalar,
  int32,
  int32Scalar,
  type Runtime,
  type Session,
  type Tensor,
  type TensorValues,
  uint8,
} from '../../src-main/engine/runtime/runtime';

export async function cpuRuntime(): Promise<Runtime> {
  return expectOk(await openRuntime('cpu'));
}

export function expectOk<T, E>(result: { ok: true; value: T } | { ok: false; error: E }): T {
  if (!result.ok) throw new Error(`expected success, got ${JSON.stringify(result.error)}`);
  return result.value;
}

export function endpoint({ operation, index }: TensorRef): string {
  return `${operation}:${index}`;
}

/** Loads the graph as built; fetch and feed by tensor. */
export async function load(runtime: Runtime, b: GraphBuilder): Promise<GraphSession> {
  return new GraphSession(expectOk(await runtime.load(encodeSavedModel(b.graph))));
}

export class GraphSession {
  constructor(readonly session: Session) {}

  /** One call: feeds as pairs, all fetched values in order. */
  async run(
    feeds: readonly (readonly [TensorRef, Tensor])[],
    fetches: readonly TensorRef[],
  ): Promise<readonly TensorValues[]> {
    const definition: ProgramFunction<string> = {
      feeds: Object.fromEntries(feeds.map(([ref], i) => [`f${i}`, endpoint(ref)])),
      fetches: fetches.map(endpoint),
    };
    const values = Object.fromEntries(feeds.map(([, tensor], i) => [`f${i}`, tensor]));
    return expectOk(await this.session.bind(definition)(values));
  }
}

/** A compiled document in a session, with a small data set of bytes for training and testing alike. */
export class ProgramSession {
  private constructor(
    readonly program: Program,
    readonly session: Session,
  ) {}

  static async open(
    runtime: Runtime,
    program: Program,
    images: Uint8Array,
    labels: Int32Array,
    seed = 1,
  ): Promise<ProgramSession> {
    const opened = new ProgramSession(program, expectOk(await runtime.load(program.savedModel)));
    for (const split of [program.data.train, program.data.test]) {
      await opened.assign(split.images, uint8(images, [labels.length, ...program.input]));
      await opened.assign(split.labels, int32(labels));
    }
    await opened.call(program.functions.init, { seed: int32Scalar(seed) });
    return opened;
  }

  async call<F extends string>(
    definition: ProgramFunction<F>,
    feeds: Readonly<Record<F, Tensor>>,
  ): Promise<readonly TensorValues[]> {
    return expectOk(await this.session.bind(definition)(feeds));
  }

  async assign({ value, done }: { value: string; done: string }, tensor: Tensor): Promise<void> {
    await this.call({ feeds: { value }, fetches: [done] }, { value: tensor });
  }

  /** Mean loss and count of right answers of one training step. */
  async step(
    indices: readonly number[],
    step: number,
    learningRate: number,
    seed = 1,
  ): Promise<readonly [number, number]> {
    const [statistics] = await this.call(this.program.functions.train, {
      indices: int32(indices),
      step: int32Scalar(step),
      seed: int32Scalar(seed),
      learningRate: float32Scalar(learningRate),
    });
    return [statistics?.[0] ?? NaN, statistics?.[1] ?? NaN];
  }

  async weights(): Promise<ReadonlyMap<string, TensorValues>> {
    const definition = { feeds: {}, fetches: this.program.variables.map(({ read }) => read) };
    const values = await this.call(definition, {});
    return new Map(this.program.variables.map(({ name }, i) => [name, values[i] ?? new Float32Array()]));
  }
}

/** Numbers that look random and are the same every time (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` values of [low, high), never nearer than `gap` to zero: away from the kinks of ReLU. */
export function sample(count: number, seed: number, { low = -1, high = 1, gap = 0 } = {}): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count }, () => {
    const value = low + (high - low) * next();
    return value < 0 ? value - gap : value + gap;
  });
}

export function size(dims: readonly number[]): number {
  return dims.reduce((product, each) => product * each, 1);
}
