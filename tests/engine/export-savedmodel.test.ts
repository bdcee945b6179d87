/** Exports as SavedModel: a session of its own gives the same predictions, for every template and every node's examples. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import savedmodel from '@shared/export/savedmodel';
import type { GraphDocument } from '@shared/document/types';
import { templates } from '@shared/templates';
import { required } from '@shared/util/assert';
import { checkerOf } from '../../src-main/engine/export-checks';
import { exampleModels } from '../shared/export/examples';
import { randomInput } from '../shared/export/random-weights';
import { smallTemplates } from '../shared/small-templates';
import { exported, ExportFolder } from './export-support';
import { int32, float32 } from '../../src-main/engine/runtime/runtime';
import { largestDifference } from '../../src-main/engine/export-checks/checker';
import { cpuRuntime, expectOk } from './graph-session';
import { lossesOf, referenceOf } from './keras-exports';
import { lenetDocument } from './support';

const folder = new ExportFolder();
afterAll(() => folder.remove());

/** Exports the document with random weights and checks what was written; `damage` may change the bytes before. */
async function checked(name: string, document: GraphDocument, damage = (bytes: Buffer) => bytes) {
  const runtime = await cpuRuntime();
  const { input, images, predictions } = await referenceOf(document, runtime);
  const { files } = expectOk(savedmodel.export(input, { trainingStep: false }));
  const path = folder.path(name);
  mkdirSync(path);
  for (const { path: file, parts } of files) {
    writeFileSync(join(path, file), damage(Buffer.concat(parts.map((part) => Buffer.from(part)))));
  }
  const check = required(await checkerOf('savedmodel'), 'the check');
  return check({
    ...{ input, options: {}, path, isCancelled: () => false },
    samples: () =>
      Promise.resolve({
        ok: true,
        value: { count: required(images.dims[0], 'a batch'), inputs: images.values, predictions },
      }),
    runtime: () => Promise.resolve({ ok: true, value: runtime }),
  });
}

const small = { input: [96, 96, 1], widthDivisor: 8 } as const;

describe('SavedModel', () => {
  it('is checked before it is put in its place, with the signature beside the graph', async () => {
    const path = folder.path('lenet');
    const reply = await exported({
      ...{ target: 'savedmodel', document: lenetDocument({}, 'lenet-bn'), path, check: true },
    });
    expect(reply.check).toMatchObject({ reader: 'TensorFlow', compared: 'predictions', count: 32 });
    expect(required(reply.check, 'a report').largestDifference).toBeLessThan(1e-5);
    expect(readFileSync(join(path, 'saved_model.pb')).includes('serving_default')).toBe(true);
  });

  it.each(templates.map(({ id }) => id))('predicts alike for %s', async (id) => {
    const template = required(
      templates.find((each) => each.id === id),
      id,
    );
    const document = template.create(id.startsWith('lenet') ? {} : small);
    const report = expectOk(await checked(`template-${id}`, document));
    expect(report.largestDifference).toBeLessThanOrEqual(report.tolerance);
  });

  it.each(exampleModels.map((each, index) => ({ ...each, name: `${each.definition.type} ${index}` })))(
    'predicts alike with $name',
    async ({ document, name }) => {
      const report = expectOk(await checked(`node-${name}`, document));
      expect(report.largestDifference).toBeLessThanOrEqual(report.tolerance);
    },
  );

  it('is refused by its check when it is cut short', async () => {
    const document = required(templates[0], 'a template').create({});
    const cut = await checked('cut', document, (bytes) => bytes.subarray(0, bytes.length / 2));
    expect(cut.ok).toBe(false);
  });
});

describe('training step', () => {
  const labels = [2, 0, 1];
  const STEPS = 6;
  const settings = [
    ['lenet', { optimizer: 'sgd', learningRate: 0.1, loss: 'binaryCrossEntropy' }],
    ['lenet-bn', { optimizer: 'adam', learningRate: 0.002 }],
    ['lenet-bn', { optimizer: 'adamw', learningRate: 0.002, weightDecay: 0.01, labelSmoothing: 0.1 }],
    ['lenet-bn', { optimizer: 'nesterov', learningRate: 0.01, weightDecay: 0.001 }],
    ['lenet-bn', { optimizer: 'rmsprop', learningRate: 0.001, seed: 7 }],
    // Dropout draws anew in each step.
    ['alexnet', { optimizer: 'momentum', learningRate: 0.0005, seed: 3 }],
  ] as const;

  it.each(settings)('of %s with %j does what our training does', async (id, training) => {
    const runtime = await cpuRuntime();
    const made = required(
      smallTemplates.find(({ name }) => name === id),
      id,
    ).document;
    const document = { ...made, training: { ...made.training, ...training } };
    const reference = await referenceOf(document, runtime);
    const { input, images, predictions } = reference;
    const expected = await lossesOf(reference, labels, STEPS, runtime);
    const { files } = expectOk(savedmodel.export(input, { trainingStep: true }));
    const [bytes = new Uint8Array()] = required(files[0], 'a file').parts;
    const session = expectOk(await runtime.load(Buffer.from(bytes)));
    const feeds = { input: 'input:0' };
    const predict = session.bind({ feeds, fetches: ['output:0'] });
    const train = session.bind({ feeds: { ...feeds, labels: 'labels:0' }, fetches: ['train/loss:0'] });
    const given = { input: float32(images.values, [...images.dims]) };
    const before = Float32Array.from(required(expectOk(await predict(given))[0], 'predictions'));
    expect(largestDifference(before, predictions)).toBeLessThan(1e-5);
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      losses.push(Number(expectOk(await train({ ...given, labels: int32(labels) }))[0]?.[0]));
    }
    session.dispose();
    expect(largestDifference(Float32Array.from(losses), Float32Array.from(expected))).toBeLessThan(1e-4);
    // They are losses of training, not of a network that stands still.
    expect(new Set(losses).size).toBe(STEPS);
  });

  it('leaves the bytes without it as they are', () => {
    const input = randomInput(required(templates[0], 'a template').create({}));
    const [plain, trainable] = [false, true].map((isTrainable) =>
      Buffer.from(
        required(
          expectOk(savedmodel.export(input, { trainingStep: isTrainable })).files[0]?.parts[0],
          'bytes',
        ),
      ),
    );
    expect(plain?.includes('ResourceApply')).toBe(false);
    expect(trainable?.includes('ResourceApply')).toBe(true);
  });
});
