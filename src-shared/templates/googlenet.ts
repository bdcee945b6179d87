/** GoogLeNet (Szegedy et al., 2014) as in Dive into Deep Learning 7.4: nine Inception blocks. */
import { activation, conv, dense, globalPool, maxPool, output, stem } from './layers';
import { defineTemplate, type LayerSpec } from './template';

type Channels = readonly [
  c1: number,
  c2: readonly [number, number],
  c3: readonly [number, number],
  c4: number,
];

/** Channels of the Inception blocks of the third, fourth and fifth stage. */
const stages: readonly (readonly Channels[])[] = [
  [
    [64, [96, 128], [16, 32], 32],
    [128, [128, 192], [32, 96], 64],
  ],
  [
    [192, [96, 208], [16, 48], 64],
    [160, [112, 224], [24, 64], 64],
    [128, [128, 256], [24, 64], 64],
    [112, [144, 288], [32, 64], 64],
    [256, [160, 320], [32, 128], 128],
  ],
  [
    [256, [160, 320], [32, 128], 128],
    [384, [192, 384], [48, 128], 128],
  ],
];

function inceptions(stage: number): readonly LayerSpec[] {
  return (stages[stage - 3] ?? []).map(([c1, c2, c3, c4], i) => ({
    type: 'InceptionBlock',
    name: `inception${stage}${'abcde'[i] ?? ''}`,
    params: { c1, c2, c3, c4 },
  }));
}

export const googlenet = defineTemplate({
  id: 'googlenet',
  title: { en: 'GoogLeNet', 'zh-CN': 'GoogLeNet' },
  doc: {
    en: 'Nine Inception blocks, each looking at the image through windows of several sizes at once.',
    'zh-CN': '九个 Inception 块，每个块同时用多种大小的窗口观察图像。',
  },
  input: [96, 96, 1],
  training: { epochs: 5, batchSize: 64, optimizer: 'adam', learningRate: 0.001 },
  layers: ({ input, classes }) => [
    stem(input, false),
    [
      conv('conv2a', 64, 1),
      activation('relu2a', 'relu'),
      conv('conv2b', 192, 3, { padding: 1 }),
      activation('relu2b', 'relu'),
      maxPool('pool2', 3, 2, 1),
    ],
    [...inceptions(3), maxPool('pool3', 3, 2, 1)],
    [...inceptions(4), maxPool('pool4', 3, 2, 1)],
    [...inceptions(5), globalPool, dense('dense', classes), output],
  ],
});
