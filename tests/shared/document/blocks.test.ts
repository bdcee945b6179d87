/** Opening, closing, packing and taking over of blocks, on small graphs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, applyDiff } from '@shared/document/apply';
import { blocksUsedBy } from '@shared/document/blocks';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import { parseBlocks, serialiseBlocks } from '@shared/document/library';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { DocumentStore } from '@shared/document/store';
import type { BlockGraph, GraphDocument } from '@shared/document/types';
import { commandOf, intent } from './arbitrary';
import { contentOf, expectSound } from './invariants';

const add = (type: string, x = 0, y = 0): Command => ({ kind: 'addNode', type, position: { x, y } });
const connect = (from: string, to: string, port = 'in'): Command => ({
  kind: 'connect',
  from: [from, 'out'],
  to: [to, port],
});
const pack = (nodes: readonly string[], rest: object = {}): Command => ({
  kind: 'packNodes',
  nodes,
  name: 'stem',
  ...rest,
});

function edit(document: GraphDocument, ...commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(`${command.kind}: ${result.error.code}`);
    const next = applyDiff(current, result.value);
    expectSound(next);
    return next;
  }, document);
}

const build = (...commands: readonly Command[]) => edit(emptyDocument(), ...commands);

function refusal(document: GraphDocument, command: Command) {
  const result = applyCommand(document, command);
  return result.ok ? undefined : result.error;
}

/** `from > to.port` for every wire. */
const wiring = ({ wires }: GraphDocument): string[] =>
  Object.values(wires).map(({ from, to }) => `${from[0]} > ${to.join('.')}`);

/** input_1 > residual_block_1 > output_1 */
const drawn = build(
  add('Input'),
  { kind: 'addNode', type: 'ResidualBlock', position: { x: 100, y: 50 }, params: { filters: 4 } },
  add('Output'),
  connect('input_1', 'residual_block_1'),
  connect('residual_block_1', 'output_1'),
);

/** conv > add, with the input around it. */
const skip: BlockGraph = {
  nodes: [
    { id: 'conv', type: 'Conv2D', position: { x: 0, y: 0 }, params: { filters: 4 } },
    { id: 'sum', type: 'Add', name: 'my sum', position: { x: 10, y: 112 }, params: {} },
  ],
  wires: [{ from: ['conv', 'out'], to: ['sum', 'in0'] }],
  inputs: {
    in: [
      ['conv', 'in'],
      ['sum', 'in1'],
    ],
  },
  output: 'sum',
};
const expand: Command = { kind: 'expandBlock', node: 'residual_block_1', graph: skip };
const collapse: Command = { kind: 'collapseGroup', group: 'group_1' };
const expanded = edit(drawn, expand);

describe('expandBlock', () => {
  it('puts the parts in the place of the block, wired and placed as it was', () => {
    expect(wiring(expanded)).toEqual([
      'conv2d_1 > add_1.in0',
      'input_1 > add_1.in1',
      'input_1 > conv2d_1.in',
      'add_1 > output_1.in',
    ]);
    expect(expanded.nodes['conv2d_1']).toEqual({
      id: 'conv2d_1',
      type: 'Conv2D',
      name: 'residual_block_1 conv',
      position: { x: 100, y: 50 },
      params: { filters: 4 },
    });
    expect(expanded.nodes['add_1']).toMatchObject({ name: 'my sum', position: { x: 110, y: 162 } });
    expect(expanded.groups['group_1']).toMatchObject({
      node: drawn.nodes['residual_block_1'],
      members: { conv: { id: 'conv2d_1' }, sum: { id: 'add_1' } },
      output: 'add_1',
    });
  });

  it('refuses what would lose a wire or renumber the inputs of a part', () => {
    const wired = edit(drawn, connect('input_1', 'residual_block_1', 'side'));
    expect(refusal(wired, expand)).toMatchObject({
      code: 'graph/unknown-port',
      port: 'side',
      node: 'residual_block_1',
    });
    const loose = edit(drawn, { kind: 'disconnect', to: ['residual_block_1', 'in'] });
    expect(refusal(loose, expand)).toMatchObject({ code: 'graph/input-missing', port: 'in' });
    const plain = { ...skip, inputs: { in: [['conv', 'in'] as const] } };
    expect(Object.keys(edit(loose, { ...expand, graph: plain }).nodes)).toContain('conv2d_1');
  });
});

