/** Mistakes in the parameters of nodes: each is a problem at its parameter, before anything runs. */
import { describe, expect, it } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import { compileDocument } from '@shared/compile/compile';
import type { Shape } from '@shared/ir/types';
import type { JsonObject } from '@shared/util/json';
import { Sketch } from '../sketch';

/** Input, the node, a classifier. */
function around(shape: Shape, type: string, params: JsonObject): Sketch {
  const sketch = new Sketch();
  const node = sketch.add(type, params, sketch.add('Input', { shape }));
  sketch.add('Output', {}, sketch.add('Dense', { units: 4 }, sketch.add('Flatten', {}, node)));
  return sketch;
}

const image: Shape = [12, 10, 6];

it.each<readonly [string, JsonObject, string, string]>([
  ['Conv2D', { filters: 0 }, 'param/out-of-range', 'filters'],
  ['Conv2D', { filters: 8, groups: 4 }, 'shape/groups-channels', 'groups'],
  ['Conv2D', { filters: 8, groups: 3 }, 'shape/groups-filters', 'groups'],
  ['Conv2D', { groups: 0 }, 'param/out-of-range', 'groups'],
  ['Conv2D', { kernelSize: [0, 3] }, 'param/not-sizes', 'kernelSize'],
  ['Conv2D', { strides: [0, 1] }, 'param/not-sizes', 'strides'],
  ['Conv2D', { dilationRate: [0, 1] }, 'param/not-sizes', 'dilationRate'],
  ['Conv2D', { kernelSize: [13, 1] }, 'shape/window-too-large', 'kernelSize'],
  ['Conv2D', { dilationRate: [1, 5] }, 'shape/window-too-large', 'kernelSize'],
  ['Conv2D', { dilationRate: [2, 1], strides: [1, 2] }, 'shape/dilated-and-strided', 'dilationRate'],
  ['Conv2D', { kernelInitializer: 'custom' }, 'shape/kernel-values', 'kernelValues'],
  [
    'Conv2D',
    { kernelInitializer: 'custom', kernelValues: [[1], [1, 2]] },
    'param/not-kernel',
    'kernelValues',
  ],
  [
    'Conv2D',
    { kernelSize: [1, 1], filters: 2, kernelInitializer: 'custom', kernelValues: [[[[1, 2]]]] },
    'shape/kernel-values',
    'kernelValues',
  ],
  ['DepthwiseConv2D', { depthMultiplier: 0 }, 'param/out-of-range', 'depthMultiplier'],
  ['DepthwiseConv2D', { kernelSize: [3, 11] }, 'shape/window-too-large', 'kernelSize'],
  ['DepthwiseConv2D', { strides: [2, 2], dilationRate: [2, 2] }, 'shape/dilated-and-strided', 'dilationRate'],
  ['SeparableConv2D', { filters: -1 }, 'param/out-of-range', 'filters'],
  ['SeparableConv2D', { kernelSize: [13, 13] }, 'shape/window-too-large', 'kernelSize'],
  [
    'Conv2DTranspose',
    { padding: { top: 20, bottom: 20, left: 0, right: 0 } },
    'shape/crop-too-large',
    'padding',
  ],
  [
    'MaxPooling2D',
    { poolSize: [2, 1], padding: { top: 0, bottom: 0, left: 1, right: 0 } },
    'shape/window-in-padding',
    'padding',
  ],
  [
    'MaxPooling2D',
    { strides: [1, 1], padding: { top: 0, bottom: 2, left: 0, right: 0 } },
    'shape/window-in-padding',
    'padding',
  ],
  ['ZeroPadding2D', { padding: [1, 1, -1, 0] }, 'param/not-sizes', 'padding'],
  ['Cropping2D', { cropping: [6, 6, 0, 0] }, 'shape/crop-too-large', 'cropping'],
  ['Cropping2D', { cropping: [0, 0, 9, 9] }, 'shape/crop-too-large', 'cropping'],
  ['UpSampling2D', { size: [0, 2] }, 'param/not-sizes', 'size'],
  ['Resizing', { height: 0 }, 'param/out-of-range', 'height'],
  ['Resizing', { interpolation: 'cubic' }, 'param/not-choice', 'interpolation'],
  ['GroupNormalization', { groups: 4 }, 'shape/groups-channels', 'groups'],
  ['GroupNormalization', {}, 'shape/groups-channels', 'groups'],
  ['LayerNormalization', { epsilon: 0 }, 'param/out-of-range', 'epsilon'],
  ['Reshape', { targetShape: [7, 7, 7] }, 'shape/reshape-count', 'targetShape'],
  ['Reshape', { targetShape: [7, -1, 7] }, 'shape/reshape-count', 'targetShape'],
  ['Reshape', { targetShape: [-1, -1, 6] }, 'param/not-shape', 'targetShape'],
  ['Reshape', { targetShape: [12, 60] }, 'param/not-shape', 'targetShape'],
  ['Reshape', { targetShape: [0] }, 'param/not-shape', 'targetShape'],
  ['SpatialDropout2D', { rate: 1 }, 'param/out-of-range', 'rate'],
  ['GaussianNoise', { stddev: -0.1 }, 'param/out-of-range', 'stddev'],
  ['PReLU', { sharedAxes: [1, 2] }, 'param/not-choice', 'sharedAxes'],
  ['Rescaling', { scale: 'big' }, 'param/not-number', 'scale'],
])('%s %j: %s at %s', (type, params, code, param) => {
  const sketch = around(image, type, params);
  const errors = analyse(sketch.document).problems.filter(({ severity }) => severity === 'error');
  expect(errors[0]).toMatchObject({ code, param });
  expect(errors[0]?.node).toMatch(/_1$/);
  expect(compileDocument(sketch.document).ok).toBe(false);
});

