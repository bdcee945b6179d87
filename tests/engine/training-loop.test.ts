/** The training loop on a network without TensorFlow: what it trains on, what it tells, and how it ends. */
import { describe, expect, it } from 'vitest';
import type { EpochRecord, RunState } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import { parseTraining } from '@shared/training/settings';
import type { JsonObject } from '@shared/util/json';
import { failure, success } from '@shared/util/result';
import { epochOrder } from '../../src-main/engine/data/order';
import { sessionSplit } from '../../src-main/engine/data/split';
import {
  batchAt,
  consecutiveBatches,
  evaluationBatchSize,
  planSchedule,
} from '../../src-main/engine/training/schedule';
import { StepReporter, type StepsMessage } from '../../src-main/engine/training/step-reporter';
import { Throughput } from '../../src-main/engine/training/throughput';
import {
  type Progress,
  TrainingLoop,
  type TrainingOptions,
} from '../../src-main/engine/training/training-loop';
import { FakeClock, fakeNetwork } from './fake-network';

interface Told {
  readonly states: (readonly [RunState, Problem?])[];
  readonly steps: StepsMessage[];
  /** When each `steps` message came, in ms. */
  readonly times: number[];
  readonly epochs: EpochRecord[];
  readonly checkpoints: Progress[];
  /** Names of everything, in order. */
  readonly sequence: string[];
}

interface Setting {
  readonly samples: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly minimumBatch?: number;
  readonly testSamples?: number;
  readonly stepMs?: number;
  readonly lossAt?: (step: number) => number;
  readonly training?: JsonObject;
  readonly options?: Partial<TrainingOptions>;
  /** Called after each step with the loop. */
  readonly afterStep?: (step: number, loop: TrainingLoop) => void;
  readonly afterEvaluation?: (loop: TrainingLoop) => void;
}

/** Batches are indices. */
const session = sessionSplit({ count: 1, labels: Int32Array.of(0) });

/** A loop whose step `n` has loss n + 1, and is right for every even image. */
async function loopOf(setting: Setting) {
  const { samples, epochs = 1, batchSize = 4, minimumBatch = 1, testSamples = 10, stepMs = 5 } = setting;
  const { lossAt = (step) => step + 1, training = {} } = setting;
  const clock = new FakeClock();
  const told: Told = { states: [], steps: [], times: [], epochs: [], checkpoints: [], sequence: [] };
  const batches: number[][] = [];
  const rates: number[] = [];
  const network = await fakeNetwork({
    train: ({ indices, step, learningRate }) => {
      const batch = [...(indices?.values ?? [])];
      const number = step?.values[0] ?? -1;
      batches.push(batch);
      rates.push(learningRate?.values[0] ?? NaN);
      clock.pass(stepMs);
      queueMicrotask(() => setting.afterStep?.(number, loop));
      return success([Float32Array.of(lossAt(number), batch.filter((image) => image % 2 === 0).length)]);
    },
    evaluate: ({ indices }) => {
      const images = [...(indices?.values ?? [])];
      queueMicrotask(() => setting.afterEvaluation?.(loop));
      return success([
        Float32Array.of(
          images.reduce((sum, image) => sum + image, 0),
          images.length / 2,
        ),
      ]);
    },
  });
  const schedule = planSchedule(samples, { epochs, batchSize }, minimumBatch);
  const loop = new TrainingLoop({
    network,
    schedule,
    settings: { ...parseTraining({ learningRate: 0.1, ...training }).settings, seed: 5 },
    chosen: Int32Array.from({ length: samples }, (_, index) => index),
    train: session,
    test: session,
    testSamples,
    listener: {
      state: (state, found) => {
        told.states.push(found === undefined ? [state] : [state, found]);
        told.sequence.push(state);
      },
      steps: (message) => {
        told.steps.push(message);
        told.times.push(clock.now());
        told.sequence.push('steps');
      },
      epoch: (record) => {
        told.epochs.push(record);
        told.sequence.push('epoch');
      },
      checkpoint: () => told.sequence.push('checkpoint'),
    },
    saveCheckpoint: (progress) => {
      told.checkpoints.push(progress);
      return Promise.resolve(success('file'));
    },
    obstacle: () => undefined,
    clock,
    breathe: () => Promise.resolve(),
    ...setting.options,
  });
  return { loop, told, batches, rates, clock };
}

const lossesOf = (told: Told): number[] => told.steps.flatMap(({ losses }) => [...losses]);

