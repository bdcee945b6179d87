/** The PyTorch training script against our own runs: the same images in the same batches, step by step. */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { exportModelOf } from '@shared/export/build-model';
import { fromTorch, torchWeights } from '@shared/export/pytorch/weight-names';
import { decodeSafetensors } from '@shared/formats/safetensors';
import type { MetricRecord } from '@shared/run/metrics';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { readOrigin } from '../../src-main/engine/export/source';
import { readNewestCheckpoint } from '../../src-main/engine/run/checkpoint';
import { expectOk } from '../engine/graph-session';
import { lenetDocument, Listener, must, openEngine } from '../engine/support';
import { PEERS_TIMEOUT } from './peer-python';
import {
  checkpointOf,
  difference,
  epochsIn,
  expectWithin,
  LIMIT,
  PytorchScripts,
  stepsIn,
  twoProcesses,
} from './pytorch-scripts';

const scripts = new PytorchScripts();
const { folder } = scripts;
beforeAll(() => scripts.open(), PEERS_TIMEOUT);
afterAll(() => folder.remove());

interface Case {
  readonly name: string;
  readonly template?: string;
  readonly training: JsonObject;
}

const classWeights = Array.from({ length: 10 }, (_, index) => 0.5 + index / 10);
/** Every optimiser, loss and schedule, without what is random. */
const cases: readonly Case[] = [
  {
    name: 'adam',
    template: 'lenet-bn',
    training: {
      optimizer: 'adam',
      schedule: 'cosine',
      warmupEpochs: 0.5,
      labelSmoothing: 0.1,
      classWeights,
      k: 3,
    },
  },
  {
    name: 'adamw',
    training: { optimizer: 'adamw', weightDecay: 0.05, loss: 'binaryCrossEntropy', labelSmoothing: 0.2 },
  },
  {
    name: 'nesterov',
    training: {
      ...{ optimizer: 'nesterov', weightDecay: 0.01, learningRate: 0.02, loss: 'meanSquaredError' },
      ...{ schedule: 'step', decayEpochs: 1, decayFactor: 0.5 },
    },
  },
  { name: 'rmsprop', template: 'lenet-bn', training: { optimizer: 'rmsprop', learningRate: 0.001 } },
];

describe.each(cases)('$name', ({ name, template, training }) => {
  it(
    'trains as our own run does, and its checkpoint is ours',
    async () => {
      const document = lenetDocument({ ...training, epochs: 2 }, template);
      await scripts.write(name, document);
      const own = folder.path(`${name}-own`);
      const client = await openEngine({ runDirectory: own });
      const listener = new Listener(client);
      must(await client.call('train', { document, limit: LIMIT }));
      await listener.ended;
      const run = folder.path(`${name}-run`);
      const lines = await scripts.train(name, run, scripts.initial(name));
      const ours = readFileSync(join(own, 'metrics.jsonl'), 'utf8').trim().split('\n');
      const records = ours.map((line) => JSON.parse(line) as MetricRecord);
      expect(lines.map(({ event }) => event)).toEqual(records.map(({ event }) => event));
      const steps = difference(stepsIn(lines), stepsIn(records));
      const epochs = difference(epochsIn(lines), epochsIn(records));
      // Our own readers take the lines, and find all of them.
      const { history, stepHistory = [] } = await readOrigin(run, { withSteps: true });
      expect([history.length, stepHistory.length]).toEqual([2, 10]);
      const weights = await weightDifference(document, run, own);
      console.log(`${name}: ${JSON.stringify({ steps, epochs, weights })}`);
      expectWithin(steps, 2e-3);
      expectWithin(epochs, 2e-2);
      expect(weights).toBeLessThan(2e-2);
    },
    PEERS_TIMEOUT,
  );
});

/**
 * Between the weights of the script's last checkpoint, turned into our layout, and those of our own run. Biases before
 * batch normalisation have no gradient but rounding, which Adam and RMSprop blow up.
 */
