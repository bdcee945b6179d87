/** Models made with TensorFlow.js itself: imported, our session predicts what it predicts. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { exportModelOf } from '@shared/export/build-model';
import { matchWeights } from '@shared/import/match-weights';
import { required } from '@shared/util/assert';
import { largestDifference } from '../../src-main/engine/export-checks/checker';
import { randomInput } from '../shared/export/random-weights';
import { imported } from '../shared/import/round-trip';
import { cpuRuntime, expectOk, numbers } from './graph-session';
import { predictionsOf } from './keras-exports';

beforeAll(() => {
  // Without its advice on the console.
  tf.enableProdMode();
  return tf.setBackend('cpu');
});

const IMAGES = 3;
const SHAPE = [10, 8, 2];

/** Every kind of layer that we read, each with values that change what the model says. */
function model(): tf.LayersModel {
  const { layers } = tf;
  const input = tf.input({ shape: SHAPE });
  const apply = (layer: tf.layers.Layer, ...from: readonly tf.SymbolicTensor[]) =>
    layer.apply(from.length === 1 ? required(from[0], 'an input') : [...from]) as tf.SymbolicTensor;
  const a = apply(
    layers.conv2d({
      filters: 4,
      kernelSize: [3, 2],
      padding: 'same',
      activation: 'relu',
      kernelInitializer: 'heNormal',
    }),
    input,
  );
  const b = apply(
    layers.batchNormalization({ epsilon: 0.01 }),
    apply(layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: 2 }), input),
  );
  const joined = apply(layers.add(), a, b);
  const pooled = apply(layers.maxPooling2d({ poolSize: 2 }), apply(layers.leakyReLU({ alpha: 0.2 }), joined));
  const wide = apply(
    layers.upSampling2d({ size: [2, 2] }),
    apply(layers.separableConv2d({ filters: 3, kernelSize: 2 }), pooled),
  );
  const shaped = apply(
    layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
    wide,
  );
  const cut = apply(
    layers.averagePooling2d({ poolSize: 2 }),
    apply(
      layers.zeroPadding2d({
        padding: [
          [1, 0],
          [0, 2],
        ],
      }),
      shaped,
    ),
  );
  const flat = apply(layers.flatten(), apply(layers.layerNormalization({}), cut));
  const hidden = apply(
    layers.dropout({ rate: 0.5 }),
    apply(layers.dense({ units: 7, activation: 'tanh' }), flat),
  );
  const output = apply(layers.dense({ units: 3, activation: 'softmax' }), hidden);
  return tf.model({ inputs: input, outputs: output });
}

it('a model of TensorFlow.js predicts the same after it was imported', async () => {
  const made = model();
  const random = numbers(5);
  // Variances are the only values that must be positive.
  made.setWeights(
    made.getWeights().map(({ shape }) =>
      tf.tensor(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.1 + 0.5 * random()),
        shape,
      ),
    ),
  );
  const saved = await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const keep = tf.io.withSaveHandler((artifacts) => {
      resolve(artifacts);
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    });
    made.save(keep).catch(reject);
  });
  const json = {
    modelTopology: saved.modelTopology,
    weightsManifest: [{ paths: ['w.bin'], weights: saved.weightSpecs }],
  };
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(saved.weightData));
  const { document, tensors, report } = await imported(
    'model.json',
    new TextEncoder().encode(JSON.stringify(json)),
    new Map([['w.bin', weights]]),
  );
  expect(report.filter(({ outcome }) => outcome !== 'taken')).toEqual([]);
  const matched = expectOk(matchWeights(document, tensors));
  expect(matched.report.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  const input = {
    ...randomInput(document),
    model: expectOk(exportModelOf(document, 'imported')),
    weights: new Map(matched.tensors.map(({ name, ...tensor }) => [name, tensor])),
  };
  const size = IMAGES * SHAPE.reduce((a, b) => a * b, 1);
  const pixels = Uint8Array.from({ length: size }, () => Math.floor(256 * random()));
  const ours = await predictionsOf(input, pixels, await cpuRuntime());
  const images = tf.tensor(
    Float32Array.from(pixels, (pixel) => pixel / 255),
    [IMAGES, ...SHAPE],
  );
  const theirs = made.predict(images) as tf.Tensor;
  expect(largestDifference(ours, Float32Array.from(await theirs.data()))).toBeLessThan(1e-4);
});
