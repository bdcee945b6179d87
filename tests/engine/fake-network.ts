/** A network without TensorFlow: a runtime whose functions are written in the test, and a clock that it moves. */
import type { Program, ProgramFunction } from '@shared/compile/program';
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import { Network } from '../../src-main/engine/network';
import type { BoundFunction, Runtime, Tensor, TensorValues } from '../../src-main/engine/runtime/runtime';
import type { Clock } from '../../src-main/engine/training/step-reporter';

const assignment = (name: string) => ({ value: `${name}/value:0`, done: `${name}/done:0` });
const split = (name: string) => ({
  images: assignment(`${name}/images`),
  labels: assignment(`${name}/labels`),
});
const indices = { indices: 'indices:0' };
const fed = { images: 'images:0', labels: 'labels:0' };

/** Endpoints are told apart by their names alone. */
export const fakeProgram: Program = {
  savedModel: Uint8Array.of(),
  variables: [
    {
      name: 'dense_1/kernel',
      dims: [2],
      role: 'kernel',
      isTrainable: true,
      read: 'read:0',
      assign: assignment('w'),
    },
  ],
  data: { train: split('train'), test: split('test') },
  functions: {
    init: { feeds: { seed: 'seed:0' }, fetches: ['init:0'] },
    train: {
      feeds: { ...indices, step: 'step:0', seed: 'seed:0', learningRate: 'rate:0' },
      fetches: ['train:0'],
    },
    trainFed: {
      feeds: { ...fed, step: 'step:0', seed: 'seed:0', learningRate: 'rate:0' },
      fetches: ['trainFed:0'],
    },
    evaluate: { feeds: indices, fetches: ['evaluate:0'] },
    evaluateFed: { feeds: fed, fetches: ['evaluateFed:0'] },
    predictTest: { feeds: indices, fetches: ['predictTest:0'] },
    predict: { feeds: { images: 'images:0' }, fetches: ['predict:0'] },
  },
  minimumBatch: { size: 1 },
  input: [1, 1, 1],
  classes: 2,
};

type Answering = (feeds: Readonly<Record<string, Tensor>>) => Result<readonly TensorValues[], Problem>;

/** What the functions answer, by their first fetch; what is not named answers with one float. */
export async function fakeNetwork(answers: Readonly<Record<string, Answering>>): Promise<Network> {
  const runtime: Runtime = {
    describe: () => ({ runtime: 'tfjs-node', tfjsVersion: '0', tensorflowVersion: '0', device: 'fake' }),
    load: () =>
      success({
        bind<F extends string>({ fetches }: ProgramFunction<F>): BoundFunction<F> {
          const answer = answers[(fetches[0] ?? '').split(':')[0] ?? ''];
          return answer ?? (() => success([Float32Array.of(1)]));
        },
        dispose: () => undefined,
      }),
  };
  const network = await Network.load(runtime, fakeProgram);
  if (!network.ok) throw new Error('the fake runtime always loads');
  return network.value;
}

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #milliseconds = 0;

  now(): number {
    return this.#milliseconds;
  }

  pass(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }

  wait(milliseconds: number): Promise<void> {
    this.pass(milliseconds);
    return Promise.resolve();
  }
}