describe('more than 2^31 elements', () => {
  it.each<readonly [Shape, string, JsonObject, string, string]>([
    [[4096, 4096, 3], 'Conv2D', { filters: 65536, padding: 'same' }, 'shape/too-large', 'filters'],
    [[1024, 1024, 64], 'UpSampling2D', { size: [64, 64] }, 'shape/too-large', 'size'],
    [[8, 8, 4096], 'Resizing', { height: 4096, width: 4096 }, 'shape/too-large', 'height'],
    [[4096, 4096, 512], 'Input', {}, 'shape/too-large', 'shape'],
    [
      [1024, 1024, 1],
      'Conv2D',
      { filters: 65536, kernelSize: [1024, 1024] },
      'shape/weights-too-large',
      'filters',
    ],
    [[4096, 4096, 64], 'DepthwiseConv2D', { depthMultiplier: 1024 }, 'shape/too-large', 'depthMultiplier'],
  ])('%j into %s %j: %s at %s', (shape, type, params, code, param) => {
    const sketch = type === 'Input' ? new Sketch() : around(shape, type, params);
    if (type === 'Input') sketch.add('Input', { shape });
    const { problems } = analyse(sketch.document);
    expect(problems.find((each) => each.code === code)).toMatchObject({ code, param });
  });

  it('of a dense kernel, at its units', () => {
    const sketch = new Sketch();
    const values = sketch.add('Flatten', {}, sketch.add('Input', { shape: [512, 512, 3] }));
    sketch.add('Output', {}, sketch.add('Dense', { units: 10000 }, values));
    expect(analyse(sketch.document).problems[0]).toMatchObject({
      code: 'shape/weights-too-large',
      node: 'dense_1',
      param: 'units',
      args: { shape: '786432×10000' },
    });
  });
});

