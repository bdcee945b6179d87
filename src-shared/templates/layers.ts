/** Short ways to write down the layers that the templates consist of. */
import { sameDims } from '../ir/shape';
import type { Shape } from '../ir/types';
import type { Json } from '../util/json';
import type { LayerSpec } from './template';

/** Images of the data sets that come with the product. */
const imageShape: Shape = [28, 28, 1];

/** The same number of pixels on every side, as PyTorch's `padding=n`. */
export function around(pixels: number): Json {
  return pixels === 0 ? 'valid' : { top: pixels, bottom: pixels, left: pixels, right: pixels };
}

/** The images, and what scales them to the network's size where that is another. */
export function entry(input: Shape): readonly LayerSpec[] {
  const [height = 1, width = 1, channels] = input;
  const node = (shape: Shape): LayerSpec => ({ type: 'Input', name: 'input', params: { shape } });
  if (sameDims(input, imageShape) || channels !== imageShape[2]) return [node(input)];
  return [node(imageShape), { type: 'Resizing', name: 'resize', params: { height, width } }];
}

export function conv(
  name: string,
  filters: number,
  size: number,
  { strides = 1, padding = 0 } = {},
): LayerSpec {
  const params = { filters, kernelSize: [size, size], strides: [strides, strides], padding: around(padding) };
  return { type: 'Conv2D', name, params };
}

export function activation(name: string, value: 'relu' | 'sigmoid'): LayerSpec {
  return { type: 'Activation', name, params: { activation: value } };
}

export function maxPool(name: string, size: number, strides: number, padding = 0): LayerSpec {
  const params = { poolSize: [size, size], strides: [strides, strides], padding: around(padding) };
  return { type: 'MaxPooling2D', name, params };
}

export function dense(name: string, units: number): LayerSpec {
  return { type: 'Dense', name, params: { units } };
}

export function dropout(name: string): LayerSpec {
  return { type: 'Dropout', name, params: { rate: 0.5 } };
}

export function norm(name: string): LayerSpec {
  return { type: 'BatchNormalization', name };
}

export const flatten: LayerSpec = { type: 'Flatten', name: 'flatten' };
export const globalPool: LayerSpec = { type: 'GlobalAveragePooling2D', name: 'pool' };
export const output: LayerSpec = { type: 'Output', name: 'output' };

/** Two dense layers of 4096 with dropout, and the classifier: the end of AlexNet and VGG. */
export function denseHead(classes: number): readonly (readonly LayerSpec[])[] {
  return [
    [flatten, dense('dense1', 4096), activation('relu_dense1', 'relu'), dropout('dropout1')],
    [dense('dense2', 4096), activation('relu_dense2', 'relu'), dropout('dropout2')],
    [dense('dense3', classes), output],
  ];
}

/** The start of GoogLeNet, ResNet and DenseNet: a 7×7 convolution and a pooling, each halving the image. */
export function stem(input: Shape, hasNorm: boolean): readonly LayerSpec[] {
  return [
    ...entry(input),
    conv('conv1', 64, 7, { strides: 2, padding: 3 }),
    ...(hasNorm ? [norm('norm1')] : []),
    activation('relu1', 'relu'),
    maxPool('pool1', 3, 2, 1),
  ];
}