describe('a run that goes on', () => {
  it('tells the epoch that was trained and not evaluated, then trains the others', async () => {
    const setting = { samples: 10, epochs: 2, testSamples: 50 };
    const { loop: first, told: before } = await loopOf({
      ...setting,
      afterEvaluation: (loop) => loop.stop(),
    });
    expect(await first.run()).toEqual({ state: 'stopped' });
    expect(before.epochs).toEqual([]);
    const from = before.checkpoints.at(-1);
    expect(from).toMatchObject({ steps: 3, epochs: 1, isWithinEpoch: false });
    const { loop, told, batches } = await loopOf({ ...setting, options: { from } });
    expect(await loop.run()).toEqual({ state: 'done' });
    const { told: whole, batches: wholeBatches, loop: uninterrupted } = await loopOf(setting);
    await uninterrupted.run();
    expect(batches).toEqual(wholeBatches.slice(3));
    expect(told.epochs.map(({ epoch, loss, valLoss }) => [epoch, loss, valLoss])).toEqual(
      whole.epochs.map(({ epoch, loss, valLoss }) => [epoch, loss, valLoss]),
    );
  });

  it('is as if it had never stopped, wherever that was', async () => {
    const setting = { samples: 10, epochs: 3 };
    const { told: whole, loop: uninterrupted } = await loopOf(setting);
    await uninterrupted.run();
    for (let stopAt = 0; stopAt < 9; stopAt++) {
      const afterStep = (step: number, loop: TrainingLoop) => {
        if (step === stopAt) loop.stop();
      };
      const { loop: first, told: before } = await loopOf({ ...setting, afterStep });
      await first.run();
      const from = JSON.parse(JSON.stringify(before.checkpoints.at(-1))) as Progress;
      const { loop, told } = await loopOf({ ...setting, options: { from } });
      await loop.run();
      expect([...lossesOf(before), ...lossesOf(told)]).toEqual(lossesOf(whole));
      expect([...before.epochs, ...told.epochs]).toEqual(
        whole.epochs.map((record) => ({
          ...record,
          samplesPerSecond: expect.closeTo(record.samplesPerSecond) as number,
          seconds: expect.closeTo(record.seconds) as number,
        })),
      );
    }
  });
});

describe('a run', () => {
  it('trains every image once an epoch, in the order of seed and epoch, the last partial batch included', async () => {
    const { loop, batches } = await loopOf({ samples: 10, epochs: 3 });
    expect(await loop.run()).toEqual({ state: 'done' });
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2, 4, 4, 2, 4, 4, 2]);
    const all = Int32Array.from({ length: 10 }, (_, index) => index);
    for (const epoch of [1, 2, 3]) {
      expect(batches.slice(3 * epoch - 3, 3 * epoch).flat()).toEqual([...epochOrder(all, 5, epoch)]);
    }
  });

  it('tells epochs as means over samples, as trained, and over the whole test split', async () => {
    const { loop, told } = await loopOf({ samples: 10, epochs: 2, testSamples: 50, stepMs: 100 });
    await loop.run();
    // Losses 1, 2, 3 then 4, 5, 6 on batches of 4, 4 and 2; half of all images are even.
    expect(told.epochs).toEqual([
      expect.objectContaining({ epoch: 1, loss: (4 * 1 + 4 * 2 + 2 * 3) / 10, accuracy: 0.5 }),
      expect.objectContaining({ epoch: 2, loss: (4 * 4 + 4 * 5 + 2 * 6) / 10, accuracy: 0.5 }),
    ]);
    for (const { valLoss, valAccuracy, seconds, samplesPerSecond } of told.epochs) {
      expect([valLoss, valAccuracy]).toEqual([49 / 2, 0.5]);
      expect(seconds).toBeCloseTo(0.3);
      expect(samplesPerSecond).toBeCloseTo(10 / 0.3);
    }
  });

  it('takes each step at the rate of its schedule, and tells the last one of each epoch', async () => {
    const training = { schedule: 'cosine', finalShare: 0.2, warmupEpochs: 1, learningRate: 0.5 };
    const { loop, told, rates } = await loopOf({ samples: 8, epochs: 3, training });
    await loop.run();
    const cosine = (share: number) => 0.1 + 0.4 * 0.5 * (1 + Math.cos(Math.PI * share));
    const expected = [0, 0.25, 0.5, cosine(1 / 4), cosine(1 / 2), cosine(3 / 4)];
    expect(rates).toEqual(expected.map((rate) => expect.closeTo(rate, 6) as number));
    const lastOfEpochs = told.epochs.map(({ learningRate }) => learningRate);
    expect(lastOfEpochs).toEqual(
      [1, 3, 5].map((step) => expect.closeTo(expected[step] ?? NaN, 12) as number),
    );
  });

  it('tells what happens in its order, with the steps before the end of their epoch', async () => {
    const { loop, told } = await loopOf({ samples: 8, epochs: 2, stepMs: 1 });
    await loop.run();
    // The very first step is told at once, the others of these short epochs at their end.
    const first = ['training', 'steps', 'steps', 'evaluating', 'epoch', 'checkpoint'];
    const second = ['training', 'steps', 'evaluating', 'epoch', 'checkpoint'];
    expect(told.sequence).toEqual([...first, ...second]);
    expect(told.checkpoints).toEqual([
      { steps: 2, epochs: 1, isWithinEpoch: false },
      { steps: 4, epochs: 2, isWithinEpoch: false },
    ]);
  });

  it.each([1, 3, 17, 90, 400])(
    'of steps of %i ms tells every loss once, in order, 20 messages a second at most',
    async (stepMs) => {
      const { loop, told } = await loopOf({ samples: 1001, epochs: 4, stepMs });
      await loop.run();
      expect(lossesOf(told)).toEqual(Array.from({ length: 4 * 251 }, (_, step) => step + 1));
      let next = 0;
      for (const { firstStep, epoch, losses, accuracies } of told.steps) {
        expect(firstStep).toBe(next);
        expect(epoch).toBe(Math.floor(firstStep / 251) + 1);
        expect(accuracies.length).toBe(losses.length);
        next += losses.length;
      }
      const crowded = told.times.filter((time, index) => time - (told.times[index - 20] ?? -Infinity) < 1000);
      expect(crowded).toEqual([]);
    },
  );

  it('of very short epochs keeps to 20 messages a second too', async () => {
    const { loop, told } = await loopOf({ samples: 4, epochs: 200, stepMs: 1 });
    await loop.run();
    expect(lossesOf(told)).toHaveLength(200);
    const crowded = told.times.filter((time, index) => time - (told.times[index - 20] ?? -Infinity) < 1000);
    expect(crowded).toEqual([]);
  });
});