describe('collapseGroup', () => {
  it('restores the document, whatever happened outside', () => {
    expect(contentOf(edit(expanded, collapse))).toEqual(contentOf(drawn));
    const outside = edit(expanded, add('Conv2D'), connect('add_1', 'conv2d_2'));
    expect(contentOf(edit(outside, collapse))).toEqual(
      contentOf(edit(outside, collapse, { kind: 'moveNodes', positions: {} })),
    );
    expect(wiring(edit(outside, collapse))).toContain('residual_block_1 > conv2d_2.in');
  });

  it('follows wires that were redrawn as a whole, and parts that were moved', () => {
    const redrawn = edit(
      expanded,
      add('Input'),
      connect('input_2', 'conv2d_1'),
      connect('input_2', 'add_1', 'in1'),
      { kind: 'disconnect', to: ['output_1', 'in'] },
      { kind: 'moveNodes', positions: { conv2d_1: { x: 130, y: 40 }, add_1: { x: 140, y: 152 } } },
    );
    const closed = edit(redrawn, collapse);
    expect(wiring(closed)).toEqual(['input_2 > residual_block_1.in']);
    expect(closed.nodes['residual_block_1']?.position).toEqual({ x: 130, y: 40 });
  });

  it.each<[string, Command]>([
    ['a parameter', { kind: 'setParam', node: 'conv2d_1', param: 'filters', value: 5 }],
    ['a name', { kind: 'renameNode', node: 'add_1', name: 'other' }],
    ['a part less', { kind: 'removeNodes', nodes: ['conv2d_1'] }],
    ['a wire less', { kind: 'disconnect', to: ['add_1', 'in1'] }],
    ['a wire out of the middle', { kind: 'batch', commands: [add('Relu'), connect('conv2d_1', 'relu_1')] }],
    ['a wire into the middle', connect('input_1', 'conv2d_1', 'in1')],
    [
      'something in between',
      { kind: 'insertOnWire', to: ['add_1', 'in0'], type: 'Dropout', position: { x: 0, y: 0 } },
    ],
  ])('refuses once edited, by %s, and offers to pack where that works', (_, change) => {
    const edited = edit(expanded, change);
    const problem = refusal(edited, collapse);
    expect(problem).toMatchObject({ code: 'block/edited', args: { name: 'residual_block_1' } });
    const [fix] = problem?.fixes ?? [];
    const packed = fix && edit(edited, ...fix.commands);
    const isPackable = !['a wire out of the middle', 'something in between'].includes(_);
    expect(packed && Object.values(packed.blocks).map(({ name }) => name)).toEqual(
      isPackable ? ['residual_block_1'] : undefined,
    );
    expect(packed?.groups ?? {}).toEqual({});
  });

  it('refuses where the block would feed itself through a node that was added', () => {
    const graph: BlockGraph = {
      ...skip,
      wires: [],
      inputs: { a: [['conv', 'in']], b: [['sum', 'in']] },
      output: 'sum',
    };
    const two = build(
      add('Input'),
      add('Two'),
      connect('input_1', 'two_1', 'a'),
      connect('input_1', 'two_1', 'b'),
    );
    const open = edit(two, { kind: 'expandBlock', node: 'two_1', graph });
    const around = edit(open, add('Relu'), connect('add_1', 'relu_1'), connect('relu_1', 'conv2d_1'));
    expect(refusal(around, collapse)).toMatchObject({ code: 'graph/cycle' });
  });

  it('closes blocks inside first, and takes a free name where its own is taken', () => {
    const nested = edit(
      expanded,
      { kind: 'expandBlock', node: 'conv2d_1', graph: { ...skip, inputs: { in: [['conv', 'in']] } } },
      { kind: 'renameNode', node: 'input_1', name: 'residual_block_1' },
    );
    expect(Object.keys(nested.groups)).toEqual(['group_1', 'group_2']);
    const closed = edit(nested, collapse);
    expect(closed.groups).toEqual({});
    expect(closed.nodes['residual_block_1']?.name).toBe('residual_block_1 2');
    expect(wiring(closed)).toEqual(wiring(drawn));
  });

  it('is forgotten on request, and when the last part is gone', () => {
    expect(edit(expanded, { kind: 'forgetGroup', group: 'group_1' }).groups).toEqual({});
    const one = edit(expanded, { kind: 'removeNodes', nodes: ['conv2d_1'] });
    expect(Object.keys(one.groups)).toEqual(['group_1']);
    expect(edit(one, { kind: 'removeNodes', nodes: ['add_1'] }).groups).toEqual({});
  });

  it('gives back any document after any block was opened', () => {
    const sequence = fc.array(intent, { maxLength: 40, size: 'max' });
    let opened = 0;
    fc.assert(
      fc.property(sequence, intent, (before, last) => {
        const store = new DocumentStore(emptyDocument());
        for (const each of before) {
          const command = commandOf(store.document, each);
          if (command) store.execute(command);
        }
        const start = store.document;
        const command = commandOf(start, { ...last, kind: 'expandBlock' });
        const result = command && applyCommand(start, command);
        if (!result?.ok) return;
        opened++;
        const [group] = Object.keys(result.value.groups.added);
        const open = applyDiff(start, result.value);
        const closed = edit(open, { kind: 'collapseGroup', group: group ?? '' });
        expect(contentOf(closed)).toEqual(contentOf(start));
      }),
    );
    expect(opened).toBeGreaterThan(20);
  });
});

