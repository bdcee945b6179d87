/** Making blocks of nodes, and taking blocks from one document to another. */
import { describe, expect, it } from 'vitest';
import { blocksUsedBy } from '@shared/document/blocks';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import { parseBlocks, serialiseBlocks } from '@shared/document/library';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { add, build, connect, edit, pack, refusal, skip, wiring } from './edit';

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
      position: { x: 40, y: 100 },
      params: { block: 'stem_1', repeat: 3 },
    });
    expect(packed.blocks).toEqual({
      stem_1: {
        id: 'stem_1',
        name: 'stem',
        exposed,
        graph: {
          nodes: [
            { id: 'conv2d_1', type: 'Conv2D', name: 'conv2d_1', position: { x: 0, y: 0 }, params: {} },
            { id: 'conv2d_2', type: 'Conv2D', name: '第二层', position: { x: -10, y: 100 }, params: {} },
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
