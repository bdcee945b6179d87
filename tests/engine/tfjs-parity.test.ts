/** Whole networks against tfjs-layers: from the same weights and batches, the same losses, weights and predictions. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileDocument } from '@shared/compile/compile';
import type { GraphDocument } from '@shared/document/types';
import { templates } from '@shared/templates';
import { required } from '@shared/util/assert';
import { int32, type Runtime } from '../../src-main/engine/runtime/runtime';
import { Sketch } from '../shared/sketch';
import { cpuRuntime, expectOk, numbers, ProgramSession, sample, size } from './graph-session';

const COUNT = 24;
const BATCH = 8;
const RATE = 0.1;

let runtime: Runtime;
beforeAll(async () => {
  await tf.setBackend('cpu');
  runtime = await cpuRuntime();
});

/** The document's chain as a tfjs-layers model; padding on every side is a layer of its own there. */
function peerOf(document: GraphDocument, order: readonly string[]): tf.Sequential {
  const model = tf.sequential();
  const input = { inputShape: [28, 28, 1] };
  const makers: Readonly<
    Record<string, (params: GraphDocument['nodes'][string]['params'], id: string) => tf.layers.Layer[]>
  > = {
    Input: () => [tf.layers.activation({ activation: 'linear', ...input })],
    Conv2D: ({ filters, padding }, name) => [
      ...(typeof padding === 'object'
        ? [
            tf.layers.zeroPadding2d({
              padding: [
                [2, 2],
                [2, 2],
              ],
            }),
          ]
        : []),
      tf.layers.conv2d({ filters: Number(filters), kernelSize: 5, name }),
    ],
    Activation: () => [tf.layers.activation({ activation: 'sigmoid' })],
    AveragePooling2D: () => [tf.layers.averagePooling2d({ poolSize: 2, strides: 2 })],
    BatchNormalization: (_, name) => [tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name })],
    Flatten: () => [tf.layers.flatten()],
    Dense: ({ units }, name) => [tf.layers.dense({ units: Number(units), name })],
    Output: () => [],
  };
  for (const id of order) {
    const node = required(document.nodes[id], id);
    for (const layer of required(makers[node.type], node.type)(node.params, id)) model.add(layer);
  }
  return model;
}

/** tfjs names `conv2d_1/kernel` as we do, but has no biased variance: see below. */
function copyWeights(model: tf.Sequential, weights: ReadonlyMap<string, ArrayLike<number>>): void {
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    layer.setWeights(
      layer.weights.map(({ originalName, shape }) =>
        tf.tensor(Array.from(required(weights.get(originalName), originalName)), shape.map(Number)),
      ),
    );
  }
}

/** The chains without blocks; the others are compared with PyTorch. */
const compared = templates
  .filter(({ id }) => id === 'lenet' || id === 'lenet-bn')
  .map((template) => ({ name: template.id, template }));

describe.each(compared)('$name', ({ template }) => {
  it('gives the losses, weights and predictions of tfjs-layers', async () => {
    const sketch = new Sketch(template.create());
    sketch.run({ kind: 'setTraining', setting: 'optimizer', value: 'sgd' });
    const program = expectOk(compileDocument(sketch.document));
    const bytes = Uint8Array.from(sample(COUNT * size(program.input), 3, { low: 0, high: 256 }));
    const random = numbers(4);
    const labels = Int32Array.from({ length: COUNT }, () => Math.floor(random() * program.classes));
    const session = await ProgramSession.open(runtime, program, bytes, labels);
    const model = peerOf(sketch.document, topological(sketch.document));
    copyWeights(model, await session.weights());
    const x = tf.tensor4d(
      Float32Array.from(bytes, (byte) => byte / 255),
      [COUNT, 28, 28, 1],
    );
    const y = tf.oneHot(tf.tensor1d(labels, 'int32'), program.classes);
    const optimizer = tf.train.sgd(RATE);
    for (let step = 0; step < COUNT / BATCH; step++) {
      const rows = Array.from({ length: BATCH }, (_, i) => step * BATCH + i);
      const [loss] = await session.step(rows, step, RATE);
      const cost = optimizer.minimize(() => {
        const logits = model.apply(x.slice([step * BATCH], [BATCH]), { training: true }) as tf.Tensor;
        return tf.losses.softmaxCrossEntropy(y.slice([step * BATCH], [BATCH]), logits);
      }, true);
      expect(loss).toBeCloseTo((await required(cost, 'a cost').data())[0] ?? NaN, 4);
    }
    const weights = await session.weights();
    for (const { name, val } of model.weights.map((each) => ({
      name: each.originalName,
      val: each.read(),
    }))) {
      const expected = await val.data();
      const tolerance = name.endsWith('moving_variance') ? varianceTolerance(name) : 2e-4;
      // A bias before batch normalisation has gradient zero but for rounding: hence the floor.
      const largest = Math.max(1e-2, ...Array.from(expected, Math.abs));
      expected.forEach((value, i) =>
        expect(Math.abs(value - (weights.get(name)?.[i] ?? NaN)) / largest, `${name}[${i}]`).toBeLessThan(
          tolerance,
        ),
      );
    }
    const [loss, probabilities] = await Promise.all([
      session.call(program.functions.evaluate, { indices: int32([...labels.keys()]) }),
      session.call(program.functions.predictTest, { indices: int32([...labels.keys()]) }),
    ]);
    copyWeights(model, weights);
    const logits = model.predict(x) as tf.Tensor2D;
    const peerLoss = (await tf.losses.softmaxCrossEntropy(y, logits).data())[0] ?? NaN;
    expect((loss[0]?.[0] ?? NaN) / COUNT).toBeCloseTo(peerLoss, 4);
    const peerProbabilities = await tf.softmax(logits).data();
    peerProbabilities.forEach((value, i) =>
      expect(Math.abs(value - (probabilities[0]?.[i] ?? NaN))).toBeLessThan(1e-4),
    );
    session.session.dispose();
  });
});

/**
 * The moving variance takes the unbiased batch variance, as TensorFlow's fused kernel and PyTorch do; tfjs takes the
 * biased one. They differ by n / (n - 1), n values per channel in a batch.
 */
function varianceTolerance(name: string): number {
  const isAfterDense = Number(name.split('/')[0]?.split('_').at(-1)) > 2;
  const values = isAfterDense ? BATCH : BATCH * 8 * 8;
  return 2 / (values - 1) + 2e-4;
}

function topological(document: GraphDocument): readonly string[] {
  const next = new Map(Object.values(document.wires).map(({ from, to }) => [from[0], to[0]]));
  const order = ['input_1'];
  for (const id of order) {
    const follower = next.get(id);
    if (follower) order.push(follower);
  }
  return order;
}

it('predicts the same from images that are fed as from those in the session', async () => {
  const program = expectOk(compileDocument(required(templates[0], 'LeNet').create()));
  const bytes = Uint8Array.from(sample(4 * size(program.input), 3, { low: 0, high: 256 }));
  const session = await ProgramSession.open(runtime, program, bytes, Int32Array.of(0, 1, 2, 3));
  const kept = await session.call(program.functions.predictTest, { indices: int32([0, 1, 2, 3]) });
  const fed = await session.call(program.functions.predict, {
    images: { type: 'uint8', dims: [4, ...program.input], values: bytes },
  });
  expect(fed).toEqual(kept);
  const total = Array.from(fed[0] ?? []).reduce((sum, value) => sum + value, 0);
  expect(total).toBeCloseTo(4, 5);
  session.session.dispose();
});