async function weightDifference(document: string, run: string, own: string): Promise<number> {
  const model = expectOk(exportModelOf(expectOk(parseDocument(document)).document, 'test'));
  const checkpoint = must(await readNewestCheckpoint(own));
  const ours = new Map(checkpoint.tensors.map(({ name, values }) => [name, values]));
  const { tensors } = must(decodeSafetensors(readFileSync(join(run, 'weights.safetensors'))));
  const theirs = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const all = must(decodeSafetensors(readFileSync(join(run, 'checkpoints/epoch-2.safetensors')))).tensors;
  const hasNormalisation = model.layers.some(({ type }) => type === 'BatchNormalization');
  const weights = torchWeights(model);
  expect(theirs.size).toBe(weights.length);
  const distances = weights.map((weight) => {
    const tensor = required(theirs.get(weight.torchName), weight.torchName);
    expect(all.find(({ name }) => name === weight.torchName)).toEqual(tensor);
    expect(tensor.dims).toEqual(weight.dims);
    if (hasNormalisation && weight.role === 'bias') return 0;
    const turned = fromTorch(weight, tensor.values);
    const values = required(ours.get(weight.weight), weight.weight);
    return turned.reduce(
      (largest, value, index) => Math.max(largest, Math.abs(value - (values[index] ?? NaN))),
      0,
    );
  });
  return Math.max(...distances);
}

describe('the script', () => {
  /** Random images and dropout, a last batch that is smaller, and slots. */
  const document = lenetDocument({
    ...{ epochs: 2, randomCrop: 2, randomRotation: 10, randomZoom: 0.1, randomFlip: 'both' },
    ...{ randomBrightness: 0.1, optimizer: 'adam' },
  });

  it(
    'goes on as if it had never stopped, without lines twice',
    async () => {
      await scripts.write('resume', document);
      const whole = await scripts.train('resume', folder.path('whole'));
      const run = folder.path('stopped');
      cpSync(folder.path('whole'), run, { recursive: true });
      rmSync(join(run, 'checkpoints/epoch-2.safetensors'));
      const rest = await scripts.train('resume', run, ['--resume']);
      expect(rest[0]).toEqual({ event: 'resume', step: 5, epoch: 1, epochs: 2, totalSteps: 10 });
      expect(stepsIn(rest)).toEqual(stepsIn(whole).slice(5));
      expect(epochsIn(rest)).toEqual(epochsIn(whole).slice(1));
      const kept = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
      expect(kept).toHaveLength(whole.length + 1);
      const last = (of: string) => checkpointOf(join(folder.path(of), 'checkpoints/epoch-2.safetensors'));
      expect(last('stopped')).toEqual(last('whole'));
      expect(readdirSync(join(run, 'checkpoints')).sort()).toEqual([
        'epoch-1.safetensors',
        'epoch-2.safetensors',
      ]);
      await expect(scripts.train('resume', run)).rejects.toThrow('is not empty; --resume goes on with it');
    },
    PEERS_TIMEOUT,
  );

  it(
    'trains under torchrun on two processes as on one',
    async () => {
      const plain = lenetDocument({ epochs: 1 });
      await scripts.write('torchrun', plain);
      const alone = await scripts.train('torchrun', folder.path('alone'), scripts.initial('torchrun'));
      const both = await scripts.train(
        'torchrun',
        folder.path('both'),
        scripts.initial('torchrun'),
        twoProcesses,
      );
      expect(both.map(({ event }) => event)).toEqual(alone.map(({ event }) => event));
      expect(both[0]).toMatchObject({ processes: 2, totalSteps: 5 });
      expectWithin(difference(stepsIn(both), stepsIn(alone)), 1e-4);
      expectWithin(difference(epochsIn(both), epochsIn(alone)), 1e-4);
    },
    PEERS_TIMEOUT,
  );
});
