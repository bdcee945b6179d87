/** The blocks of the registry: PyTorch's figures, their parts, and mistakes at their places. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyse } from '@shared/compile/analyse';
import { inferNode } from '@shared/compile/infer';
import { nodeTypes } from '@shared/nodes';
import { builtIns } from '@shared/nodes/resolve';
import { parseParams } from '@shared/params/fields';
import { formatProblem } from '@shared/problems/format';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { Sketch } from '../sketch';
import { around, errors, only } from './around';

const stage = z.object({ layer: z.string(), out: z.array(z.number()), params: z.number() });
const networks = z
  .object({
    networks: z.record(z.string(), z.object({ input: z.array(z.number()), stages: z.array(stage) })),
  })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../reference/architectures.json'), 'utf8')),
  ).networks;

/** [channels, height, width] of PyTorch, as ours. */
const channelsLast = ([channels = 0, ...sizes]: readonly number[]) => [...sizes, channels];

/** Which stages of the reference networks make one block of ours: their number, its type and parameters. */
const stagesOf: Readonly<Record<string, readonly (readonly [number, string, JsonObject])[]>> = {
  GoogLeNet: (
    [
      [64, [96, 128], [16, 32], 32],
      [128, [128, 192], [32, 96], 64],
      [192, [96, 208], [16, 48], 64],
      [160, [112, 224], [24, 64], 64],
      [128, [128, 256], [24, 64], 64],
      [112, [144, 288], [32, 64], 64],
      [256, [160, 320], [32, 128], 128],
      [256, [160, 320], [32, 128], 128],
      [384, [192, 384], [48, 128], 128],
    ] as const
  ).map(([c1, c2, c3, c4]) => [1, 'InceptionBlock', { c1, c2, c3, c4 }]),
  'ResNet-18': [64, 128, 256, 512].flatMap((filters) => [
    [1, 'ResidualBlock', { filters, strides: filters === 64 ? [1, 1] : [2, 2] }] as const,
    [1, 'ResidualBlock', { filters }] as const,
  ]),
  DenseNet: [96, 112, 120, undefined].flatMap((filters) => [
    [1, 'DenseBlock', { layers: 4, growthRate: 32 }] as const,
    ...(filters === undefined ? [] : [[4, 'TransitionLayer', { filters }] as const]),
  ]),
  'VGG-11': (
    [
      [1, 64],
      [1, 128],
      [2, 256],
      [2, 512],
      [2, 512],
    ] as const
  ).map(([convolutions, filters]) => [2 * convolutions + 1, 'VggBlock', { convolutions, filters }]),
  NiN: [
    [
      6,
      'NinBlock',
      {
        filters: 96,
        kernelSize: [11, 11],
        strides: [4, 4],
        padding: { top: 1, bottom: 1, left: 1, right: 1 },
      },
    ],
    [6, 'NinBlock', { filters: 256, kernelSize: [5, 5], padding: { top: 2, bottom: 2, left: 2, right: 2 } }],
    [6, 'NinBlock', { filters: 384, kernelSize: [3, 3], padding: 'same' }],
    [6, 'NinBlock', { filters: 10, kernelSize: [3, 3], padding: 'same' }],
  ],
};

/** Where in the reference the stages of a block begin. */
const beginnings: Readonly<Record<string, RegExp>> = {
  GoogLeNet: /Inception/,
  'ResNet-18': /Residual/,
  DenseNet: /DenseBlock|BatchNorm2d/,
  'VGG-11': /Conv2d/,
  NiN: /Conv2d/,
};

describe.each(Object.entries(stagesOf))('%s', (name, blocks) => {
  it('has the blocks of the reference: shapes and parameters', () => {
    const { input, stages } = required(networks[name], name);
    // DenseNet begins and ends with a batch normalisation of its own.
    let next = name === 'DenseNet' ? 4 : 0;
    for (const [count, type, params] of blocks) {
      while (!required(beginnings[name], name).test(stages[next]?.layer ?? '')) next++;
      const before = channelsLast(stages[next - 1]?.out ?? input);
      const expected = stages.slice(next, next + count);
      next += count;
      const sketch = around(before, type, params);
      const block = analyse(sketch.document).nodes[only(sketch)];
      expect(block?.problems).toEqual([]);
      expect(block?.outputShape).toEqual(channelsLast(expected.at(-1)?.out ?? []));
      expect(block?.trainableParams).toBe(expected.reduce((sum, each) => sum + each.params, 0));
    }
  });
});

it('a bottleneck has the parameters that its formula gives', () => {
  const sketch = around([8, 8, 64], 'BottleneckBlock', { filters: 16, strides: [2, 2] });
  const conv = (size: number, from: number, to: number) => size * size * from * to + to;
  const norm = (channels: number) => 2 * channels;
  expect(analyse(sketch.document).nodes['bottleneck_block_1']).toMatchObject({
    outputShape: [4, 4, 64],
    trainableParams:
      conv(1, 64, 16) + norm(16) + conv(3, 16, 16) + norm(16) + conv(1, 16, 64) + norm(64) + conv(1, 64, 64),
  });
});

