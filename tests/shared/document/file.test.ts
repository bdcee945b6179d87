/** The file format: its exact text, what is kept, what is mended, and what is refused at which place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from '@shared/document/json-scan';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { MAX_DOCUMENT_BYTES, type GraphDocument } from '@shared/document/types';
import { formatProblem } from '@shared/problems/format';
import type { Json, JsonObject } from '@shared/util/json';
import { json } from './arbitrary';
import { expectSound } from './invariants';
import { pathsOf, replaceAt } from './mutate';

const text = `{
  "format": "layerloom",
  "version": 1,
  "nodes": [
    {"id": "conv2d_1", "type": "Conv2D", "name": "卷积 1", "position": {"x": 260, "y": -8.5}, "params": {"filters": 6, "kernelSize": [5, 5]}},
    {"id": "input_1", "type": "Input", "name": "input_1", "position": {"x": 0, "y": 0}, "params": {}}
  ],
  "wires": [
    {"from": ["input_1", "out"], "to": ["conv2d_1", "in"]}
  ],
  "template": "lenet",
  "training": {"dataset": "mnist", "epochs": 5},
  "lastIds": {"conv2d": 3, "input": 1}
}
`;

const document: GraphDocument = {
  nodes: {
    input_1: { id: 'input_1', type: 'Input', name: 'input_1', position: { x: 0, y: 0 }, params: {} },
    conv2d_1: {
      id: 'conv2d_1',
      type: 'Conv2D',
      name: '卷积 1',
      position: { x: 260, y: -8.5 },
      params: { kernelSize: [5, 5], filters: 6 },
    },
  },
  wires: { 'conv2d_1.in': { from: ['input_1', 'out'], to: ['conv2d_1', 'in'] } },
  blocks: {},
  groups: {},
  template: 'lenet',
  training: { epochs: 5, dataset: 'mnist' },
  lastIds: { input: 1, conv2d: 3 },
};

const empty = { format: 'layerloom', version: 1, nodes: [], wires: [] };
const node = (id: Json, rest: JsonObject = {}) => ({
  id,
  type: 'Add',
  name: 'a name',
  position: { x: 0, y: 0 },
  params: {},
  ...rest,
});
const wire = (from: Json, to: Json) => ({ from, to });
const read = (value: unknown) => parseDocument(JSON.stringify(value));

function opened(value: unknown) {
  const result = read(value);
  if (!result.ok) throw new Error(formatProblem(result.error, 'en').message);
  return result.value;
}

function refused(source: string) {
  const result = parseDocument(source);
  if (result.ok) throw new Error('was opened');
  return { code: result.error.code, ...formatProblem(result.error, 'en') };
}

describe('the text', () => {
  it('is written one node and one wire a line, all in order', () => {
    expect(serialiseDocument(document)).toBe(text);
  });

  it('is read back and written again as it is', () => {
    expect(parseDocument(text)).toEqual({ ok: true, value: { document, repairs: [] } });
  });

  it('of an empty document is valid too', () => {
    const blank: GraphDocument = { nodes: {}, wires: {}, blocks: {}, groups: {}, training: {}, lastIds: {} };
    expect(parseDocument(serialiseDocument(blank))).toEqual({
      ok: true,
      value: { document: blank, repairs: [] },
    });
  });

  it('may begin with a byte order mark and end lines as on Windows', () => {
    expect(parseDocument(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toMatchObject({
      ok: true,
      value: { document },
    });
  });
});

describe('what this version does not know', () => {
  const strange = {
    ...empty,
    nodes: [
      node('b_1', {
        type: 'Quantum',
        params: { filters: -1, huge: '@@', deep: [{ b: 1, a: null }] },
        color: 'red',
      }),
      node('a', { name: '', z: 1, about: { author: 'x' } }),
    ],
    wires: [{ ...wire(['a', 'out'], ['b_1', 'somewhere']), label: 'skip' }],
    training: { optimizer: 'unheard-of' },
    viewport: { zoom: 2 },
    $schema: 'https://example.org',
  };
  const source = JSON.stringify(strange).replace('"@@"', '1e999');

  it('is opened and written back', () => {
    const first = parseDocument(source);
    if (!first.ok) throw new Error(first.error.code);
    expect(first.value.repairs).toEqual([]);
    expect(first.value.document.nodes['b_1']).toMatchObject({ type: 'Quantum', extra: { color: 'red' } });
    const written = serialiseDocument(first.value.document);
    expect(JSON.parse(written)).toEqual({
      ...(JSON.parse(source) as object),
      nodes: expect.anything() as unknown,
      lastIds: { b: 1 },
    });
    expect(written).toContain(
      '"params": {"deep": [{"a": null, "b": 1}], "filters": -1, "huge": 1e999}, "color": "red"}',
    );
    const second = parseDocument(written);
    expect(second).toEqual(first);
    expect(second.ok && serialiseDocument(second.value.document)).toBe(written);
  });

  it('may be called __proto__ and harms nothing', () => {
    const hostile = source
      .replace('"filters":-1', '"__proto__":{"polluted":1},"__proto__":{"polluted":2}')
      .replace(
        '"viewport"',
        '"lastIds":{"__proto__":7,"constructor":8},"__proto__":{"polluted":3},"viewport"',
      );
    const first = parseDocument(hostile);
    if (!first.ok) throw new Error(formatProblem(first.error, 'en').message);
    expect(Object.getPrototypeOf(first.value.document)).toBe(Object.prototype);
    expect(({} as JsonObject)['polluted']).toBeUndefined();
    expect(Object.entries(first.value.document.nodes['b_1']?.params ?? {})).toContainEqual([
      '__proto__',
      { polluted: 2 },
    ]);
    const written = serialiseDocument(first.value.document);
    expect(written).toContain('"__proto__": {"polluted": 3}');
    expect(written).toContain('"lastIds": {"__proto__": 7, "b": 1, "constructor": 8}');
    expect(parseDocument(written)).toEqual(first);
  });
});

describe('mending', () => {
  it('leaves out wires to nowhere and second wires on a port, and closes the gaps', () => {
    const { document: mended, repairs } = opened({
      ...empty,
      nodes: [node('a_1'), node('b_1')],
      wires: [
        wire(['ghost', 'out'], ['b_1', 'in0']),
        wire(['a_1', 'out'], ['b_1', 'in1']),
        wire(['b_1', 'out'], ['b_1', 'in1']),
        wire(['a_1', 'out'], ['constructor', 'in']),
        wire(['a_1', 'out'], ['b_1', 'in5']),
      ],
    });
    expect(Object.keys(mended.wires)).toEqual(['b_1.in0', 'b_1.in1']);
    expect(repairs.map(({ code, severity, node: at }) => [code, severity, at])).toEqual([
      ['file/wire-to-nowhere', 'warning', undefined],
      ['file/port-taken-twice', 'warning', 'b_1'],
      ['file/wire-to-nowhere', 'warning', undefined],
      ['file/inputs-renumbered', 'warning', 'b_1'],
    ]);
    expect(repairs.map((repair) => formatProblem(repair, 'en').message.split(':')[0])).toEqual([
      'wires[0]',
      'wires[2]',
      'wires[3]',
      'The inputs of b_1 were numbered with gaps. They were renumbered in the same order.',
    ]);
    expectSound(mended);
  });

  it('raises counters that are lower than the ids', () => {
    const nodes = [node('conv2d_7'), node('conv2d_3'), node('stem')];
    expect(opened({ ...empty, nodes, lastIds: { conv2d: 5, dense: 9 } }).document.lastIds).toEqual({
      conv2d: 7,
      dense: 9,
    });
  });

  it('opens circles', () => {
    const nodes = [node('a'), node('b')];
    const wires = [wire(['a', 'out'], ['b', 'in']), wire(['b', 'out'], ['a', 'in'])];
    const { document: circle, repairs } = opened({ ...empty, nodes, wires });
    expect(Object.keys(circle.wires)).toEqual(['a.in', 'b.in']);
    expect(repairs).toEqual([]);
  });
});

describe('refusing', () => {
  it.each([
    ['', 'Line 1, column 1: the file ends too early, it is not whole JSON.'],
    ['{"a": [1, 2}', 'Line 1, column 12: "}" cannot stand here, the file is not JSON.'],
    ['{\n  "a": 1,\n}', 'Line 3, column 1: "}" cannot stand here, the file is not JSON.'],
    ['{\r\n"a": "x\ty"}', 'Line 2, column 8: "\\t" cannot stand here, the file is not JSON.'],
    ['{"a": "\\u00g0"}', 'Line 1, column 12: "g" cannot stand here, the file is not JSON.'],
    ['{"a": "\\', 'Line 1, column 9: the file ends too early, it is not whole JSON.'],
    ['{"a" 1}', 'Line 1, column 6: "1" cannot stand here, the file is not JSON.'],
    ['{a: 1}', 'Line 1, column 2: "a" cannot stand here, the file is not JSON.'],
    ['[1] 🙂', 'Line 1, column 5: "🙂" cannot stand here, the file is not JSON.'],
    [text.slice(0, -3), 'Line 13, column 39: the file ends too early, it is not whole JSON.'],
  ])('%j, which is not JSON', (source, message) => {
    expect(refused(source)).toMatchObject({ code: 'file/not-json', message });
  });

  it.each([
    ['[1]', 'The file is of format [1], expected layerloom.'],
    ['null', 'The file is of format null, expected layerloom.'],
    ['{"nodes": []}', 'The file names no format, expected layerloom.'],
    ['{"format": "onnx"}', 'The file is of format "onnx", expected layerloom.'],
  ])('%s, which is another format', (source, message) => {
    expect(refused(source)).toMatchObject({ code: 'file/wrong-format', message });
  });

  it('a newer version, even where the rest has changed', () => {
    const { code, message } = refused('{"format": "layerloom", "version": 2, "nodes": "elsewhere"}');
    expect(code).toBe('file/wrong-version');
    expect(message).toBe('The file is of version 2; this program reads up to version 1.');
  });

  it.each([
    [{ version: undefined }, 'version: the value is missing, expected a whole number from 1.'],
    [{ version: 0 }, 'version: got 0, expected a whole number from 1.'],
    [{ version: '1' }, 'version: got "1", expected a whole number from 1.'],
    [{ nodes: undefined }, 'nodes: the value is missing, expected a list.'],
    [{ nodes: {} }, 'nodes: got {}, expected a list.'],
    [{ wires: null }, 'wires: got null, expected a list.'],
    [{ training: [] }, 'training: got [], expected an object.'],
    [{ training: null }, 'training: got null, expected an object.'],
    [{ template: 3 }, 'template: got 3, expected a text.'],
    [{ lastIds: { a: -1 } }, 'lastIds["a"]: got -1, expected a whole number from 0 to 999999999.'],
    [{ lastIds: { a: 1e9 } }, 'lastIds["a"]: got 1000000000, expected a whole number from 0 to 999999999.'],
    [{ nodes: [7] }, 'nodes[0]: got 7, expected an object.'],
    [
      { nodes: [node('a'), node(undefined as never)] },
      'nodes[1].id: the value is missing, expected an id of its own, such as conv2d_1.',
    ],
    [{ nodes: [node('A b')] }, 'nodes[0].id: got "A b", expected an id of its own, such as conv2d_1.'],
    [{ nodes: [node(3)] }, 'nodes[0].id: got 3, expected an id of its own, such as conv2d_1.'],
    [{ nodes: [node('a'), node('b'), node('a')] }, 'nodes[2].id: the id a is used twice.'],
    [{ nodes: [node('a', { type: 1 })] }, 'nodes[0].type: got 1, expected a text.'],
    [{ nodes: [node('a', { name: null })] }, 'nodes[0].name: got null, expected a text.'],
    [{ nodes: [node('a', { params: 'x' })] }, 'nodes[0].params: got "x", expected an object.'],
    [
      { nodes: [node('a', { position: { x: 1 } })] },
      'nodes[0].position.y: the value is missing, expected a number.',
    ],
    [
      { wires: [wire('a', ['a', 'in'])] },
      'wires[0].from: got "a", expected a node and a port, such as ["conv2d_1", "in"].',
    ],
    [
      { wires: [wire(['a', 'out'], ['a', 1])] },
      'wires[0].to: got ["a",1], expected a node and a port, such as ["conv2d_1", "in"].',
    ],
  ])('%j, and naming the place', (change, message) => {
    expect(refused(JSON.stringify({ ...empty, ...change }))).toMatchObject({ message });
  });

  it('a position too large to be a number', () => {
    expect(refused(text.replace('260', '1e999')).message).toBe(
      'nodes[0].position.x: got Infinity, expected a number.',
    );
  });

  it('a file of more bytes than allowed', () => {
    const limit = MAX_DOCUMENT_BYTES;
    expect(refused(' '.repeat(limit + 1)).message).toBe(
      `The file has ${limit + 1} bytes, more than the ${limit} that a document may have.`,
    );
    expect(refused('漢'.repeat(Math.ceil(limit / 3)))).toMatchObject({ code: 'file/too-large' });
  });

  it.each(['[', '{"a":'])('%j a million times, without exhausting the stack', (opening) => {
    expect(refused(opening.repeat(1_000_000))).toMatchObject({
      code: 'file/too-deep',
      message: `Line 1, column ${100 * opening.length + 1}: values are nested more than 100 deep.`,
    });
  });

  it.each([
    ['1'.repeat(5_000_000), 'file/wrong-format'],
    [`"${'\\n'.repeat(5_000_000)}"`, 'file/wrong-format'],
    [`"${'x'.repeat(10_000_000)}`, 'file/not-json'],
  ])('long tokens', (source, code) => {
    expect(refused(source).code).toBe(code);
  });
});

/** Thousands of texts take seconds, more on a busy machine. */
const timeout = 60_000;

