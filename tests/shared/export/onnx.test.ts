/** ONNX files as they are written: names, sizes that are free, weights beside the model, folded normalisation. */
import { describe, expect, it } from 'vitest';
import onnx from '@shared/export/onnx';
import { readOnnx } from '@shared/formats/onnx/read';
import type { GraphDocument } from '@shared/document/types';
import { defaultParams } from '@shared/params/fields';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { expectOk } from '../../engine/graph-session';
import { randomInput } from './random-weights';

const document = required(templateOf('lenet-bn'), 'lenet-bn').create();
const defaults = defaultParams(onnx.options);

function written(given: GraphDocument = document, options: Partial<typeof defaults> = {}) {
  const input = { ...randomInput(given), fileName: 'lenet.onnx' };
  const { files } = expectOk(onnx.export(input, { ...defaults, ...options }));
  const [bytes = new Uint8Array(), data] = files.map(({ parts }) =>
    Buffer.concat(parts.map((part) => Buffer.from(part))),
  );
  return { input, files, bytes, data, model: expectOk(readOnnx(bytes)) };
}

function renamed(names: readonly string[]): GraphDocument {
  const nodes = Object.entries(document.nodes).map(
    ([id, node], index) => [id, { ...node, name: names[index] ?? node.name }] as const,
  );
  return { ...document, nodes: Object.fromEntries(nodes) };
}

describe('onnx', () => {
  it('names inputs, outputs and operators as the canvas does, and leaves the batch open', () => {
    const { model } = written();
    expect(model.inputs).toEqual([{ name: 'input', dims: [undefined, 1, 28, 28] }]);
    expect(model.outputs.map(({ dims }) => dims)).toEqual([[undefined, 10]]);
    for (const { name, outputs } of model.nodes) expect(outputs).toEqual([name]);
    const names = model.nodes.map(({ name }) => name);
    for (const { name } of Object.values(document.nodes)) {
      expect([...names, 'input']).toContain(name.replace(/[^A-Za-z0-9]+/g, '_'));
    }
  });

  it('makes identifiers of names that hold quotes, line breaks and code', () => {
    const nasty = [
      `'); import os #`,
      '"\n\\',
      '卷积',
      '</script>',
      'a'.repeat(200),
      '',
      '\u202e',
      'Conv',
      'conv',
    ];
    const { model } = written(renamed(nasty));
    const names = [
      ...model.nodes.flatMap(({ outputs }) => outputs),
      ...model.tensors.map(({ name }) => name),
    ];
    for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
    expect(new Set(names).size).toBe(names.length);
  });

  it('puts large weights beside the model where that is asked for, and the same bytes into both', () => {
    const inside = written();
    const { files, model, data, bytes } = written(document, { externalData: true });
    expect(files.map(({ path }) => path)).toEqual(['lenet.onnx', 'lenet.onnx.data']);
    expect(bytes.length).toBeLessThan(inside.bytes.length / 10);
    const outside = model.tensors.filter(({ external }) => external);
    expect(outside.length).toBeGreaterThan(2);
    for (const { name, external } of outside) {
      const { location, offset, length = 0 } = required(external, name);
      expect(location).toBe('lenet.onnx.data');
      expect(offset % 4096).toBe(0);
      const [piece] = required(
        inside.model.tensors.find((tensor) => tensor.name === name),
        name,
      ).pieces;
      expect(required(data, 'weights').subarray(offset, offset + length)).toEqual(Buffer.from(piece ?? []));
    }
  });

  it('leaves normalisations out where they are folded', () => {
    const count = (model: ReturnType<typeof written>['model']) =>
      model.nodes.filter(({ op }) => op === 'BatchNormalization').length;
    expect(count(written().model)).toBe(4);
    expect(count(written(document, { foldBatchNormalization: true }).model)).toBe(0);
  });

  it.each([11, 17, 26])('says which operators it uses: opset %i', (opset) => {
    expect(written(document, { opset }).model.opset).toBe(opset);
  });
});
