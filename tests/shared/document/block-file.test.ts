/** Blocks and expanded blocks in files: their text, what is mended, and what is refused at which place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { formatProblem } from '@shared/problems/format';
import type { Json, JsonObject } from '@shared/util/json';
import { json } from './arbitrary';
import { expectSound } from './invariants';
import { pathsOf, replaceAt } from './mutate';

const text = `{
  "format": "layerloom",
  "version": 1,
  "nodes": [
    {"id": "add_1", "type": "Add", "name": "sum", "position": {"x": 10, "y": 112}, "params": {}},
    {"id": "block_1", "type": "Block", "name": "block_1", "position": {"x": 0, "y": 0}, "params": {"block": "stem_1", "repeat": 2}}
  ],
  "wires": [],
  "blocks": [
    {"id": "stem_1", "name": "stem", "graph": {"nodes": [{"id": "conv", "type": "Conv2D", "position": {"x": 0, "y": 0}, "params": {"filters": 4}, "color": "red"}], "wires": [], "inputs": {"in": [["conv", "in"]]}, "output": "conv", "version": 7}, "exposed": [{"name": "size", "part": "conv", "param": "filters", "unit": "px"}], "author": "me"}
  ],
  "groups": [
    {"id": "group_1", "node": {"id": "two_1", "type": "Two", "name": "two", "position": {"x": 0, "y": 0}, "params": {}}, "members": {"a.2": {"id": "add_1", "type": "Add", "name": "sum", "position": {"x": 10, "y": 112}, "params": {}}, "b": {"id": "gone_4", "type": "Gone", "name": "g", "position": {"x": 0, "y": 0}, "params": {}}}, "wires": [{"from": ["gone_4", "out"], "to": ["add_1", "in0"]}], "inputs": {"in": [["gone_4", "in"], ["add_1", "in1"]]}, "output": "add_1", "since": 1}
  ],
  "training": {},
  "lastIds": {"add": 1, "block": 1, "gone": 4, "group": 1, "stem": 1, "two": 1}
}
`;

type Whole = { blocks: JsonObject[]; groups: JsonObject[]; nodes: JsonObject[]; lastIds: JsonObject };
const whole = (): Whole => JSON.parse(text) as Whole;

function read(change: (file: Whole) => unknown) {
  const file = whole();
  change(file);
  return parseDocument(JSON.stringify(file));
}

/** The file's value at a path, to be changed. */
function at(file: Whole, ...path: readonly (string | number)[]): Record<string, Json> {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], file) as Record<
    string,
    Json
  >;
}

const part = (id: string, type = 'Add'): JsonObject => ({ id, type, position: { x: 0, y: 0 } });

describe('the text', () => {
  it('has one block and one group a line, unknown keys last, and is read back as it is', () => {
    const parsed = parseDocument(text);
    if (!parsed.ok) throw new Error(formatProblem(parsed.error, 'en').message);
    expect(parsed.value.repairs).toEqual([]);
    expectSound(parsed.value.document);
    expect(serialiseDocument(parsed.value.document)).toBe(text);
  });

  it('has no lines for what there is not: files from before there were blocks stay as they are', () => {
    const plain = { format: 'layerloom', version: 1, nodes: [], wires: [] };
    const parsed = parseDocument(JSON.stringify(plain));
    expect(parsed).toMatchObject({ ok: true, value: { document: { blocks: {}, groups: {} } } });
    expect(parsed.ok && serialiseDocument(parsed.value.document)).not.toMatch(/blocks|groups/);
  });

  it('raises counters above the ids of blocks, groups and of the nodes that these keep', () => {
    const parsed = read((file) => (file.lastIds = {}));
    expect(parsed.ok && parsed.value.document.lastIds).toEqual(whole().lastIds);
  });
});

describe('mending', () => {
  it('leaves out wires and inputs to nowhere and onto taken ports, and blames no node of the document', () => {
    const parsed = read((file) => {
      const graph = at(file, 'blocks', 0, 'graph');
      graph['nodes'] = [part('conv'), part('b')];
      graph['wires'] = [
        { from: ['conv', 'out'], to: ['b', 'in0'] },
        { from: ['block_1', 'out'], to: ['b', 'in1'] },
        { from: ['conv', 'out'], to: ['b', 'in0'] },
      ];
      graph['inputs'] = {
        in: [
          ['add_1', 'in'],
          ['b', 'in0'],
          ['conv', 'in'],
        ],
        other: [['conv', 'in']],
      };
    });
    if (!parsed.ok) throw new Error(formatProblem(parsed.error, 'en').message);
    const { document, repairs } = parsed.value;
    expect(document.blocks['stem_1']?.graph).toMatchObject({
      wires: [{ from: ['conv', 'out'], to: ['b', 'in0'] }],
      inputs: { in: [['conv', 'in']], other: [] },
    });
    expect(repairs.map(({ code, node, args }) => [code, node, args['place']])).toEqual([
      ['file/wire-to-nowhere', undefined, 'blocks[0].graph.wires[1]'],
      ['file/port-taken-twice', undefined, 'blocks[0].graph.wires[2]'],
      ['file/wire-to-nowhere', undefined, 'blocks[0].graph.inputs["in"][0]'],
      ['file/port-taken-twice', undefined, 'blocks[0].graph.inputs["in"][1]'],
      ['file/port-taken-twice', undefined, 'blocks[0].graph.inputs["other"][0]'],
    ]);
  });

  it.each<[string, (file: Whole) => unknown]>([
    ['whose id another node took', (file) => (at(file, 'groups', 0, 'node')['id'] = 'block_1')],
    ['whose parts are gone', (file) => (file.nodes = file.nodes.slice(1))],
    ['of which there are two', (file) => file.groups.push({ ...file.groups[0], id: 'group_2' })],
  ])('forgets a group %s', (_, change) => {
    const parsed = read(change);
    if (!parsed.ok) throw new Error(parsed.error.code);
    expect(parsed.value.repairs).toMatchObject([{ code: 'file/groups-left-out', args: { count: 1 } }]);
    expectSound(parsed.value.document);
  });
});

