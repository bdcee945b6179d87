/** ONNX files from elsewhere: what is taken, approximated and refused, and files that are damaged or made to harm. */
import { describe, expect, it } from 'vitest';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '@shared/formats/onnx/model';
import { encodeOnnx } from '@shared/formats/onnx/write';
import { importFormatOf } from '@shared/import';
import { documentOf } from '@shared/import/build-document';
import { MAX_IMPORT_BYTES } from '@shared/import/format';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { expectOk, sample } from '../../engine/graph-session';
import { randomInput } from '../export/random-weights';
import { exportedBytes, imported } from './round-trip';

const int = (value: number): OnnxAttribute => ({ int: value });
const ints = (...values: number[]): OnnxAttribute => ({ ints: values });
const text = (value: string): OnnxAttribute => ({ text: value });

function node(
  op: string,
  inputs: string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { op, name: `/${output}/${op}`, inputs, outputs: [output], attributes };
}

/** float32 from 1 on. */
function floats(name: string, ...dims: number[]): OnnxTensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return { name, dims, values: Float32Array.from({ length: count }, (_, i) => i + 1) };
}

const numbers = (name: string, ...values: number[]): OnnxTensor => ({ name, dims: [values.length], values });

/** A network from `x` to `y`. */
function network(
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxTensor[] = [],
  more: Partial<OnnxModel> & { dims?: readonly (number | string)[] } = {},
): OnnxModel {
  const { dims = ['n', 2, 4, 4], ...rest } = more;
  return {
    ...{
      opset: 17,
      producer: { name: 'pytorch', version: '2' },
      name: 'g',
      nodes,
      initializers,
      metadata: {},
    },
    inputs: [{ name: 'x', dims }],
    outputs: [{ name: 'y', dims: ['n', 1] }],
    ...rest,
  };
}

const bytesOf = (model: OnnxModel): Uint8Array => encodeOnnx(model).model;

async function refusal(
  bytes: Uint8Array,
  beside: Readonly<Record<string, Uint8Array>> = {},
): Promise<unknown> {
  const file = { name: 'a.onnx', bytes, beside: (name: string) => Promise.resolve(beside[name]) };
  const read = await expectOk(importFormatOf(file)).read(file);
  return read.ok ? 'read' : (read.error.args['reason'] ?? read.error.code);
}

/** Types of the nodes, and the codes of what was not taken. */
async function summary(model: OnnxModel) {
  const { document, report, tensors } = await imported('a.onnx', bytesOf(model));
  const types = Object.values(document.nodes).map(({ type }) => type);
  const codes = report.flatMap(({ type, notes }) => notes.map(({ code }) => `${type} ${code}`));
  const params = (type: string) => Object.values(document.nodes).find((each) => each.type === type)?.params;
  return { document, types, codes, params, tensors };
}

const softmax = (from: string): OnnxNode => node('Softmax', [from], 'y');

