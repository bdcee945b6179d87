/** Timing a network on random images: as many times as asked for, and a session that is gone afterwards. */
import { beforeAll, expect, test } from 'vitest';
import { serialiseDocument } from '@shared/document/serialise';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { runBenchmark } from '../../src-main/engine/benchmark';
import { highWaterMark, peakMemory } from '../../src-main/engine/runtime/peak-memory';
import type { Runtime } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, expectOk } from './graph-session';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

const counts = { steps: 4, warmup: 2, evaluationBatch: 12, evaluations: 3 };
const lenet = serialiseDocument(required(templateOf('lenet'), 'LeNet').create());

test('every counted step and evaluation has its time, the others have none', async () => {
  const before = Date.now();
  const figures = expectOk(await runBenchmark({ document: lenet, ...counts }, runtime));
  expect(figures.stepMs).toHaveLength(4);
  expect(figures.inferenceMs).toHaveLength(3);
  for (const time of [...figures.stepMs, ...figures.inferenceMs]) expect(time).toBeGreaterThan(0);
  expect(figures.firstStepAt).toBeGreaterThanOrEqual(before);
  expect(figures.firstStepAt).toBeLessThanOrEqual(Date.now());
  expect(figures.peakBytes).toBeLessThanOrEqual(peakMemory());
});

test('a document that does not open, and a graph with mistakes, are refused', async () => {
  expect(await runBenchmark({ document: 'no JSON', ...counts }, runtime)).toMatchObject({ ok: false });
  const broken = lenet.replace(/^.*"to": \["conv2d_2".*\n/m, '');
  expect(broken).not.toBe(lenet);
  expect(await runBenchmark({ document: broken, ...counts }, runtime)).toMatchObject({
    ok: false,
    error: { code: 'run/graph-has-problems' },
  });
});

test('the high-water mark of a status file is in kibibytes', () => {
  expect(highWaterMark('Name:\tnode\nVmPeak:\t  9 kB\nVmHWM:\t  2048 kB\nVmRSS:\t 7 kB\n')).toBe(2 ** 21);
  expect(() => highWaterMark('Name:\tnode\n')).toThrow('VmHWM');
});