/** input_1 > conv2d_1 > conv2d_2 > output_1, with input_1 > add_1 < conv2d_2 on the side. */
const chain = build(
  ...[add('Input'), add('Conv2D', 40, 100), add('Conv2D', 30, 200), add('Output', 0, 300)],
  connect('input_1', 'conv2d_1'),
  connect('conv2d_1', 'conv2d_2'),
  connect('conv2d_2', 'output_1'),
  { kind: 'renameNode', node: 'conv2d_2', name: '第二层' },
);
const exposed = [{ name: 'size', part: 'conv2d_1', param: 'filters' }];

describe('packNodes', () => {
  const packed = edit(chain, pack(['conv2d_2', 'conv2d_1'], { exposed, repeat: 3 }));

  it('makes a definition and a node in the place of the nodes', () => {
    expect(wiring(packed)).toEqual(['input_1 > block_1.in', 'block_1 > output_1.in']);
    expect(packed.nodes['block_1']).toEqual({
      id: 'block_1',
      type: 'Block',
      name: 'stem',
      position: { x: 30, y: 100 },
      params: { block: 'stem_1', repeat: 3 },
    });
    expect(packed.blocks).toEqual({
      stem_1: {
        id: 'stem_1',
        name: 'stem',
        exposed,
        graph: {
          nodes: [
            { id: 'conv2d_1', type: 'Conv2D', name: 'conv2d_1', position: { x: 10, y: 0 }, params: {} },
            { id: 'conv2d_2', type: 'Conv2D', name: '第二层', position: { x: 0, y: 100 }, params: {} },
          ],
          wires: [{ from: ['conv2d_1', 'out'], to: ['conv2d_2', 'in'] }],
          inputs: { in: [['conv2d_1', 'in']] },
          output: 'conv2d_2',
        },
      },
    });
  });

  it('is taken back by expanding: the same names, places and wires, under new ids', () => {
    const graph = packed.blocks['stem_1']?.graph ?? skip;
    const unpacked = edit(packed, { kind: 'expandBlock', node: 'block_1', graph });
    const plain = ({ nodes }: GraphDocument) =>
      Object.values(nodes).map(({ name, type, position, params }) => ({ name, type, position, params }));
    expect(plain(unpacked)).toEqual(expect.arrayContaining(plain(chain)));
    expect(wiring(unpacked)).toEqual([
      'input_1 > conv2d_3.in',
      'conv2d_3 > conv2d_4.in',
      'conv2d_4 > output_1.in',
    ]);
  });

  it('gives a port to each source, from left to right, and to ports that are still open', () => {
    const merge = build(
      ...[add('Conv2D', 300), add('Conv2D', 100), add('Add', 0, 50), add('Conv2D', 0, 99)],
      connect('conv2d_1', 'add_1', 'in0'),
      connect('conv2d_2', 'add_1', 'in1'),
      connect('conv2d_1', 'add_1', 'in2'),
      connect('add_1', 'conv2d_3'),
    );
    const both = edit(merge, pack(['add_1']));
    expect(both.blocks['stem_1']?.graph.inputs).toEqual({
      input1: [['add_1', 'in1']],
      input2: [
        ['add_1', 'in0'],
        ['add_1', 'in2'],
      ],
    });
    expect(wiring(both)).toEqual([
      'conv2d_2 > block_1.input1',
      'conv2d_1 > block_1.input2',
      'block_1 > conv2d_3.in',
    ]);
    const loose = edit(build(add('Conv2D')), pack(['conv2d_1'], { openInputs: [['conv2d_1', 'in']] }));
    expect(loose.blocks['stem_1']?.graph).toMatchObject({
      inputs: { in: [['conv2d_1', 'in']] },
      output: 'conv2d_1',
    });
  });

  it.each<[string, GraphDocument, Command, object]>([
    [
      'the ends of a network',
      chain,
      pack(['input_1', 'conv2d_1']),
      { code: 'block/end-inside', node: 'input_1' },
    ],
    [
      'two outputs',
      edit(chain, add('Output'), connect('conv2d_1', 'output_2')),
      pack(['conv2d_1', 'conv2d_2']),
      { code: 'block/many-outputs', args: { count: 2, names: 'conv2d_1, 第二层' } },
    ],
    [
      'a gap',
      edit(chain, add('Conv2D'), connect('conv2d_2', 'conv2d_3')),
      pack(['conv2d_1', 'conv2d_3']),
      { code: 'block/not-closed', node: 'conv2d_2', args: { name: '第二层' } },
    ],
    ['no input', build(add('Conv2D')), pack(['conv2d_1']), { code: 'block/no-input' }],
    ['no name', chain, pack(['conv2d_1'], { name: ' ' }), { code: 'graph/name-empty' }],
    [
      'a parameter called repeat',
      chain,
      pack(['conv2d_1'], { exposed: [{ ...exposed[0], name: 'repeat' }] }),
      { code: 'block/bad-parameter-name', args: { name: 'repeat' } },
    ],
  ])('refuses %s', (_, document, command, expected) => {
    expect(refusal(document, command)).toMatchObject(expected);
  });

  it('packs blocks into blocks, but never a block into itself', () => {
    const outer = edit(packed, { kind: 'packNodes', nodes: ['block_1'], name: 'outer' });
    expect(Object.keys(outer.blocks)).toEqual(['outer_1', 'stem_1']);
    const again = pack(['block_2'], { replaces: 'stem_1' });
    expect(refusal(outer, again)).toMatchObject({ code: 'block/recursive', args: { name: 'stem' } });
  });

  it('changes an old block, and forgets what was expanded from it before', () => {
    const second = edit(packed, {
      kind: 'paste',
      nodes: [packed.nodes['block_1'] as never],
      wires: [],
      offset: { x: 9, y: 9 },
    });
    const graph = packed.blocks['stem_1']?.graph ?? skip;
    const open = edit(second, { kind: 'expandBlock', node: 'block_1', graph });
    const changed = edit(
      open,
      { kind: 'setParam', node: 'conv2d_3', param: 'filters', value: 9 },
      pack(['conv2d_3', 'conv2d_4'], { replaces: 'stem_1' }),
    );
    expect(Object.keys(changed.blocks)).toEqual(['stem_1']);
    expect(changed.blocks['stem_1']?.graph.nodes[0]).toMatchObject({
      id: 'conv2d_3',
      params: { filters: 9 },
    });
    expect(Object.values(changed.nodes).filter(({ type }) => type === 'Block')).toHaveLength(2);
    expect(changed.groups).toEqual({});
  });
});