describe('operators', () => {
  it('of TensorFlow, with images turned at both ends, biases behind and a mean for a pooling', async () => {
    const model = network(
      [
        node('Transpose', ['x'], 'turned', { perm: ints(0, 3, 1, 2) }),
        node('Conv', ['turned', 'w'], 'conv', {
          auto_pad: text('SAME_UPPER'),
          strides: ints(2, 2),
          kernel_shape: ints(3, 3),
        }),
        node('Add', ['conv', 'b'], 'biased'),
        node('Relu', ['biased'], 'relu'),
        node('Transpose', ['relu'], 'back', { perm: ints(0, 2, 3, 1) }),
        node('Reshape', ['back', 'shape'], 'flat'),
        node('MatMul', ['flat', 'k'], 'dense'),
        node('Add', ['dense', 'c'], 'logits'),
        softmax('logits'),
      ],
      [
        floats('w', 5, 2, 3, 3),
        floats('b', 1, 5, 1, 1),
        numbers('shape', -1, 20),
        floats('k', 20, 3),
        floats('c', 3),
      ],
      { dims: ['n', 4, 4, 2] },
    );
    const { types, codes, params, tensors } = await summary(model);
    expect(codes).toEqual([]);
    expect(types).toEqual(['Input', 'Conv2D', 'Activation', 'Reshape', 'Dense', 'Output']);
    expect(params('Input')).toEqual({ shape: [4, 4, 2] });
    expect(params('Conv2D')).toMatchObject({ filters: 5, padding: 'same', strides: [2, 2] });
    expect(tensors.map(({ name, dims }) => [name, dims])).toEqual([
      ['conv2d_1/kernel', [3, 3, 2, 5]],
      ['conv2d_1/bias', [5]],
      ['dense_1/kernel', [20, 3]],
      ['dense_1/bias', [3]],
    ]);
    // Rows of pixels already: nothing is turned.
    expect(tensors[2]?.values.slice(0, 3)).toEqual(Float32Array.of(1, 2, 3));
  });

  it('flatten images channel by channel, for which dense kernels are turned', async () => {
    const model = network(
      [
        node('Shape', ['x'], 'shape'),
        node('Gather', ['shape', 'zero'], 'batch'),
        node('Unsqueeze', ['batch', 'axis'], 'batches'),
        node('Concat', ['batches', 'rest'], 'target', { axis: int(0) }),
        node('Reshape', ['x', 'target'], 'flat'),
        node('Gemm', ['flat', 'w', 'b'], 'logits', { transB: int(1) }),
        softmax('logits'),
      ],
      [numbers('zero', 0), numbers('axis', 0), numbers('rest', -1), floats('w', 3, 8), floats('b', 3)],
      { dims: ['n', 2, 2, 2] },
    );
    const { types, codes, tensors } = await summary(model);
    expect(codes).toEqual([]);
    expect(types).toEqual(['Input', 'Flatten', 'Dense', 'Output']);
    // Of the first unit: channel 0 has the weights 1 to 4, channel 1 those from 5 to 8.
    const first = Array.from({ length: 8 }, (_, row) => tensors[0]?.values[3 * row]);
    expect(first).toEqual([1, 5, 2, 6, 3, 7, 4, 8]);
  });

  it('that pool globally give vectors, or images where one is wanted', async () => {
    const model = network(
      [
        node('GlobalAveragePool', ['x'], 'pool'),
        node('Conv', ['pool', 'w'], 'gate'),
        node('Sigmoid', ['gate'], 'sigmoid'),
        node('Mul', ['x', 'sigmoid'], 'gated'),
        node('GlobalMaxPool', ['gated'], 'max'),
        node('Squeeze', ['max', 'axes'], 'vector'),
        softmax('vector'),
      ],
      [floats('w', 2, 2, 1, 1), numbers('axes', 2, 3)],
    );
    const { types, codes } = await summary(model);
    expect(codes).toEqual([]);
    expect(types).toEqual([
      ...['Input', 'GlobalAveragePooling2D', 'Reshape', 'Conv2D', 'Activation', 'Multiply'],
      ...['GlobalMaxPooling2D', 'Output'],
    ]);
  });

  it.each([
    [
      'an operator that we do not have',
      node('LRN', ['x'], 'z', { size: int(5) }),
      'LRN import/layer-unknown',
    ],
    ['loops, which are not followed', node('Loop', ['x'], 'z'), 'Loop import/layer-unknown'],
    [
      'dilated poolings',
      node('MaxPool', ['x'], 'z', { kernel_shape: ints(2, 2), dilations: ints(2, 2) }),
      'MaxPool import/setting-unsupported',
    ],
    ['weights that come from the network', node('Conv', ['x', 'x'], 'z'), 'Conv import/weights-computed'],
    ['weights of another size', node('Conv', ['x', 'flat'], 'z'), 'Conv import/weights-misfit'],
    ['values that nothing gives', node('Relu', ['nowhere'], 'z'), 'Relu import/operand-unknown'],
    ['a vector that lies channel by channel', node('Flatten', ['x'], 'z'), 'Concat import/order'],
    [
      'corners aligned',
      node('Resize', ['x', '', 'scales'], 'z', {
        mode: text('linear'),
        coordinate_transformation_mode: text('align_corners'),
      }),
      'Resize import/setting-unsupported',
    ],
    [
      'a mean whose padding does not count',
      node('AveragePool', ['x'], 'z', { kernel_shape: ints(3, 3), pads: ints(2, 2, 0, 0) }),
      'AveragePool import/setting-unsupported',
    ],
    [
      'axes turned otherwise',
      node('Transpose', ['x'], 'z', { perm: ints(0, 1, 3, 2) }),
      'Transpose import/setting-unsupported',
    ],
  ])('%s say so and keep their place', async (_, given, expected) => {
    const end = given.op === 'Flatten' ? node('Concat', ['z', 'z'], 'y', { axis: int(1) }) : softmax('z');
    const { codes } = await summary(network([given, end], [floats('flat', 4), floats('scales', 4)]));
    expect(codes).toContain(expected);
  });

  it('of a stranger’s domain are none of ours, whatever they are called', async () => {
    const { codes } = await summary(
      network([{ ...node('Relu', ['x'], 'z'), op: 'Evil"; import os' }, softmax('z')]),
    );
    expect(codes).toContain('Evil"; import os import/layer-unknown');
  });

  it.each([
    [
      'rounded up',
      { ceil_mode: int(1), kernel_shape: ints(4, 4), strides: ints(3, 3) },
      { top: 0, bottom: 2, left: 0, right: 2 },
    ],
    ['SAME_LOWER', { auto_pad: text('SAME_LOWER') }, { top: 1, bottom: 0, left: 1, right: 0 }],
    ['as same', { pads: ints(0, 0, 1, 1) }, 'same'],
  ])('pool with padding %s', async (_, attributes, padding) => {
    const pool = node('MaxPool', ['x'], 'z', {
      kernel_shape: ints(2, 2),
      strides: ints(2, 2),
      ...attributes,
    });
    const { params } = await summary(network([pool, softmax('z')], [], { dims: ['n', 2, 5, 5] }));
    expect(params('MaxPooling2D')?.['padding']).toEqual(padding);
  });

  it('that ask for sizes the file leaves open get an image, and say so', async () => {
    const { params, codes } = await summary(network([softmax('x')], [], { dims: ['n', 3, 'h', 'w'] }));
    expect(params('Input')).toEqual({ shape: [224, 224, 3] });
    expect(codes).toContain('Input import/input-shape');
  });

  it('keep names that are code as text', async () => {
    const name = '__proto__"); import os\n';
    const { document } = await summary(network([{ ...node('Relu', ['x'], 'z'), name }, softmax('z')]));
    expect(Object.values(document.nodes).map((each) => each.name)).toContain(name.trim());
  });
});