describe('a last batch that is too small', () => {
  it('is skipped, and does not count in the means', async () => {
    const { loop, told, batches } = await loopOf({ samples: 9, epochs: 2, minimumBatch: 2 });
    expect(await loop.run()).toEqual({ state: 'done' });
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 4, 4]);
    expect(told.epochs.map(({ loss }) => loss)).toEqual([1.5, 3.5]);
  });

  it.each([
    [9, 4, 2, { stepsPerEpoch: 2, samplesPerEpoch: 8, isLastBatchSkipped: true }],
    [9, 4, 1, { stepsPerEpoch: 3, samplesPerEpoch: 9, isLastBatchSkipped: false }],
    [10, 4, 2, { stepsPerEpoch: 3, samplesPerEpoch: 10, isLastBatchSkipped: false }],
    [8, 4, 2, { stepsPerEpoch: 2, samplesPerEpoch: 8, isLastBatchSkipped: false }],
    [3, 4, 2, { stepsPerEpoch: 1, samplesPerEpoch: 3, isLastBatchSkipped: false }],
  ])('%i samples in batches of %i, at least %i', (samples, batchSize, minimumBatch, expected) => {
    const schedule = planSchedule(samples, { epochs: 3, batchSize }, minimumBatch);
    expect(schedule).toMatchObject({ ...expected, totalSteps: 3 * expected.stepsPerEpoch });
    const order = Int32Array.from({ length: samples }, (_, index) => index);
    const seen = Array.from({ length: schedule.stepsPerEpoch }, (_, step) => [
      ...batchAt(order, step, schedule),
    ]);
    expect(seen.flat()).toEqual([...order.subarray(0, schedule.samplesPerEpoch)]);
  });
});

describe('stop', () => {
  it('is acknowledged at once and done after the running step, keeping what was learned', async () => {
    const { loop, told, batches } = await loopOf({
      samples: 40,
      afterStep: (step, running) => {
        if (step !== 3) return;
        running.stop();
        running.stop();
        expect(told.states.at(-1)).toEqual(['stopping']);
      },
    });
    expect(await loop.run()).toEqual({ state: 'stopped' });
    expect(batches).toHaveLength(4);
    expect(lossesOf(told)).toEqual([1, 2, 3, 4]);
    expect(told.states).toEqual([['training'], ['stopping']]);
    expect(told.checkpoints).toMatchObject([{ steps: 4, epochs: 0, isWithinEpoch: true }]);
  });

  it('before the first step trains nothing and writes nothing', async () => {
    const { loop, told, batches } = await loopOf({ samples: 40 });
    loop.stop();
    expect(await loop.run()).toEqual({ state: 'stopped' });
    expect([batches.length, told.checkpoints.length]).toEqual([0, 0]);
  });

  it('during evaluation ends it, and keeps the epoch as a whole one', async () => {
    const { loop, told } = await loopOf({
      samples: 8,
      epochs: 5,
      testSamples: 1000,
      afterEvaluation: (running) => running.stop(),
    });
    expect(await loop.run()).toEqual({ state: 'stopped' });
    expect(told.epochs).toEqual([]);
    expect(told.checkpoints).toMatchObject([{ steps: 2, epochs: 1, isWithinEpoch: false }]);
  });

  it('with the last step of an epoch keeps the epoch, without a second checkpoint', async () => {
    const { loop, told } = await loopOf({
      samples: 8,
      epochs: 2,
      afterStep: (step, running) => {
        if (step === 1) running.stop();
      },
    });
    expect(await loop.run()).toEqual({ state: 'stopped' });
    expect(told.checkpoints).toMatchObject([{ steps: 2, epochs: 1, isWithinEpoch: false }]);
  });
});