describe('definitions', () => {
  const packed = edit(chain, pack(['conv2d_1', 'conv2d_2'], { exposed }));
  const nested = edit(packed, { kind: 'packNodes', nodes: ['block_1'], name: 'outer' });
  const node = Object.values(nested.nodes).filter(({ type }) => type === 'Block');
  const paste = (document: GraphDocument): Command => ({
    kind: 'paste',
    nodes: node,
    wires: [],
    offset: { x: 0, y: 0 },
    blocks: blocksUsedBy(document.blocks, node),
  });

  it('come along with pasted nodes, those inside them too, and only once', () => {
    const other = build(paste(nested), paste(nested));
    expect(other.blocks).toEqual(nested.blocks);
    expect(Object.values(other.nodes).map(({ params }) => params['block'])).toEqual(['outer_1', 'outer_1']);
    expect(edit(nested, paste(nested)).blocks).toBe(nested.blocks);
  });

  it('get another id and name where theirs stand for another block, also inside blocks', () => {
    const clash = edit(chain, pack(['conv2d_1']));
    const other = edit(clash, paste(nested), paste(nested));
    expect(Object.values(other.blocks).map(({ id, name }) => [id, name])).toEqual([
      ['outer_1', 'outer'],
      ['stem_1', 'stem'],
      ['stem_2', 'stem 2'],
    ]);
    expect(other.blocks['stem_1']).toEqual(clash.blocks['stem_1']);
    expect(other.blocks['outer_1']?.graph.nodes[0]?.params).toMatchObject({ block: 'stem_2' });
  });

  it('are renamed, and removed once nothing needs them', () => {
    const renamed = edit(nested, { kind: 'renameBlock', block: 'outer_1', name: 'stem' });
    expect(renamed.blocks['outer_1']?.name).toBe('stem 2');
    expect(refusal(nested, { kind: 'renameBlock', block: 'outer_1', name: '' })?.code).toBe(
      'graph/name-empty',
    );
    const remove = (...blocks: string[]): Command => ({ kind: 'removeBlocks', blocks });
    expect(refusal(nested, remove('stem_1'))).toMatchObject({
      code: 'block/in-use',
      args: { name: 'stem', count: 1 },
    });
    const unused = edit(nested, { kind: 'removeNodes', nodes: node.map(({ id }) => id) });
    expect(refusal(unused, remove('stem_1'))?.code).toBe('block/in-use');
    expect(edit(unused, remove('stem_1', 'outer_1')).blocks).toEqual({});
  });

  it('go through a library file', () => {
    const text = serialiseBlocks(nested.blocks);
    expect(parseBlocks(text)).toEqual({ ok: true, value: { blocks: nested.blocks, repairs: [] } });
    expect(parseBlocks(serialiseDocument(nested))).toMatchObject({ value: { blocks: nested.blocks } });
    expect(parseBlocks(serialiseDocument(chain))).toMatchObject({ error: { code: 'block/none-in-file' } });
    expect(parseBlocks('{')).toMatchObject({ error: { code: 'file/not-json' } });
    const taken = build({ kind: 'addBlocks', blocks: nested.blocks });
    expect(taken.blocks).toEqual(nested.blocks);
  });

  it('that contain themselves are refused', () => {
    const inner = nested.blocks['stem_1'];
    if (!inner) throw new Error('no block');
    const part = { id: 'a', type: 'Block', position: { x: 0, y: 0 }, params: { block: 'outer_1' } };
    const blocks = { ...nested.blocks, stem_1: { ...inner, graph: { ...inner.graph, nodes: [part] } } };
    expect(refusal(emptyDocument(), { kind: 'addBlocks', blocks })?.code).toBe('block/recursive');
    const broken = { ...nested, blocks };
    expect(parseDocument(serialiseDocument(broken))).toMatchObject({ error: { code: 'file/bad-value' } });
    const whole = { ...inner, graph: { ...inner.graph, nodes: [...inner.graph.nodes, part] } };
    expect(
      parseDocument(serialiseDocument({ ...nested, blocks: { ...blocks, stem_1: whole } })),
    ).toMatchObject({
      error: { code: 'block/recursive', args: { name: 'outer' } },
    });
  });
});
