/** Keras exports: names, order of layers, and the layers that stand for padding per side. */
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exportModelOf } from '@shared/export/build-model';
import { exportTargetOf } from '@shared/export';
import { kerasNames, legacyNames } from '@shared/export/keras/names';
import { kerasNetwork } from '@shared/export/keras/network';
import { readHdf5 } from '@shared/formats/hdf5/read';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { expectOk } from '../../engine/graph-session';
import { Sketch } from '../sketch';

const named = (...names: string[]) => names.map((name, i) => ({ name, path: `node_${i}` }));

describe('names', () => {
  it('keep what they can of the canvas, and are harmless and unique', () => {
    const hostile = [
      'conv1',
      'a/b',
      '../..',
      'x");import os#',
      'line\nbreak',
      '卷积 1',
      'Conv1',
      '...',
      '"',
      'e\u0301',
    ];
    expect(kerasNames(named(...hostile))).toEqual([
      'conv1',
      'a_b',
      'node_2',
      'x_import_os',
      'line_break',
      '卷积_1',
      'Conv1_2',
      'node_7',
      'node_8',
      'é',
    ]);
    for (const name of legacyNames(named(...hostile, 'top_level_model_weights'))) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
      expect(name).not.toBe('top_level_model_weights');
    }
  });
});

/** The layers between input and output of a small network around one node. */
function layersAround(
  type: string,
  params: JsonObject,
  before: readonly [string, JsonObject][] = [],
): string[] {
  const sketch = new Sketch();
  let last = sketch.add('Input', { shape: [9, 9, 2] });
  for (const [each, given] of before) last = sketch.add(each, given, last);
  last = sketch.add(type, params, last);
  last = sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, last));
  sketch.add('Output', {}, last);
  const { layers } = kerasNetwork(expectOk(exportModelOf(sketch.document, 'test')), kerasNames);
  return layers.slice(1 + before.length, -3).map(({ className, config }) => {
    const { pool_size: pool, padding, strides, cropping } = config;
    const values = [pool, strides, padding, cropping].map((each) => each && JSON.stringify(each));
    return [className, ...values].join(' ').trim();
  });
}

const sides = (top: number, bottom: number, left: number, right: number) => ({ top, bottom, left, right });

describe('padding per side', () => {
  const signed: [string, JsonObject][] = [['Conv2D', { filters: 2, kernelSize: [1, 1] }]];
  it('is same or valid where that is the same', () => {
    expect(layersAround('Conv2D', { padding: sides(1, 1, 1, 1) })).toEqual(['Conv2D  [1,1] "same"']);
    expect(layersAround('Conv2D', { padding: sides(0, 0, 0, 0) })).toEqual(['Conv2D  [1,1] "valid"']);
    const pool = { poolSize: [3, 3], strides: [1, 1], padding: sides(1, 1, 1, 1) };
    expect(layersAround('MaxPooling2D', pool, signed)).toEqual(['MaxPooling2D [3,3] [1,1] "same"']);
  });

  it('becomes layers of zeros else', () => {
    expect(layersAround('Conv2D', { strides: [2, 2], padding: sides(2, 1, 0, 0) })).toEqual([
      'ZeroPadding2D   [[2,1],[0,0]]',
      'Conv2D  [2,2] "valid"',
    ]);
    expect(
      layersAround('AveragePooling2D', { poolSize: [3, 3], strides: [1, 1], padding: sides(1, 1, 1, 1) }),
    ).toEqual(['ZeroPadding2D   [[1,1],[1,1]]', 'AveragePooling2D [3,3] [1,1] "valid"']);
  });

  it('never lets a maximum see zeros that may be larger than the image', () => {
    const pool = { poolSize: [3, 3], strides: [2, 2], padding: sides(1, 0, 1, 0) };
    expect(layersAround('MaxPooling2D', pool, [...signed, ['Activation', { activation: 'relu' }]])).toEqual([
      'ZeroPadding2D   [[1,0],[1,0]]',
      'MaxPooling2D [3,3] [2,2] "valid"',
    ]);
    expect(layersAround('MaxPooling2D', pool, signed)).toEqual([
      'MaxPooling2D [3,3] [1,1] "same"',
      'Cropping2D    [[0,2],[0,2]]',
      'MaxPooling2D [1,1] [2,2] "valid"',
    ]);
  });

  it('is refused where Keras has no layers for it', () => {
    const sketch = new Sketch();
    const input = sketch.add('Input', { shape: [9, 9, 2] });
    const pool = sketch.add('MaxPooling2D', { padding: sides(1, 1, 1, 1) }, input);
    sketch.add('Output', {}, sketch.add('Dense', { units: 3 }, sketch.add('Flatten', {}, pool)));
    const model = expectOk(exportModelOf(sketch.document, 'test'));
    const layer = required(
      model.layers.find(({ type }) => type === 'MaxPooling2D'),
      'the pooling',
    );
    expect(exportTargetOf('keras')?.support(layer, {})).toMatchObject({
      code: 'export/param-unsupported',
      args: { param: 'padding', value: '1,1,1,1' },
    });
  });
});

const configSchema = z.object({ config: z.object({ layers: z.array(z.object({ name: z.string() })) }) });

it('a .keras file is a zip of plain JSON and HDF5, whatever the nodes are called', async () => {
  const document = required(templateOf('lenet'), 'lenet').create();
  const nodes = Object.entries(document.nodes).map(([id, node]) => [
    id,
    { ...node, name: `${node.name}"); \n${id}` },
  ]);
  const hostile = { ...document, nodes: Object.fromEntries(nodes) as typeof document.nodes };
  const model = expectOk(exportModelOf(hostile, 'evil"/../x'));
  const weights = new Map(
    model.layers
      .flatMap((layer) => layer.weights)
      .map(({ name, dims }) => {
        const values = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
        return [name, { dims, values }];
      }),
  );
  const input = {
    model,
    document: hostile,
    weights,
    fileName: 'x.keras',
    locale: 'en',
    layerloomVersion: '0',
  } as const;
  const exported = expectOk(
    required(exportTargetOf('keras'), 'keras').export({ ...input, origin: { kind: 'initial', seed: 1 } }, {}),
  );
  const parts = required(exported.files[0], 'a file').parts.map((part) => Buffer.from(part));
  const files = unzipSync(Buffer.concat(parts));
  expect(Object.keys(files)).toEqual(['metadata.json', 'config.json', 'model.weights.h5']);
  const { layers } = configSchema.parse(
    JSON.parse(Buffer.from(files['config.json'] ?? []).toString()),
  ).config;
  for (const { name } of layers) expect(name).toMatch(/^[\w.-]+$/);
  const { tensors } = expectOk(await readHdf5(required(files['model.weights.h5'], 'weights')));
  expect(tensors).toHaveLength(weights.size);
});
