/**
 * Thousands of networks wired at random from all node types, on the real TensorFlow: every node has the inferred shape
 * and a step of training runs. Broken ones, which never reach TensorFlow, are in tests/shared/compile/random-graphs.test.ts.
 * A part of them: `npm run parity -- random-graphs -t "seed 103"`.
 */
import { beforeAll, expect, it } from 'vitest';
import { nodeList } from '@shared/nodes';
import { probeCapabilities } from '../../src-main/engine/runtime/probe';
import { cpuRuntime } from '../engine/graph-session';
import { type Machine, trainRandomGraphs } from '../engine/random-training';

const SEEDS = Array.from({ length: 12 }, (_, i) => 101 + i);
const COUNT = 250;

let machine: Machine;
beforeAll(async () => {
  const runtime = await cpuRuntime();
  machine = { runtime, probed: await probeCapabilities(runtime) };
});

it.each(SEEDS)(
  `${COUNT} random networks have the inferred shapes and train, seed %i`,
  async (seed) => {
    const types = await trainRandomGraphs(machine, { seed, count: COUNT });
    expect(nodeList.filter(({ type }) => !types.has(type)).map(({ type }) => type)).toEqual([]);
  },
  COUNT * 4000,
);
