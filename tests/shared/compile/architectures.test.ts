/** The templates against figures that PyTorch gave, stage by stage, and the others against formulas. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analyse } from '@shared/compile/analyse';
import type { GraphDocument } from '@shared/document/types';
import type { Shape } from '@shared/ir/types';
import { templateOf, type TemplateOptions, templates } from '@shared/templates';
import { required } from '@shared/util/assert';

const stage = z.object({ layer: z.string(), out: z.array(z.number()), params: z.number() });
const network = z.object({ input: z.array(z.number()), params: z.number(), stages: z.array(stage) });
const reference = z
  .object({ networks: z.record(z.string(), network) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../reference/architectures.json'), 'utf8')));

/** The reference lists the layers of these blocks, and the others as one stage. */
const opened = ['VggBlock', 'NinBlock', 'TransitionLayer'];
const withoutStage = ['Input', 'Resizing', 'Output'];

/** PyTorch writes [channels, height, width]. */
function channelsLast(shape: readonly number[]): readonly number[] {
  const [channels, ...rest] = shape;
  return rest.length === 0 ? shape : [...rest, required(channels, 'channels')];
}

interface Stage {
  readonly out: Shape | undefined;
  readonly params: number;
}

function stagesOf(document: GraphDocument): readonly Stage[] {
  const { order, nodes } = analyse(document);
  return order.flatMap((id): readonly Stage[] => {
    const [node, row] = [required(document.nodes[id], id), required(nodes[id], id)];
    if (withoutStage.includes(node.type)) return [];
    const rows = opened.includes(node.type) ? (row.children ?? []) : [row];
    return rows.map(({ outputShape, trainableParams }) => ({ out: outputShape, params: trainableParams }));
  });
}

describe.each<[id: string, name: string, options: TemplateOptions]>([
  ['lenet', 'LeNet', {}],
  ['lenet-bn', 'LeNet with batch normalization', {}],
  ['alexnet', 'AlexNet', {}],
  ['vgg-11', 'VGG-11', {}],
  ['vgg-11', 'VGG-11, channels / 4', { widthDivisor: 4 }],
  ['vgg-11', 'VGG-11, channels / 4', { preset: 'textbook' }],
  ['nin', 'NiN', {}],
  ['googlenet', 'GoogLeNet', {}],
  ['resnet-18', 'ResNet-18', {}],
  ['densenet', 'DenseNet', {}],
])('%s is %s with %j', (id, name, options) => {
  const expected = required(reference.networks[name], name);
  const template = required(templateOf(id), id);
  const document = template.create(options);
  const analysis = analyse(document);

  it('has no problems', () => expect(analysis.problems).toEqual([]));

  it('has the reference shapes and parameters, stage by stage', () => {
    // Global average pooling is two stages in PyTorch, of which Flatten has our shape.
    const stages = expected.stages.filter(({ layer }) => layer !== 'AdaptiveAvgPool2d');
    expect(stagesOf(document)).toEqual(stages.map(({ out, params }) => ({ out: channelsLast(out), params })));
  });

  it('has the reference total and input', () => {
    expect(template.input).toEqual(channelsLast(expected.input));
    expect(analysis.totals.trainableParams).toBe(expected.params);
  });
});

describe('the templates that the reference leaves out, by formula', () => {
  const conv = (size: number, from: number, to: number) => size * size * from * to + to;
  const norm = (channels: number) => 2 * channels;
  const total = (id: string) => analyse(required(templateOf(id), id).create()).totals.trainableParams;

  it.each([
    ['vgg-16', [2, 2, 3, 3, 3]],
    ['vgg-19', [2, 2, 4, 4, 4]],
  ] as const)('%s', (id, counts) => {
    let channels = 1;
    let params = 512 * 7 * 7 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 10 + 10;
    counts.forEach((count, i) => {
      for (let layer = 0; layer < count; layer++) {
        const to = Math.min(64 * 2 ** i, 512);
        params += conv(3, channels, to);
        channels = to;
      }
    });
    expect(total(id)).toBe(params);
  });

  it('resnet-34', () => {
    let channels = 64;
    let params = conv(7, 1, 64) + norm(64) + 512 * 10 + 10;
    [3, 4, 6, 3].forEach((count, i) => {
      for (let block = 0; block < count; block++) {
        const to = 64 * 2 ** i;
        params += conv(3, channels, to) + conv(3, to, to) + 2 * norm(to);
        if (channels !== to) params += conv(1, channels, to);
        channels = to;
      }
    });
    expect(total('resnet-34')).toBe(params);
  });

  it('resnet-50', () => {
    let channels = 64;
    let params = conv(7, 1, 64) + norm(64) + 2048 * 10 + 10;
    [3, 4, 6, 3].forEach((count, i) => {
      for (let block = 0; block < count; block++) {
        const width = 64 * 2 ** i;
        params += conv(1, channels, width) + conv(3, width, width) + conv(1, width, 4 * width);
        params += 2 * norm(width) + norm(4 * width);
        if (channels !== 4 * width) params += conv(1, channels, 4 * width);
        channels = 4 * width;
      }
    });
    expect(total('resnet-50')).toBe(params);
  });
});

describe('every template', () => {
  it.each(templates.map(({ id }) => id))(
    '%s takes another number of classes, and images of its own size',
    (id) => {
      const template = required(templateOf(id), id);
      const analysis = analyse(template.create({ classes: 7 }));
      expect(analysis.problems).toEqual([]);
      expect(analysis.output).toEqual([7]);
      expect(analysis.input).toEqual([28, 28, 1]);
      const coloured = analyse(template.create({ input: [...template.input.slice(0, 2), 3] }));
      expect(coloured.problems).toEqual([]);
      expect(coloured.input).toEqual([...template.input.slice(0, 2), 3]);
    },
  );

  it.each(templates.map(({ id }) => id))('%s draws no node on another', (id) => {
    const { nodes } = required(templateOf(id), id).create();
    const places = Object.values(nodes).map(({ position }) => `${position.x},${position.y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
