/** TensorFlow.js files from elsewhere: what the converter and the library write, and files that are damaged or made to harm. */
import { describe, expect, it } from 'vitest';
import tfjs from '@shared/import/tfjs';
import { MAX_IMPORT_BYTES } from '@shared/import/format';
import { readWeights as weightsIn } from '@shared/import/read-weights';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import type { Json, JsonObject } from '@shared/util/json';
import { expectOk } from '../../engine/graph-session';
import { randomInput } from '../export/random-weights';
import { exportedFiles, imported } from './round-trip';

const bytesOf = (value: Json | string) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const binary = (values: Uint8Array | Uint16Array | Float32Array | Int32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const layer = (className: string, config: JsonObject): JsonObject => ({ class_name: className, config });
const dense = layer('Dense', { name: 'd', units: 2, use_bias: false, activation: 'softmax' });
const input = layer('InputLayer', { batch_input_shape: [null, 1, 3, 1], name: 'in' });
const layers = [input, layer('Flatten', { name: 'f' }), dense];
const topology: JsonObject = { class_name: 'Sequential', config: { name: 's', layers } };

const kernel: JsonObject = { name: 'd/kernel', shape: [3, 2], dtype: 'float32' };
const values = Float32Array.of(1, -2, 0.5, 4, -0.25, 8);

function modelJson(
  weights: readonly JsonObject[] = [kernel],
  paths = ['w.bin'],
  more: JsonObject = {},
): Json {
  return { modelTopology: topology, weightsManifest: [{ paths, weights }], ...more };
}

async function kernelOf(json: Json, files: Record<string, Uint8Array>): Promise<readonly number[]> {
  const { tensors } = await imported('model.json', bytesOf(json), new Map(Object.entries(files)));
  return [
    ...required(
      tensors.find(({ name }) => name === 'dense_1/kernel'),
      'the kernel',
    ).values,
  ];
}

/** The reason of a refusal, or its code where it has none. */
async function refusal(json: Json | string | Uint8Array, files: Record<string, Uint8Array> = {}) {
  const asked: string[] = [];
  const bytes = json instanceof Uint8Array ? json : bytesOf(json);
  const beside = (name: string) => {
    asked.push(name);
    return Promise.resolve(files[name]);
  };
  const read = await tfjs.read({ name: 'model.json', bytes, beside });
  return { reason: read.ok ? 'read' : (read.error.args['reason'] ?? read.error.code), asked };
}

describe('weights', () => {
  it('may lie across shards, and behind constants of other types', async () => {
    const count: JsonObject = { name: 'count', shape: [2], dtype: 'int32' };
    const all = Buffer.concat([binary(Int32Array.of(7, 8)), binary(values)]);
    const files = { a: all.subarray(0, 5), b: all.subarray(5, 6), c: all.subarray(6) };
    expect(await kernelOf(modelJson([count, kernel], ['a', 'b', 'c']), files)).toEqual([...values]);
  });

  it.each([
    ['uint8', binary(Uint8Array.of(0, 1, 2, 3, 4, 255)), [-1, -0.5, 0, 0.5, 1, 126.5]],
    ['uint16', binary(Uint16Array.of(0, 1, 2, 3, 4, 65535)), [-1, -0.5, 0, 0.5, 1, 32766.5]],
    // 1, -2, 0.5, 65504 (the largest), the smallest above zero, and infinity.
    [
      'float16',
      binary(Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x7bff, 1, 0x7c00)),
      [1, -2, 0.5, 65504, 2 ** -24, Infinity],
    ],
  ])('of %s become float32', async (dtype, stored, expected) => {
    const scale = dtype === 'float16' ? {} : { scale: 0.5, min: -1 };
    const entry = { ...kernel, quantization: { dtype, ...scale } };
    expect(await kernelOf(modelJson([entry]), { 'w.bin': stored })).toEqual(expected);
  });
});