describe('bad files', () => {
  const input = randomInput(required(templateOf('lenet'), 'lenet').create());
  const lenet = exportedBytes('onnx', input);

  it('cut off anywhere give one reason, and harm nothing', async () => {
    for (const part of [0, 0.001, 0.01, 0.3, 0.7, 0.99]) {
      const cut = lenet.slice(0, Math.floor(lenet.length * part));
      expect(['DAMAGED', 'NOT_ONNX'], `${part}`).toContain(await refusal(cut));
    }
    expect(await refusal(lenet)).toBe('read');
  });

  it('with any byte changed are refused or read, and never throw', async () => {
    const small = bytesOf(network([node('Conv', ['x', 'w'], 'z'), softmax('z')], [floats('w', 2, 2, 1, 1)]));
    for (let at = 0; at < small.length; at++) {
      for (const bits of [1, 0x80, 0xff]) {
        const bytes = small.slice();
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        const file = { name: 'a.onnx', bytes, beside: () => Promise.resolve(undefined) };
        const read = await expectOk(importFormatOf(file)).read(file);
        if (read.ok) documentOf(read.value);
      }
    }
  });

  const two = [
    { name: 'x', dims: ['n', 1, 4, 4] },
    { name: 'other', dims: ['n', 1, 4, 4] },
  ];
  it.each([
    ['another kind of file', new TextEncoder().encode('PNG and more of it'), ['DAMAGED', 'NOT_ONNX']],
    ['several inputs', bytesOf(network([softmax('x')], [], { inputs: two })), ['MANY_INPUTS']],
    ['several outputs', bytesOf(network([softmax('x')], [], { outputs: two })), ['MANY_OUTPUTS']],
    ['no operators', bytesOf(network([])), ['NO_LAYERS']],
    ['a circle', bytesOf(network([node('Relu', ['b'], 'a'), node('Relu', ['a'], 'b')])), ['CYCLE']],
    [
      'too many operators',
      bytesOf(network(Array.from({ length: 5001 }, (_, i) => node('Relu', ['x'], `v${i}`)))),
      ['TOO_MANY_LAYERS'],
    ],
    [
      'sizes beyond all memory',
      bytesOf(network([softmax('x')], [{ name: 'w', dims: [2 ** 40, 2 ** 40], values: new Float32Array() }])),
      ['TENSORS_TOO_LARGE'],
    ],
    // A graph of nothing but empty operators: two bytes each.
    ['more parts than any network has', flood(650_000), ['TOO_MANY_OBJECTS']],
  ])('%s', async (_, bytes, reasons) => {
    expect(reasons).toContain(await refusal(bytes));
  });

  it('a tensor that claims more than it has is no weight', async () => {
    const claimed = { ...floats('w', 2), dims: [1000, 1000, 10, 10] };
    const { codes } = await summary(network([node('Conv', ['x', 'w'], 'z'), softmax('z')], [claimed]));
    expect(codes).toContain('Conv import/weights-computed');
  });

  it('files beside the model may be no larger together than one, which is asked for before they are read', async () => {
    const bytes = encodeOnnx(
      network([softmax('x')], [floats('v', 1, 300), floats('w', 1, 300)]),
      'a.data',
    ).model;
    // Another file for the second one.
    bytes[Buffer.from(bytes).lastIndexOf('a.data')] = 'b'.charCodeAt(0);
    const asked: (number | string | undefined)[] = [];
    const file = {
      ...{ name: 'a.onnx', bytes },
      beside: (name: string, most?: number) => {
        asked.push(name, most);
        return Promise.resolve(new Uint8Array(1200));
      },
    };
    expect((await expectOk(importFormatOf(file)).read(file)).ok).toBe(true);
    expect(asked).toEqual(['a.data', MAX_IMPORT_BYTES, 'b.data', MAX_IMPORT_BYTES - 1200]);
  });

  it('weights beside the model must lie in its folder', async () => {
    const weights = { name: 'w', dims: [16, 2, 4, 4], values: sample(512, 1) };
    const model = network([node('Conv', ['x', 'w'], 'z'), softmax('z')], [weights]);
    for (const place of ['../w.data', '/etc/passwd', 'a/b.data', '..', 'C:\\w.data', '']) {
      expect(await refusal(encodeOnnx(model, place).model), place).toBe('EXTERNAL_PATH');
    }
    const { model: bytes, data } = encodeOnnx(model, 'w.data');
    expect(await refusal(bytes)).toBe('EXTERNAL_MISSING');
    const beside = new Uint8Array(Buffer.concat([...required(data, 'weights')]));
    expect(await refusal(bytes, { 'w.data': beside })).toBe('read');
    const cut = await expectOk(importFormatOf({ name: 'a.onnx', bytes })).read({
      ...{ name: 'a.onnx', bytes },
      beside: () => Promise.resolve(beside.slice(0, 100)),
    });
    const { report } = documentOf(expectOk(cut));
    expect(report.flatMap(({ notes }) => notes.map(({ code }) => code))).toContain('import/weights-computed');
  });
});

/** A model whose graph has so many operators without anything in them. */
function flood(count: number): Uint8Array {
  const graph = new Uint8Array(2 * count);
  for (let at = 0; at < graph.length; at += 2) graph[at] = 0x0a;
  const length = Array.from({ length: 4 }, (_, i) => ((graph.length >> (7 * i)) & 0x7f) | (i < 3 ? 0x80 : 0));
  return Uint8Array.from([0x08, 8, 0x42, 2, 0x10, 17, 0x3a, ...length, ...graph]);
}