describe('any text', () => {
  /** Refused in words, or opened to a sound document that survives saving. */
  function expectHandled(source: string): void {
    const result = parseDocument(source);
    for (const each of result.ok ? result.value.repairs : [result.error]) {
      for (const locale of ['en', 'zh-CN'] as const) expect(formatProblem(each, locale).message).not.toBe('');
    }
    if (!result.ok) return;
    expectSound(result.value.document);
    const written = serialiseDocument(result.value.document);
    expect(parseDocument(written)).toEqual({
      ok: true,
      value: { document: result.value.document, repairs: [] },
    });
  }

  const characters = fc.string({ unit: fc.constantFrom(...'{}[]",:.-+eE0159tfnu\\ \n\t\u0000é🙂') });
  /** Part of a valid text replaced: most results are nearly valid. */
  const edited = fc
    .tuple(fc.nat(text.length), fc.nat(6), fc.oneof(characters, fc.json()))
    .map(([at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length));

  it('is JSON for the scanner exactly where it is for JSON.parse', { timeout }, () => {
    const isJson = (source: string): boolean => {
      try {
        JSON.parse(source);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), characters, fc.json(), edited), (source) => {
        expect(scanJson(source, 1000) === undefined).toBe(isJson(source));
      }),
      { numRuns: 2000 },
    );
  });

  it('is handled', { timeout }, () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), characters, fc.json(), edited), expectHandled),
      {
        numRuns: 1000,
      },
    );
  });

  it('is handled where one value of a valid document is another', { timeout }, () => {
    const whole = JSON.parse(text) as Json;
    const places = pathsOf(whole);
    const mutated = fc
      .tuple(fc.constantFrom(...places), fc.oneof(json, fc.constantFrom('input_1', 'conv2d_1', 'in0', 'in4')))
      .map(([path, value]) => JSON.stringify(replaceAt(whole, path, value)));
    fc.assert(fc.property(mutated, expectHandled), { numRuns: 1000 });
  });
});
