/** The run as the window sees it, over the real contract: events, stopping, ending, dying, starting again. */
import { emptyDocument } from '@shared/document/create';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem } from '@shared/problems/problem';
import { templates } from '@shared/templates';
import { parseTraining } from '@shared/training/settings';
import { stopPatienceMilliseconds, TrainingRun } from '../../src-renderer/training/run.svelte';
import { FakeEngines, settled } from './support';

const document = templates[0]?.create({}) ?? emptyDocument();
const { settings } = parseTraining(document.training);

let engines: FakeEngines;
let run: TrainingRun;

beforeEach(() => {
  vi.useFakeTimers();
  engines = new FakeEngines();
  run = new TrainingRun(engines.open);
});

afterEach(() => {
  run.dispose();
  vi.useRealTimers();
});

async function start(): Promise<void> {
  await run.start(document, settings);
  engines.last.server.emit('state', { state: 'training' });
  await settled();
}

function steps(firstStep: number, losses: number[]) {
  engines.last.server.emit('steps', {
    firstStep,
    epoch: 1,
    losses: Float32Array.from(losses),
    accuracies: Float32Array.from(losses),
    samplesPerSecond: 10,
    secondsLeft: 5,
  });
}

describe('events', () => {
  test('every step arrives once, and the progress follows', async () => {
    await start();
    for (let step = 0; step < 100; step += 7) {
      steps(
        step,
        Array.from({ length: Math.min(7, 100 - step) }, (_, i) => step + i),
      );
    }
    await settled();
    expect([...run.losses.values]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(run.stepCount).toBe(100);
    expect(run.smoothLosses.curve.length).toBe(100);
    expect(run.progress).toBe(1);
    expect(run.epoch).toBe(1);
  });

  test('epochs and states are kept, and predictions are offered at the end', async () => {
    await start();
    steps(0, [1]);
    const record = {
      epoch: 1,
      loss: 1,
      accuracy: 0.5,
      valLoss: 1,
      valAccuracy: 0.6,
      learningRate: 0.003,
      seconds: 1,
      samplesPerSecond: 9,
    };
    engines.last.server.emit('epoch', record);
    expect(run.canPredict).toBe(false);
    engines.last.server.emit('state', { state: 'done' });
    await settled();
    expect(run.epochs).toEqual([record]);
    expect(run.isActive).toBe(false);
    expect(run.canPredict).toBe(true);
  });

  test('the engine is given the document as it is saved', async () => {
    await start();
    expect(JSON.parse(engines.last.documents[0] ?? '')).toMatchObject({
      format: 'layerloom',
      training: document.training,
    });
  });
});

describe('stopping', () => {
  test('is shown at once, and a late message does not take it back', async () => {
    await start();
    const asked = run.stop();
    expect(run.phase).toBe('stopping');
    await asked;
    expect(engines.last.stops).toBe(1);
    engines.last.server.emit('state', { state: 'evaluating' });
    await settled();
    expect(run.phase).toBe('stopping');
    engines.last.server.emit('state', { state: 'stopped' });
    await settled();
    expect(run.phase).toBe('stopped');
    vi.advanceTimersByTime(stopPatienceMilliseconds * 2);
    expect(run.offersEnd).toBe(false);
  });

  test('after three seconds the process may be ended, or waited for three more', async () => {
    await start();
    await run.stop();
    vi.advanceTimersByTime(stopPatienceMilliseconds - 1);
    expect(run.offersEnd).toBe(false);
    vi.advanceTimersByTime(1);
    expect(run.offersEnd).toBe(true);
    run.keepWaiting();
    expect(run.offersEnd).toBe(false);
    vi.advanceTimersByTime(stopPatienceMilliseconds);
    expect(run.offersEnd).toBe(true);
    run.endProcess();
    expect(engines.last.isEnded).toBe(true);
    expect(run.phase).toBe('stopped');
    expect(run.offersEnd).toBe(false);
    expect(run.canPredict).toBe(false);
  });
});

describe('an engine that dies', () => {
  const died = problem('run/engine-died', { exitCode: 9 });

  test('fails the run in words, and the next run gets a fresh engine', async () => {
    await start();
    steps(0, [3, 2]);
    await settled();
    run.engineExited({ engine: 1, problem: died });
    expect(run.phase).toBe('failed');
    expect(run.problem).toBe(died);
    await start();
    expect(engines.opened).toHaveLength(2);
    expect(run.problem).toBeUndefined();
    expect(run.phase).toBe('training');
    expect(run.losses.length).toBe(0);
  });

  test('another engine than the one in use is none of its business', async () => {
    await start();
    run.engineExited({ engine: 7, problem: died });
    expect(run.phase).toBe('training');
  });

  test('one that was only kept warm is replaced without a word', async () => {
    await run.warmUp();
    await settled();
    expect(run.device?.device).toBe('CPU');
    run.engineExited({ engine: 1, problem: died });
    expect(run.problem).toBeUndefined();
    await start();
    expect(engines.opened).toHaveLength(2);
  });
});

test('the warm engine is the first run’s, a second run gets its own, and a run is not started twice', async () => {
  await run.warmUp();
  await start();
  expect(engines.opened).toHaveLength(1);
  await run.start(document, settings);
  expect(engines.last.documents).toHaveLength(1);
  engines.last.server.emit('state', { state: 'done' });
  await settled();
  await start();
  expect(engines.opened).toHaveLength(2);
  expect(engines.opened[0]?.isEnded).toBe(true);
  expect(run.started?.number).toBe(2);
});