describe('several mistakes in one node', () => {
  it('are all named', () => {
    const params = { filters: 8, groups: 3, kernelSize: [13, 3], dilationRate: [2, 2], strides: [2, 2] };
    const { problems } = analyse(around(image, 'Conv2D', params).document);
    expect(problems.map(({ code }) => code)).toEqual([
      'shape/window-too-large',
      'shape/groups-filters',
      'shape/dilated-and-strided',
    ]);
  });
});

describe('frozen nodes', () => {
  it('count as parameters, not as trainable ones', () => {
    const { nodes, totals } = analyse(around(image, 'Conv2D', { filters: 4, isTrainable: false }).document);
    const [conv, dense] = [3 * 3 * 6 * 4 + 4, 10 * 8 * 4 * 4 + 4];
    expect(nodes['conv2d_1']).toMatchObject({ params: conv, trainableParams: 0 });
    expect(totals).toMatchObject({ params: conv + dense, trainableParams: dense });
  });

  it('alone have nothing to learn', () => {
    const sketch = new Sketch();
    const values = sketch.add('Flatten', {}, sketch.add('Input', {}));
    sketch.add('Output', {}, sketch.add('Dense', { isTrainable: false }, values));
    expect(analyse(sketch.document).problems.map(({ code }) => code)).toEqual(['graph/no-weights']);
  });

  it('have no optimiser slots and no gradient', () => {
    const sketch = around(image, 'Conv2D', { filters: 4, isTrainable: false });
    const program = compileDocument(sketch.document);
    if (!program.ok) throw new Error(JSON.stringify(program.error));
    const named = program.value.variables.filter(({ name }) => name.startsWith('conv2d_1/'));
    expect(named.map(({ name, isTrainable }) => [name, isTrainable])).toEqual([
      ['conv2d_1/kernel', false],
      ['conv2d_1/bias', false],
    ]);
    expect(Buffer.from(program.value.savedModel).includes('Conv2DBackpropFilter')).toBe(false);
  });
});

describe('cost of the new nodes, by the closed formulas', () => {
  it.each<readonly [string, JsonObject, object]>([
    [
      'Conv2D',
      { filters: 8, groups: 2, padding: 'same' },
      { params: 9 * 3 * 8 + 8, macs: 120 * 8 * 9 * 3, receptiveField: [3, 3] },
    ],
    [
      'Conv2D',
      { filters: 4, dilationRate: [2, 3], padding: 'same' },
      { params: 9 * 6 * 4 + 4, macs: 120 * 4 * 9 * 6, receptiveField: [5, 7] },
    ],
    [
      'DepthwiseConv2D',
      { depthMultiplier: 2, padding: 'same' },
      { params: 9 * 6 * 2 + 12, macs: 120 * 12 * 9, receptiveField: [3, 3] },
    ],
    [
      'SeparableConv2D',
      { filters: 5, depthMultiplier: 2, padding: 'same' },
      { params: 9 * 6 * 2 + 12 * 5 + 5, macs: 120 * (12 * 9 + 12 * 5), receptiveField: [3, 3] },
    ],
    [
      'Conv2DTranspose',
      { filters: 5, kernelSize: [4, 2] },
      { params: 8 * 5 * 6 + 5, macs: 120 * 8 * 5 * 6, outputShape: [26, 20, 5], receptiveField: [2, 1] },
    ],
    ['LayerNormalization', {}, { params: 12, trainableParams: 12, macs: 0 }],
    ['GroupNormalization', { groups: 3 }, { params: 12, trainableParams: 12, macs: 0 }],
    ['PReLU', {}, { params: 6 }],
    ['PReLU', { sharedAxes: 'none' }, { params: 720 }],
    ['UpSampling2D', { interpolation: 'bilinear' }, { params: 0, receptiveField: [2, 2] }],
  ])('%s %j', (type, params, expected) => {
    const id =
      Object.keys(around(image, type, params).document.nodes).find((each) =>
        /^(?!input|output|dense|flatten)/.test(each),
      ) ?? '';
    expect(analyse(around(image, type, params).document).nodes[id]).toMatchObject(expected);
  });
});
