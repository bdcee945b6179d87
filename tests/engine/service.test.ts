/** The engine's contract over ports in memory, on the real TensorFlow and MNIST: train, ask, restore, refuse. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '@shared/formats/safetensors';
import { type EngineContract, engineContract } from '@shared/ipc/engine.contract';
import type { Reply } from '@shared/ipc/contract';
import { type Client, connect } from '@shared/ipc/rpc';
import type { MetricRecord } from '@shared/run/metrics';
import { runRecord } from '@shared/run/record';
import { EngineService } from '../../src-main/engine/service';
import { portPair } from '../shared/ipc/port-pair';
import {
  configuration,
  datasetDirectories,
  imageSettings,
  lenetDocument,
  Listener,
  must,
  openEngine,
  TestFolders,
} from './support';

const folders = new TestFolders();
afterAll(() => folders.remove());

const SAMPLES = 2000;
const BATCH = 64;
const STEPS = Math.ceil(SAMPLES / BATCH);

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('a run over two epochs', () => {
  const directory = folders.next();
  const document = lenetDocument({ epochs: 2 }, 'lenet-bn');
  let client: Client<EngineContract>;
  let listener: Listener;
  let plan: Reply<EngineContract, 'train'>;

  beforeAll(async () => {
    client = await openEngine({ runDirectory: directory });
    listener = new Listener(client);
    plan = must(await client.call('train', { document, limit: SAMPLES }));
    await listener.ended;
  });

  it('replies with its size', () => {
    expect(plan).toEqual({
      totalSteps: 2 * STEPS,
      stepsPerEpoch: STEPS,
      trainSamples: SAMPLES,
      testSamples: 10_000,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    });
  });

  it('goes through its states, and tells every step once', () => {
    const states = ['preparing', 'training', 'evaluating', 'training', 'evaluating', 'done'];
    expect(listener.states).toEqual(states.map((state) => ({ state })));
    expect(listener.losses).toHaveLength(2 * STEPS);
    expect(listener.messages.map(({ epoch }) => epoch)).toEqual(
      [...listener.messages.map(({ epoch }) => epoch)].sort(),
    );
  });

  it('learns', () => {
    const [first, second] = listener.epochs;
    expect(second?.loss).toBeLessThan(first?.loss ?? 0);
    expect(second?.accuracy).toBeGreaterThan(0.8);
    expect(second?.valAccuracy).toBeGreaterThan(0.3);
  });

  it('tells as loss of an epoch the mean of its steps over samples', () => {
    const sizes = Array.from({ length: STEPS }, (_, step) => Math.min(BATCH, SAMPLES - step * BATCH));
    for (const { epoch, loss } of listener.epochs) {
      const losses = listener.losses.slice((epoch - 1) * STEPS, epoch * STEPS);
      const mean = losses.reduce((sum, value, step) => sum + value * (sizes[step] ?? 0), 0) / SAMPLES;
      expect(loss).toBeCloseTo(mean, 6);
    }
  });

  it('keeps the document, the record, the metrics and a checkpoint for each epoch', () => {
    expect(readdirSync(directory).sort()).toEqual([
      'checkpoints',
      'document.loom',
      'metrics.jsonl',
      'run.json',
    ]);
    expect(readFileSync(join(directory, 'document.loom'), 'utf8')).toBe(document);
    const record = runRecord.parse(readJson(join(directory, 'run.json')));
    expect(record).toMatchObject({
      state: 'done',
      seed: 3,
      limit: SAMPLES,
      epochs: 2,
      steps: 2 * STEPS,
      settings: { dataset: 'mnist', optimizer: 'adam', batchSize: BATCH },
    });
    expect(readdirSync(join(directory, 'checkpoints')).sort()).toEqual([
      'epoch-1.safetensors',
      'epoch-2.safetensors',
    ]);
  });

  it('writes as metrics what it tells', () => {
    const lines = readFileSync(join(directory, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line) as MetricRecord);
    const steps = records.filter((record) => record.event === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 2 * STEPS }, (_, step) => step));
    expect(steps.map(({ loss }) => Math.fround(loss))).toEqual(listener.losses);
    const others = records.filter(({ event }) => event !== 'step');
    expect(others.map(({ event }) => event)).toEqual([
      'start',
      'epoch',
      'checkpoint',
      'epoch',
      'checkpoint',
      'done',
    ]);
    expect(others[1]).toEqual({ event: 'epoch', ...listener.epochs[0] });
  });

  it('keeps weights, optimiser slots and counters in a checkpoint', () => {
    const file = must(decodeSafetensors(readFileSync(join(directory, 'checkpoints/epoch-2.safetensors'))));
    expect(file.metadata).toEqual({ step: String(2 * STEPS), epoch: '2', seed: '3' });
    const trained = file.tensors.filter(({ name }) => /^[^/]+\/(kernel|bias|gamma|beta)$/.test(name));
    const slots = file.tensors.filter(({ name }) => name.split('/').length === 3);
    expect(trained.length).toBeGreaterThan(10);
    // Adam keeps two for each of them.
    expect(slots.length).toBe(2 * trained.length);
    for (const { dims, values } of file.tensors) {
      expect(values.length).toBe(dims.reduce((product, size) => product * size, 1));
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it('answers with test images, the wrong ones first, the surest first', async () => {
    const page = must(await client.call('predictTest', { offset: 0, limit: 200 }));
    expect(page).toMatchObject({ total: 10_000, width: 28, height: 28, channels: 1 });
    expect(page.wrong / page.total).toBeCloseTo(1 - (listener.epochs[1]?.valAccuracy ?? 0), 6);
    expect(page.images).toHaveLength(200);
    const sureness = page.images.map(({ probabilities }) => Math.max(...probabilities));
    expect(sureness).toEqual([...sureness].sort((a, b) => b - a));
    for (const { label, predicted, probabilities, pixels } of page.images) {
      expect(predicted).not.toBe(label);
      expect(probabilities[predicted]).toBe(Math.max(...probabilities));
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(pixels).toHaveLength(784);
    }
    const border = must(await client.call('predictTest', { offset: page.wrong - 1, limit: 2 }));
    expect(border.images.map(({ label, predicted }) => label === predicted)).toEqual([false, true]);
    const beyond = must(await client.call('predictTest', { offset: 10_000, limit: 5 }));
    expect(beyond.images).toEqual([]);
  });

  it('says of images from outside what it says of the same test images', async () => {
    const { images } = must(await client.call('predictTest', { offset: 0, limit: 3 }));
    const pixels = new Uint8Array(Buffer.concat(images.map((image) => image.pixels)));
    const { probabilities } = must(await client.call('predictImages', { count: 3, pixels }));
    images.forEach((image, index) => {
      const own = [...probabilities.subarray(10 * index, 10 * index + 10)];
      own.forEach((value, label) => expect(value).toBeCloseTo(image.probabilities[label] ?? 0, 5));
    });
    const short = await client.call('predictImages', { count: 4, pixels });
    expect(short).toMatchObject({ error: { code: 'ipc/bad-request' } });
  });

  it('evaluates another data set that fits, and its own again', async () => {
    const own = must(await client.call('evaluate', {}));
    const last = listener.epochs[1];
    const { valLoss: loss, valAccuracy: accuracy, valTopK: topK } = last ?? {};
    expect(own).toEqual({ loss, accuracy, topK, k: 5, samples: 10_000 });
    const clothes = must(await client.call('evaluate', { dataset: 'fashion-mnist' }));
    expect(clothes.accuracy).toBeLessThan(0.4);
    expect(must(await client.call('evaluate', {}))).toEqual(own);
    expect(await client.call('evaluate', { dataset: 'none' })).toMatchObject({
      error: { code: 'data/unknown-dataset' },
    });
  });

  it('answers questions that come together one after another', async () => {
    const page = { offset: 0, limit: 3 };
    const own = must(await client.call('evaluate', {}));
    const restored = await openEngine({ runDirectory: directory });
    must(await restored.call('restore', {}));
    const [images, clothes, again] = await Promise.all([
      restored.call('predictTest', page),
      restored.call('evaluate', { dataset: 'fashion-mnist' }),
      restored.call('evaluate', {}),
    ]);
    expect(images).toEqual(await client.call('predictTest', page));
    expect(must(clothes)).not.toEqual(own);
    expect(must(again)).toEqual(own);
  });

  it('trains once: a second run is refused', async () => {
    expect(await client.call('train', { document })).toMatchObject({ error: { code: 'run/busy' } });
    expect(await client.call('restore', {})).toMatchObject({ error: { code: 'run/busy' } });
  });

  it('is restored from its folder with the same figures', async () => {
    const restored = await openEngine({ runDirectory: directory });
    expect(must(await restored.call('restore', {}))).toEqual({
      epoch: 2,
      input: [28, 28, 1],
      classNames: plan.classNames,
      dataset: 'mnist',
    });
    expect(must(await restored.call('evaluate', {}))).toEqual(must(await client.call('evaluate', {})));
    const page = { offset: 0, limit: 5 };
    expect(await restored.call('predictTest', page)).toEqual(await client.call('predictTest', page));
  });

  it('refuses its folder for another run', async () => {
    const other = await openEngine({ runDirectory: directory });
    const refused = await other.call('train', { document, limit: SAMPLES });
    expect(refused).toMatchObject({ error: { code: 'run/directory-exists', args: { path: directory } } });
    expect(readFileSync(join(directory, 'document.loom'), 'utf8')).toBe(document);
  });
});

describe('LeNet with its own settings', () => {
  it('knows nine digits of ten after one epoch of MNIST', async () => {
    const client = await openEngine();
    const listener = new Listener(client);
    must(await client.call('train', { document: lenetDocument() }));
    expect(await listener.ended).toEqual({ state: 'done' });
    expect(listener.losses).toHaveLength(938);
    expect(listener.epochs[0]?.valAccuracy).toBeGreaterThan(0.9);
  });
});

describe('stop', () => {
  it('is acknowledged while training, and leaves a network that can be asked and restored', async () => {
    const directory = folders.next();
    const client = await openEngine({ runDirectory: directory });
    const listener = new Listener(client);
    const begun = Listener.firstStep(client);
    const plan = must(await client.call('train', { document: lenetDocument({ epochs: 50 }) }));
    await begun;
    for (const call of ['evaluate', 'restore'] as const) {
      expect(await client.call(call, {})).toMatchObject({ error: { code: 'run/busy' } });
    }
    expect(must(await client.call('stop', {}))).toEqual({ acknowledged: true });
    expect(await listener.ended).toEqual({ state: 'stopped' });
    const steps = listener.losses.length;
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(plan.stepsPerEpoch);
    expect(listener.checkpoints).toEqual([
      { epoch: 0, file: `checkpoints/epoch-0-step-${steps}.safetensors` },
    ]);
    const own = must(await client.call('evaluate', {}));
    const restored = await openEngine({ runDirectory: directory });
    expect(must(await restored.call('restore', {})).epoch).toBe(0);
    expect(must(await restored.call('evaluate', {}))).toEqual(own);
    expect(runRecord.parse(readJson(join(directory, 'run.json')))).toMatchObject({ state: 'stopped', steps });
  });

  it('while preparing ends the run before its first step', async () => {
    const client = await openEngine();
    const listener = new Listener(client);
    const starting = client.call('train', { document: lenetDocument() });
    must(await client.call('stop', {}));
    must(await starting);
    expect(await listener.ended).toEqual({ state: 'stopped' });
    expect(listener.losses).toEqual([]);
  });
});

describe('a run that fails', () => {
  it('by a loss that is not finite says so, and ends', async () => {
    const directory = folders.next();
    const client = await openEngine({ runDirectory: directory });
    const listener = new Listener(client);
    const document = lenetDocument({ optimizer: 'sgd', learningRate: 1000, weightDecay: 10 });
    must(await client.call('train', { document, limit: SAMPLES }));
    const { state, problem } = await listener.ended;
    expect([state, problem?.code]).toEqual(['failed', 'run/loss-not-finite']);
    expect(Number.isFinite(listener.losses.at(-1))).toBe(false);
    expect(runRecord.parse(readJson(join(directory, 'run.json')))).toMatchObject({
      state: 'failed',
      problem: { code: 'run/loss-not-finite' },
    });
  });
});

describe('what cannot be trained is refused, and the engine stays ready', () => {
  const lenet = lenetDocument();
  const narrow = lenet.replace(/"units":\s*10\b/, '"units": 7');

  it.each([
    ['a text that is no document', { document: 'hello' }, 'file/not-json'],
    ['a network with other classes', { document: narrow }, 'data/classes-mismatch'],
    ['fewer images than a batch', { document: lenet, limit: 63 }, 'run/batch-larger-than-data'],
    ['a setting out of range', { document: lenetDocument({ learningRate: -1 }) }, 'param/out-of-range'],
  ])('%s', async (_name, request, code) => {
    const directory = folders.next();
    const client = await openEngine({ runDirectory: directory });
    const listener = new Listener(client);
    expect(await client.call('train', request)).toMatchObject({ ok: false, error: { code } });
    expect(listener.states).toEqual([{ state: 'preparing' }, { state: 'idle' }]);
    expect(() => readdirSync(directory)).toThrow('ENOENT');
    must(await client.call('train', { document: lenet, limit: 640 }));
    expect(await listener.ended).toEqual({ state: 'done' });
  });

  it('a data set that is not on this machine', async () => {
    const client = await openEngine({ datasetDirectories: {} });
    const refused = await client.call('train', { document: lenet });
    expect(refused).toMatchObject({ error: { code: 'data/missing', args: { dataset: 'mnist' } } });
    expect(Object.keys(datasetDirectories).sort()).toEqual(['fashion-mnist', 'mnist']);
  });
});

describe('a last batch of one under batch normalisation after Dense', () => {
  it('is skipped, and the run says so once', async () => {
    const client = await openEngine();
    const listener = new Listener(client);
    const document = lenetDocument({ epochs: 2 }, 'lenet-bn');
    const plan = must(await client.call('train', { document, limit: 10 * BATCH + 1 }));
    expect(plan.stepsPerEpoch).toBe(10);
    expect(await listener.ended).toEqual({ state: 'done' });
    expect(listener.losses).toHaveLength(20);
    const told = listener.states.filter(({ problem }) => problem !== undefined);
    expect(told).toMatchObject([
      { state: 'training', problem: { code: 'run/batch-skipped', severity: 'warning' } },
    ]);
    expect(told[0]?.problem?.args['name']).not.toBe('');
  });
});

describe('a folder that is no run', () => {
  it.each([
    ['empty', () => undefined, 'NO_DOCUMENT'],
    [
      'without a checkpoint',
      (path: string) => writeFileSync(join(path, 'document.loom'), lenetDocument()),
      'NO_CHECKPOINT',
    ],
    [
      'with a damaged checkpoint',
      (path: string) => {
        writeFileSync(join(path, 'document.loom'), lenetDocument());
        mkdirSync(join(path, 'checkpoints'));
        writeFileSync(join(path, 'checkpoints/epoch-1.safetensors'), 'damaged');
      },
      'BAD_CHECKPOINT',
    ],
  ])('%s is refused with the reason', async (_name, fill, reason) => {
    const directory = folders.next();
    mkdirSync(directory, { recursive: true });
    fill(directory);
    const client = await openEngine({ runDirectory: directory });
    expect(await client.call('restore', {})).toMatchObject({
      error: { code: 'run/not-a-run', args: { reason } },
    });
    expect(await client.call('evaluate', {})).toMatchObject({ error: { code: 'run/nothing-trained' } });
  });
});

describe('an exception in the engine', () => {
  it('is told, and the engine stays answerable', async () => {
    const [near, far] = portPair();
    const broken = Promise.reject(new Error('broken'));
    const service = new EngineService(
      far,
      configuration(folders.next()),
      broken,
      imageSettings(folders.next()),
    );
    const client = connect(engineContract, near);
    const listener = new Listener(client);
    const refusal = { error: { code: 'run/engine-failed', args: { reason: 'broken' } } };
    expect(await client.call('train', { document: lenetDocument() })).toMatchObject(refusal);
    expect(await client.call('train', { document: lenetDocument() })).toMatchObject(refusal);
    service.fail(new Error('out of luck'));
    expect(await listener.ended).toMatchObject({
      state: 'failed',
      problem: { code: 'run/engine-failed', args: { reason: 'out of luck' } },
    });
    expect(must(await client.call('stop', {}))).toEqual({ acknowledged: true });
  });
});