describe('models', () => {
  it.each([
    ['of the library itself', topology],
    ['of the converter', { keras_version: '2.4.0', backend: 'tensorflow', model_config: topology }],
    ['of older Keras, whose Sequential is a list', { class_name: 'Sequential', config: layers }],
  ])('%s are taken', async (_, modelTopology) => {
    const json = { ...Object(modelJson()), modelTopology } as JsonObject;
    const { report, document } = await imported(
      'model.json',
      bytesOf(json),
      new Map([['w.bin', binary(values)]]),
    );
    expect(report.map(({ outcome }) => outcome)).toEqual(['taken', 'taken', 'taken']);
    expect(Object.values(document.nodes).map(({ type }) => type)).toEqual([
      'Input',
      'Flatten',
      'Dense',
      'Output',
    ]);
  });

  it('of initial values that tfjs-layers writes as one class keep them', async () => {
    const initializer = layer('VarianceScaling', {
      scale: 2,
      mode: 'fan_in',
      distribution: 'normal',
      seed: null,
    });
    const config = { name: 'd', units: 2, use_bias: false, kernel_initializer: initializer };
    const json = {
      modelTopology: {
        class_name: 'Sequential',
        config: [input, layers[1] ?? input, layer('Dense', config)],
      },
    };
    const { document } = await imported('model.json', bytesOf(json));
    expect(document.nodes['dense_1']?.params).toMatchObject({ kernelInitializer: 'heNormal' });
  });

  it('of its own that it understands otherwise than Keras are not taken for Keras’s', async () => {
    const size: JsonObject = { name: 'up', size: [2, 2], interpolation: 'bilinear' };
    const up = { class_name: 'Sequential', config: { layers: [input, layer('UpSampling2D', size)] } };
    const outcomes = async (keras_version: string) => {
      const json: Json = { modelTopology: { ...up, keras_version } };
      return (await imported('model.json', bytesOf(json))).report.map(({ outcome }) => outcome);
    };
    expect((await outcomes('tfjs-layers 4.22.0'))[1]).toBe('refused');
    expect((await outcomes('2.11.0'))[1]).toBe('taken');
  });

  it('of operations are taken where we wrote them, and refused with what to do instead', async () => {
    const graph = { node: [{ name: 'x', op: 'Placeholder' }], versions: { producer: 1 } };
    expect((await refusal({ modelTopology: graph, weightsManifest: [] })).reason).toBe('import/graph-model');
  });
});

describe('weights of graphs of others', () => {
  const float = (name: string, ...shape: number[]): JsonObject => ({ name, shape, dtype: 'float32' });
  const graph = (...entries: JsonObject[]) => ({
    modelTopology: { node: [], versions: {} },
    weightsManifest: [{ paths: ['w.bin'], weights: entries }],
  });
  const namesIn = async (json: Json, bytes: number) => {
    const others = new Map([['w.bin', new Uint8Array(bytes)]]);
    const file = {
      ...{ name: 'model.json', bytes: bytesOf(json) },
      beside: (name: string) => Promise.resolve(others.get(name)),
    };
    return expectOk(await weightsIn(file)).map(({ name }) => name);
  };

  it('bear the names of layers where what reads them tells it', async () => {
    const call = 'StatefulPartitionedCall/net';
    const json = graph(
      float(`${call}/conv1/Conv2D/ReadVariableOp`, 1),
      float(`${call}/conv1/BiasAdd/ReadVariableOp`, 1),
      float(`${call}/bn/ReadVariableOp`, 1),
      float(`${call}/bn/FusedBatchNormV3/ReadVariableOp`, 1),
      float('scope/dense/kernel', 1),
      float(`${call}/prelu/ReadVariableOp`, 1),
      float('a/twice/Conv2D/ReadVariableOp', 1),
      float('b/twice/Conv2D/ReadVariableOp', 1),
      float('unknown_3', 1),
    );
    expect(await namesIn(json, 36)).toEqual([
      ...['conv1/kernel', 'conv1/bias', 'bn/gamma', 'bn/moving_mean', 'dense/kernel'],
      ...[`${call}/prelu/ReadVariableOp`, 'a/twice/Conv2D/ReadVariableOp', 'b/twice/Conv2D/ReadVariableOp'],
      'unknown_3',
    ]);
  });

  it('are read as strictly as all others', async () => {
    const json = graph(float('dense/kernel', 2));
    const read = (bytes: Uint8Array | undefined) =>
      weightsIn({ name: 'model.json', bytes: bytesOf(json), beside: () => Promise.resolve(bytes) });
    expect(await read(undefined)).toMatchObject({ error: { args: { reason: 'MISSING' } } });
    expect(await read(new Uint8Array(4))).toMatchObject({ error: { args: { reason: 'SIZE' } } });
  });
});

