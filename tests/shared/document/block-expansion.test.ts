/** Opening a block into its parts, and closing it again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import { DocumentStore } from '@shared/document/store';
import type { BlockGraph } from '@shared/document/types';
import { commandOf, intent } from './arbitrary';
import { add, build, connect, edit, refusal, skip, wiring } from './edit';
import { contentOf } from './invariants';

/** input_1 > residual_block_1 > output_1 */
const drawn = build(
  add('Input'),
  { kind: 'addNode', type: 'ResidualBlock', position: { x: 100, y: 50 }, params: { filters: 4 } },
  add('Output'),
  connect('input_1', 'residual_block_1'),
  connect('residual_block_1', 'output_1'),
);

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
