/** Keras files from elsewhere: what is taken, approximated and refused, and files that are damaged or made to harm. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeHdf5 } from '@shared/formats/hdf5/write';
import { importFormatOf } from '@shared/import';
import { documentOf } from '@shared/import/build-document';
import type { Json, JsonObject } from '@shared/util/json';
import { expectOk } from '../../engine/graph-session';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { randomInput } from '../export/random-weights';
import { exportedBytes, imported } from './round-trip';

const text = (value: string) => new TextEncoder().encode(value);

function archive(config: Json | string, more: Record<string, Uint8Array> = {}): Uint8Array {
  const json = typeof config === 'string' ? config : JSON.stringify(config);
  return zipSync({ 'config.json': text(json), ...more });
}

const layer = (className: string, config: JsonObject = {}): JsonObject => ({ class_name: className, config });
const sequential = (...layers: readonly JsonObject[]): JsonObject => ({
  class_name: 'Sequential',
  config: {
    name: 's',
    layers: [layer('InputLayer', { batch_shape: [null, 8, 8, 3], name: 'in' }), ...layers],
  },
});
const conv = (config: JsonObject = {}) =>
  layer('Conv2D', { name: 'c', filters: 4, kernel_size: 3, ...config });

/** Outcome, codes and node types of each layer. */
async function report(config: Json): Promise<Record<string, unknown>[]> {
  const { report: rows, document } = await imported('model.keras', archive(config));
  return rows.map(({ type, outcome, notes, nodes }) => ({
    type,
    outcome,
    codes: notes.map(({ code }) => code),
    nodes: nodes.map((id) => document.nodes[id]?.type),
  }));
}

async function refusal(name: string, bytes: Uint8Array): Promise<unknown> {
  const file = { name, bytes, beside: () => Promise.resolve(undefined) };
  const format = importFormatOf(file);
  if (!format.ok) return format.error.code;
  const read = await format.value.read(file);
  return read.ok ? 'read' : (read.error.args['reason'] ?? read.error.code);
}

describe('layers', () => {
  it('become nodes, their activations nodes of their own, and the last softmax the Output', async () => {
    const rows = await report(
      sequential(
        conv({ activation: 'relu' }),
        layer('Flatten'),
        layer('Dense', { name: 'd', units: 5, activation: 'softmax' }),
      ),
    );
    expect(rows).toEqual([
      { type: 'InputLayer', outcome: 'taken', codes: [], nodes: ['Input'] },
      { type: 'Conv2D', outcome: 'taken', codes: [], nodes: ['Conv2D', 'Activation'] },
      { type: 'Flatten', outcome: 'taken', codes: [], nodes: ['Flatten'] },
      { type: 'Dense', outcome: 'taken', codes: [], nodes: ['Dense', 'Output'] },
    ]);
  });

  it('that hold code or are unknown keep their place, and nothing else', async () => {
    const lambda = layer('Lambda', { name: 'l', function: ['4wEAAAAA', null, null] });
    const config = sequential(conv(), lambda, layer('LSTM', { name: 'x', units: 3 }));
    const { document, report: rows } = await imported('model.keras', archive(config));
    expect(rows.slice(2, 4)).toMatchObject([
      { type: 'Lambda', outcome: 'refused', notes: [{ code: 'import/code' }] },
      { type: 'LSTM', outcome: 'refused', notes: [{ code: 'import/layer-unknown' }] },
    ]);
    const node = Object.values(document.nodes).find(({ type }) => type === 'Lambda');
    expect(node?.params).toEqual({});
    expect(JSON.stringify(document)).not.toContain('4wEAAAAA');
  });

  it.each([
    ['channels first', conv({ data_format: 'channels_first' }), 'refused', 'import/setting-unsupported'],
    [
      'an activation that we do not have',
      conv({ activation: 'softsign' }),
      'refused',
      'import/setting-unsupported',
    ],
    ['a value of another kind', conv({ filters: 'many' }), 'refused', 'import/setting-unsupported'],
    ['a value out of range', conv({ filters: -1 }), 'refused', 'param/out-of-range'],
    [
      'a constraint',
      conv({ kernel_constraint: { class_name: 'MaxNorm', config: {} } }),
      'approximated',
      'import/setting-left-out',
    ],
    [
      'axes of another kind',
      layer('BatchNormalization', { axis: 1 }),
      'refused',
      'import/setting-unsupported',
    ],
    [
      'no scale',
      layer('BatchNormalization', { axis: -1, scale: false }),
      'approximated',
      'import/constant-weight',
    ],
    ['bytes', layer('Rescaling', { scale: 1 / 255 }), 'approximated', 'import/input-scaled'],
  ])('with %s say so', async (_, given, outcome, code) => {
    const [, row] = await report(sequential(given));
    expect(row?.['outcome']).toBe(outcome);
    expect(row?.['codes']).toContain(code);
  });

  it('used twice become copies; several inputs keep their order', async () => {
    const tensor = (name: string, call = 0): JsonObject => ({
      class_name: '__keras_tensor__',
      config: { keras_history: [name, call, 0] },
    });
    const call = (...inputs: Json[]): JsonObject => ({ args: inputs, kwargs: {} });
    const at = (className: string, name: string, config: JsonObject, ...calls: Json[]): JsonObject => ({
      ...layer(className, { name, ...config }),
      name,
      inbound_nodes: calls,
    });
    const config = {
      class_name: 'Functional',
      config: {
        input_layers: [['i', 0, 0]],
        output_layers: [['cat', 0, 0]],
        layers: [
          at('InputLayer', 'i', { batch_shape: [null, 4, 4, 2] }),
          at('Conv2D', 'c', { filters: 2, kernel_size: 1 }, call(tensor('i')), call(tensor('c'))),
          at('Concatenate', 'cat', { axis: -1 }, call([tensor('c', 1), tensor('i'), tensor('c')])),
        ],
      },
    };
    const { document, report: rows } = await imported('m.keras', archive(config));
    expect(rows[1]).toMatchObject({ outcome: 'approximated', nodes: ['conv2d_1', 'conv2d_2'] });
    const sources = ['in0', 'in1', 'in2'].map((port) => document.wires[`concatenate_1.${port}`]?.from[0]);
    expect(sources).toEqual(['conv2d_2', 'input_1', 'conv2d_1']);
  });
});