describe('bad files', () => {
  const good = { 'w.bin': binary(values) };

  it.each([
    ['no JSON', '{"modelTopology":', 'NOT_JSON'],
    ['a deep description', '['.repeat(5000) + ']'.repeat(5000), 'NOT_JSON'],
    ['another description', { layers: [] }, 'NOT_A_MODEL'],
    ['a list of weights', [{ paths: [], weights: [] }], 'NOT_A_MODEL'],
    ['a class of its own', { modelTopology: { class_name: 'Mine', config: {} } }, 'SUBCLASSED'],
    ['a size that is no size', modelJson([{ ...kernel, shape: [-1, 2] }]), 'NOT_A_MODEL'],
    ['texts', modelJson([{ ...kernel, dtype: 'string' }]), 'TYPE'],
    ['a file that is missing', modelJson([kernel], ['other.bin']), 'MISSING'],
    ['shards that are too long', modelJson([{ ...kernel, shape: [3, 1] }]), 'SIZE'],
    ['shards that are too short', modelJson([{ ...kernel, shape: [3, 3] }]), 'SIZE'],
    ['no shards', modelJson([kernel], []), 'SIZE'],
  ])('%s', async (_, json, reason) => {
    expect((await refusal(json, good)).reason).toBe(reason);
  });

  it.each([
    '../w.bin',
    '/w.bin',
    'C:w.bin',
    '..\\w.bin',
    '.',
    '..',
    '',
    '.hidden',
    'a/../../w.bin',
    'a\u0000b',
  ])('a path such as %j is refused before any file is read', async (path) => {
    const { reason, asked } = await refusal(modelJson([kernel], ['w.bin', path]), good);
    expect(reason).toBe('PATH');
    expect(asked).toEqual([]);
  });

  it('sizes are added up before any file is read', async () => {
    const huge = { ...kernel, shape: [2 ** 20, 2 ** 10] };
    const { reason, asked } = await refusal(modelJson([huge, huge]), good);
    expect(reason).toBe('TENSORS_TOO_LARGE');
    expect(asked).toEqual([]);
    // In one byte each they would fit as they are stored, but not as floats.
    const half = [MAX_IMPORT_BYTES / 2];
    const quantized = { ...kernel, shape: half, quantization: { dtype: 'uint8', scale: 1, min: 0 } };
    expect((await refusal(modelJson([quantized]), good)).reason).toBe('TENSORS_TOO_LARGE');
  });

  it('cut off anywhere give one reason', async () => {
    const lenet = required(templateOf('lenet'), 'lenet').create();
    for (const modelKind of ['layers', 'graph']) {
      const files = exportedFiles('tfjs', randomInput(lenet), { modelKind });
      const json = required(files.get('model.json'), 'model.json');
      const shards = Object.fromEntries([...files].filter(([path]) => path !== 'model.json'));
      for (const part of [0, 0.01, 0.5, 0.999]) {
        const cut = json.slice(0, Math.floor(json.length * part));
        expect((await refusal(cut, shards)).reason).toBe('NOT_JSON');
        const short: Record<string, Uint8Array> = {};
        for (const [path, bytes] of Object.entries(shards)) {
          short[path] = bytes.slice(0, Math.floor(bytes.length * part));
        }
        expect((await refusal(json, short)).reason).toBe('SIZE');
      }
      expect((await refusal(json, shards)).reason).toBe('read');
    }
  });

  it('a description of ours that names what comes later is none of ours', async () => {
    const lenet = required(templateOf('lenet'), 'lenet').create();
    const files = exportedFiles('tfjs', randomInput(lenet), { modelKind: 'graph' });
    const text = new TextDecoder().decode(files.get('model.json'));
    const json = text.replace('"inputs":[0]', '"inputs":[5]');
    expect(json).not.toBe(text);
    expect((await refusal(json)).reason).toBe('import/graph-model');
  });
});
