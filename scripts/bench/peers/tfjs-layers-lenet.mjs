// Child of scripts/bench/lenet.mjs: LeNet in tfjs-layers on tfjs-node; prints milliseconds per step, one JSON line.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
// Required, not imported: the environment must be set before TensorFlow loads.
/** @type {typeof import('@tensorflow/tfjs-node')} */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node');

const [folder = '', batchText, stepsText, epochsText] = process.argv.slice(2);
const [batch, steps, epochs] = [Number(batchText), Number(stepsText), Number(epochsText)];
const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;

/** The layers and settings of the template, padding written as a layer since tfjs has none per side. */
function lenet() {
  const { layers } = tf;
  /** @param {number} filters */
  const convolution = (filters) => layers.conv2d({ filters, kernelSize: 5, activation: 'sigmoid' });
  const model = tf.sequential({
    layers: [
      layers.zeroPadding2d({ padding: 2, inputShape: [28, 28, 1] }),
      convolution(6),
      layers.averagePooling2d({ poolSize: 2, strides: 2 }),
      convolution(16),
      layers.averagePooling2d({ poolSize: 2, strides: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: 'sigmoid' }),
      layers.dense({ units: 84, activation: 'sigmoid' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** One tensor pair per step, already in memory: tfjs is not charged for its input pipeline. */
function batches() {
  const images = readFileSync(join(folder, 'train-images-idx3-ubyte'));
  const labels = readFileSync(join(folder, 'train-labels-idx1-ubyte'));
  return Array.from({ length: steps }, (_, step) => {
    const pixels = images.subarray(
      IMAGE_HEADER + step * batch * 784,
      IMAGE_HEADER + (step + 1) * batch * 784,
    );
    const classes = labels.subarray(LABEL_HEADER + step * batch, LABEL_HEADER + (step + 1) * batch);
    return {
      x: tf.tensor4d(
        Float32Array.from(pixels, (byte) => byte / 255),
        [batch, 28, 28, 1],
      ),
      y: tf.oneHot(tf.tensor1d(Int32Array.from(classes), 'int32'), 10).toFloat(),
    };
  });
}

const model = lenet();
const data = batches();
for (let epoch = 0; epoch < epochs; epoch++) {
  const start = performance.now();
  let loss;
  for (const { x, y } of data) [loss] = [await model.trainOnBatch(x, y)].flat();
  console.log(JSON.stringify({ msPerStep: (performance.now() - start) / steps, loss }));
}
