/** Networks wired at random, on the real TensorFlow; `npm run parity` trains thousands. */
import { beforeAll, expect, it } from 'vitest';
import { nodeList } from '@shared/nodes';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { cpuRuntime } from './graph-session';
import { type Machine, trainRandomGraphs } from './random-training';

const COUNT = 180;

let machine: Machine;
beforeAll(async () => {
  const runtime = await cpuRuntime();
  machine = { runtime, probed: await probeCapabilities(runtime) };
});

it(`${COUNT} random networks have the inferred shapes and train`, async () => {
  const types = await trainRandomGraphs(machine, { seed: 8, count: COUNT });
  expect(nodeList.filter(({ type }) => !types.has(type)).map(({ type }) => type)).toEqual([]);
}, 400_000);