it('a shortcut is a convolution only where channels or size change', () => {
  const parts = (shape: number[], params: JsonObject) => {
    const sketch = around(shape, 'ResidualBlock', params);
    return analyse(sketch.document).nodes['residual_block_1']?.children?.map(({ id }) => id);
  };
  expect(parts([6, 6, 4], { filters: 4 })).not.toContain('shortcut');
  expect(parts([6, 6, 3], { filters: 4 })).toContain('shortcut');
  expect(parts([6, 6, 4], { filters: 4, strides: [2, 2] })).toContain('shortcut');
});

it('a dense block widens by layers × growth, a transition layer halves (notes, figures 7.7.3 and 7.7.4)', () => {
  const dense = around([8, 8, 3], 'DenseBlock', { layers: 2, growthRate: 10 });
  expect(analyse(dense.document).nodes['dense_block_1']?.outputShape).toEqual([8, 8, 23]);
  const transition = around([8, 8, 23], 'TransitionLayer', { filters: 10 });
  expect(analyse(transition.document).nodes['transition_layer_1']?.outputShape).toEqual([4, 4, 10]);
});

describe('children', () => {
  it('are the parts in order, with figures that add up to those of the block', () => {
    const { nodes } = analyse(around([6, 6, 3], 'ResidualBlock', { filters: 4 }).document);
    const {
      children = [],
      params,
      macs,
      trainableParams,
      activationBytes,
    } = required(nodes['residual_block_1'], 'block');
    expect(children.map(({ id, type }) => `${id} ${type}`)).toEqual([
      'conv1 Conv2D',
      'shortcut Conv2D',
      'norm1 BatchNormalization',
      'relu1 Activation',
      'conv2 Conv2D',
      'norm2 BatchNormalization',
      'add Add',
      'relu Activation',
    ]);
    const sum = (key: 'params' | 'macs' | 'trainableParams' | 'activationBytes') =>
      children.reduce((total, child) => total + child[key], 0);
    expect([sum('params'), sum('macs'), sum('trainableParams'), sum('activationBytes')]).toEqual([
      params,
      macs,
      trainableParams,
      activationBytes,
    ]);
    expect(children[0]?.outputShape).toEqual([6, 6, 4]);
  });
});

describe('mistakes in built-in blocks', () => {
  it.each<[string, JsonObject, object]>([
    ['DenseBlock', { growthRate: 0 }, { code: 'param/out-of-range', param: 'growthRate' }],
    ['DenseBlock', { layers: 0 }, { code: 'param/out-of-range', param: 'layers' }],
    ['TransitionLayer', { filters: 0 }, { code: 'param/out-of-range', param: 'filters' }],
    ['ResidualBlock', { filters: 0 }, { code: 'param/out-of-range', param: 'filters' }],
    ['ResidualBlock', { strides: [0, 1] }, { code: 'param/not-sizes', param: 'strides' }],
    ['InceptionBlock', { c2: [0, 4] }, { code: 'param/not-sizes', param: 'c2' }],
    ['VggBlock', { convolutions: 0 }, { code: 'param/out-of-range', param: 'convolutions' }],
    [
      'NinBlock',
      { kernelSize: [13, 3] },
      { code: 'shape/window-too-large', param: 'kernelSize', part: 'conv1' },
    ],
    ['BottleneckBlock', { filters: 65536 }, { code: 'param/out-of-range', param: 'filters' }],
  ])('%s %j', (type, params, expected) => {
    const [first, ...others] = errors(around([12, 12, 3], type, params));
    expect(first).toMatchObject({ severity: 'error', ...expected });
    expect(others.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([]);
  });

  it('name the part, and what of the block feeds it', () => {
    const sketch = new Sketch();
    const flat = sketch.add('Flatten', {}, sketch.add('Input', {}));
    sketch.add('VggBlock', {}, flat);
    const found = required(analyse(sketch.document).nodes['vgg_block_1']?.problems[0], 'a problem');
    expect(found).toMatchObject({ code: 'shape/not-image', part: 'conv1', port: 'in' });
    expect(formatProblem(found, 'en').message).toMatch(/^conv1: Got 784/);
    const tiny = errors(around([1, 4, 3], 'TransitionLayer', {}))[0];
    expect(tiny).toMatchObject({ code: 'shape/window-too-large', part: 'pool' });
    expect(tiny).not.toHaveProperty('param');
  });
});

it('inferNode goes into blocks', () => {
  const definition = required(nodeTypes.get('DenseBlock'), 'DenseBlock');
  const { values } = parseParams(definition.params, { layers: 2, growthRate: 10 });
  expect(inferNode(builtIns, definition, values, [[8, 8, 3]])).toEqual({ ok: true, value: [8, 8, 23] });
});