describe('bad files', () => {
  const lenet = exportedBytes('keras', randomInput(required(templateOf('lenet'), 'lenet').create()));
  const h5 = exportedBytes('keras-h5', randomInput(required(templateOf('lenet'), 'lenet').create()));

  it('cut off anywhere give one reason, and harm nothing', async () => {
    for (const [name, bytes] of [
      ['a.keras', lenet],
      ['a.h5', h5],
    ] as const) {
      for (const part of [0, 0.01, 0.3, 0.7, 0.999]) {
        const cut = bytes.slice(0, Math.floor(bytes.length * part));
        expect(['DAMAGED', 'NOT_ZIP', 'NOT_HDF5'], `${name} ${part}`).toContain(await refusal(name, cut));
      }
      expect(await refusal(name, bytes)).toBe('read');
    }
  });

  const pickled = zipSync({ 'archive/data.pkl': text("cos\nsystem\n(S'touch stolen'\ntR.") });
  it.each([
    ['another kind of file', 'a.png', text('PNG'), 'import/unknown-format'],
    // A pickle may run code as it is read: there is no reader for it, by whatever name it comes.
    ['a pickle of PyTorch', 'a.pt', pickled, 'import/unknown-format'],
    ['a pickle that is called a model', 'a.keras', pickled, 'NO_CONFIG'],
    ['no description', 'a.keras', zipSync({ x: text('') }), 'NO_CONFIG'],
    ['a description that is not JSON', 'a.keras', archive('{"class_name":'), 'NOT_JSON'],
    ['a deep description', 'a.keras', archive('['.repeat(5000) + ']'.repeat(5000)), 'NOT_JSON'],
    ['another description', 'a.keras', archive({ layers: [] }), 'NOT_A_MODEL'],
    ['a class of its own', 'a.keras', archive({ class_name: 'MyModel', config: {} }), 'SUBCLASSED'],
    ['a path that leads out', 'a.keras', archive(sequential(), { '../../evil': text('x') }), 'PATH_OUTSIDE'],
    [
      'too many layers',
      'a.keras',
      archive(sequential(...Array.from({ length: 5001 }, () => conv()))),
      'TOO_MANY_LAYERS',
    ],
    [
      'too many entries',
      'a.keras',
      archive(sequential(), Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, text('')]))),
      'TOO_MANY_ENTRIES',
    ],
    [
      'weights that are no HDF5',
      'a.keras',
      archive(sequential(conv()), { 'model.weights.h5': text('pickle') }),
      'NOT_HDF5',
    ],
  ])('%s', async (_, name, bytes, reason) => {
    expect(await refusal(name, bytes)).toBe(reason);
  });

  it('a size that an archive claims is believed before memory is taken', async () => {
    const bytes = archive(sequential(conv()));
    // The unpacked size in the central directory, at offset 24 of its entry.
    const entry = Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(entry + 24, 0xfffffff0, true);
    expect(await refusal('a.keras', bytes)).toBe('CONTENTS_TOO_LARGE');
  });

  it('weights alone are told apart from networks', async () => {
    const tensors = [{ name: 'w', dims: [1], values: Float32Array.of(1) }];
    const weights = new Uint8Array(Buffer.concat(encodeHdf5({ tensors })));
    expect(await refusal('a.h5', weights)).toBe('WEIGHTS_ONLY');
  });

  it('names of layers are text, whatever they hold', async () => {
    const name = '__proto__"); import os\n';
    const { document } = await imported('a.keras', archive(sequential(conv({ name }))));
    expect(Object.values(document.nodes).map((node) => node.name)).toContain(name.trim());
    expect(expectOk({ ok: true, value: documentOf({ layers: [], training: {} }) }).document.nodes).toEqual(
      {},
    );
  });
});