describe('refusing', () => {
  it.each<[(file: Whole) => unknown, string]>([
    [(file) => (at(file)['blocks'] = {}), 'blocks: got {}, expected a list.'],
    [
      (file) => (at(file, 'blocks', 0)['id'] = 'A'),
      'blocks[0].id: got "A", expected an id of its own, such as conv2d_1.',
    ],
    [(file) => file.blocks.push(...file.blocks), 'blocks[1].id: the id stem_1 is used twice.'],
    [(file) => (at(file, 'blocks', 0)['graph'] = []), 'blocks[0].graph: got [], expected an object.'],
    [
      (file) => (at(file, 'blocks', 0, 'graph')['output'] = 'b'),
      'blocks[0].graph.output: got "b", expected the id of one of the parts.',
    ],
    [
      (file) => (at(file, 'blocks', 0, 'graph')['nodes'] = [part('conv'), part('conv')]),
      'blocks[0].graph.nodes[1].id: the id conv is used twice.',
    ],
    [
      (file) => (at(file, 'blocks', 0, 'graph', 'nodes', 0)['name'] = 3),
      'blocks[0].graph.nodes[0].name: got 3, expected a text.',
    ],
    [
      (file) => (at(file, 'blocks', 0, 'graph', 'inputs')['in'] = 'conv'),
      'blocks[0].graph.inputs["in"]: got "conv", expected a list.',
    ],
    [
      (file) => (at(file, 'blocks', 0, 'exposed', 0)['part'] = 'b'),
      'blocks[0].exposed[0].part: got "b", expected the id of one of the parts.',
    ],
    [
      (file) => (at(file, 'groups', 0, 'members', 'b')['id'] = ''),
      'groups[0].members["b"].id: got "", expected an id of its own, such as conv2d_1.',
    ],
    [
      (file) => (at(file, 'groups', 0)['output'] = 'block_1'),
      'groups[0].output: got "block_1", expected the id of one of the parts.',
    ],
    [
      (file) =>
        (at(file, 'blocks', 0, 'graph')['nodes'] = [
          { ...part('conv', 'Block'), params: { block: 'stem_1' } },
        ]),
      'The block stem contains itself, directly or through another block.',
    ],
  ])('%s, and naming the place', (change, message) => {
    const parsed = read(change);
    expect(parsed.ok ? 'was opened' : formatProblem(parsed.error, 'en').message).toBe(message);
  });

  it('a thousand blocks inside one another is no refusal, and takes no time', () => {
    const blocks = Array.from({ length: 20_000 }, (_, i) => ({
      id: `b_${i}`,
      name: `b ${i}`,
      graph: {
        nodes: [{ ...part('a', 'Block'), params: { block: `b_${i + 1}` } }],
        wires: [],
        inputs: { in: [['a', 'in']] },
        output: 'a',
      },
    }));
    expect(read((file) => file.blocks.push(...(blocks as JsonObject[])))).toMatchObject({ ok: true });
  });
});

/** Thousands of documents take seconds, more on a busy machine. */
const timeout = 60_000;

it(
  'any value put anywhere is refused in words, or opened to a sound document that survives saving',
  { timeout },
  () => {
    const file = JSON.parse(text) as Json;
    const odd = fc.oneof(
      json,
      fc.constantFrom<Json>('stem_1', 'conv', 'add_1', 'in0', ['conv', 'in'], 'two_1'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(file)), odd, (path, value) => {
        const parsed = parseDocument(JSON.stringify(replaceAt(file, path, value)));
        for (const each of parsed.ok ? parsed.value.repairs : [parsed.error])
          expect(formatProblem(each, 'zh-CN').message).not.toBe('');
        if (!parsed.ok) return;
        const { document } = parsed.value;
        expectSound(document);
        const again = parseDocument(serialiseDocument(document));
        expect(again).toEqual({ ok: true, value: { document, repairs: [] } });
      }),
      { numRuns: 2000 },
    );
  },
);