describe('a failure', () => {
  it.each([Number.NaN, Infinity, -Infinity])(
    'of the loss (%d) ends the run after telling it',
    async (value) => {
      const { loop, told } = await loopOf({ samples: 40, lossAt: (step) => (step === 3 ? value : 1) });
      expect(await loop.run()).toEqual({
        state: 'failed',
        problem: problem('run/loss-not-finite', { value: String(value), step: 3 }),
      });
      expect(lossesOf(told)).toEqual([1, 1, 1, value]);
      expect(told.checkpoints).toMatchObject([]);
    },
  );

  it('of TensorFlow ends the run with its problem', async () => {
    const lost = problem('run/out-of-memory', {}, { node: 'conv2d_1' });
    const network = await fakeNetwork({ train: () => failure(lost) });
    const { loop } = await loopOf({ samples: 40, options: { network } });
    expect(await loop.run()).toEqual({ state: 'failed', problem: lost });
  });

  it('of the checkpoint, or of what is written besides, ends the run with its problem', async () => {
    const full = problem('file/cannot-write', { path: 'x', reason: 'ENOSPC' });
    const saving = await loopOf({
      samples: 8,
      epochs: 3,
      options: { saveCheckpoint: () => Promise.resolve(failure(full)) },
    });
    expect(await saving.loop.run()).toEqual({ state: 'failed', problem: full });
    expect(saving.batches).toHaveLength(2);
    const metrics = await loopOf({ samples: 8, epochs: 3, options: { obstacle: () => full } });
    expect(await metrics.loop.run()).toEqual({ state: 'failed', problem: full });
    expect(metrics.batches).toHaveLength(1);
  });
});

describe('the reporter', () => {
  it('sends the first step at once, and waits before a flush that would be one too many', async () => {
    const clock = new FakeClock();
    const times: number[] = [];
    const reporter = new StepReporter(clock, () => times.push(clock.now()));
    for (let step = 0; step < 25; step++) {
      reporter.add(step, 1, { loss: 0, accuracy: 0 });
      await reporter.flush();
    }
    expect(times).toEqual([...new Array<number>(20).fill(0), ...new Array<number>(5).fill(1000)]);
  });
});

describe('samples per second and time left', () => {
  it('settle on the steady pace, whatever the first step took', () => {
    const throughput = new Throughput();
    expect(throughput.secondsLeft(1000, 1, 100)).toBe(0);
    throughput.addStep(64, 3);
    for (let step = 0; step < 5; step++) throughput.addStep(64, 0.01);
    expect(throughput.samplesPerSecond).toBeCloseTo(6400);
    expect(throughput.secondsLeft(12_800, 2, 19_200)).toBeCloseTo(2 + 2 * 1);
    throughput.addEvaluation(0.25);
    expect(throughput.secondsLeft(12_800, 2, 19_200)).toBeCloseTo(2.5);
  });

  it('follow a lasting change and smooth a short one', () => {
    const throughput = new Throughput();
    for (let step = 0; step < 100; step++) throughput.addStep(100, 0.1);
    throughput.addStep(100, 0.2);
    expect(throughput.samplesPerSecond).toBeGreaterThan(900);
    for (let step = 0; step < 100; step++) throughput.addStep(100, 0.2);
    expect(throughput.samplesPerSecond).toBeCloseTo(500, -1);
  });

  it('go down to nothing by the last step', async () => {
    const { loop, told } = await loopOf({ samples: 400, epochs: 2, stepMs: 70 });
    await loop.run();
    const left = told.steps.map(({ secondsLeft }) => secondsLeft);
    expect(left[5]).toBeGreaterThan(10);
    expect(left.at(-1)).toBeLessThan(0.1);
    expect(told.steps.at(-1)?.samplesPerSecond).toBeCloseTo(4 / 0.07);
  });
});

describe('evaluation', () => {
  it('covers every image once, in batches larger than those of training', () => {
    expect([...consecutiveBatches(10, 4)].map((batch) => [...batch])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect([1, 64, 256, 512, 4096].map(evaluationBatchSize)).toEqual([4, 256, 1024, 1024, 4096]);
  });
});
