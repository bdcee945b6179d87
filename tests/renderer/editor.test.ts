/** Editing without a canvas: placing, joining, healing, and what is one step of the history. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { AppState } from '../../src-renderer/state/app.svelte';
import { canConnect, connectionTargets, freeInput } from '../../src-renderer/editing/connections';
import { arrange } from '@shared/layout/arrange';
import { walk } from '../../src-renderer/editing/walk';
import { FieldEdit } from '../../src-renderer/inspector/field-edit';
import { idOf, makeApp } from './support';

let app: AppState;
beforeEach(() => ({ app } = makeApp()));

const document = () => app.documents.document;
const wireBetween = (from: string, to: string) =>
  Object.values(document().wires).some((wire) => wire.from[0] === from && wire.to[0] === to);

describe('adding', () => {
  test('joins the new node to the selected one in one step', () => {
    const output = idOf(app, 'dense3');
    app.selection.select([output]);
    const added = app.editor.addNode('Dropout');
    expect(added).toBeDefined();
    expect(wireBetween(output, added ?? '')).toBe(true);
    expect([...app.selection.nodes]).toEqual([added]);
    app.editor.undo();
    expect(document().nodes[added ?? '']).toBeUndefined();
    expect(app.documents.canUndo).toBe(false);
  });

  test('with any number of inputs goes into a wire by its first', () => {
    const [conv, sigmoid] = [idOf(app, 'conv1'), idOf(app, 'sigmoid1')];
    const added = app.editor.addNode('Add', { kind: 'wire', to: [sigmoid, 'in'] }) ?? '';
    expect(document().wires[`${added}.in0`]?.from[0]).toBe(conv);
    expect(wireBetween(added, sigmoid)).toBe(true);
  });

  test('goes into the selected wire', () => {
    const [conv, sigmoid] = [idOf(app, 'conv1'), idOf(app, 'sigmoid1')];
    app.selection.select([], [`${sigmoid}.in`]);
    const added = app.editor.addNode('BatchNormalization') ?? '';
    expect(wireBetween(conv, added)).toBe(true);
    expect(wireBetween(added, sigmoid)).toBe(true);
    expect(wireBetween(conv, sigmoid)).toBe(false);
  });

  test('never puts nodes on top of one another', () => {
    app.selection.select([idOf(app, 'dense3')]);
    const ids = [1, 2, 3, 4].map(() => {
      app.selection.select([idOf(app, 'dense3')]);
      return app.editor.addNode('Dense') ?? '';
    });
    const boxes = [...ids, ...Object.keys(document().nodes)].map((id) => ({
      id,
      ...document().nodes[id]?.position,
    }));
    for (const a of boxes) {
      for (const b of boxes) {
        if (a.id === b.id || !ids.includes(a.id)) continue;
        const isApart = Math.abs((a.x ?? 0) - (b.x ?? 0)) >= 208 || Math.abs((a.y ?? 0) - (b.y ?? 0)) >= 64;
        expect(isApart, `${a.id} and ${b.id}`).toBe(true);
      }
    }
  });
});

describe('connections', () => {
  test('are refused onto itself, in a circle, from an output without one, and where they already are', () => {
    const [input, conv, sigmoid, output] = ['input', 'conv1', 'sigmoid1', 'output'].map((name) =>
      idOf(app, name),
    );
    if (!input || !conv || !sigmoid || !output) throw new Error('the template has changed');
    expect(canConnect(document(), [conv, 'out'], [conv, 'in'])).toBe(false);
    expect(canConnect(document(), [sigmoid, 'out'], [conv, 'in'])).toBe(false);
    expect(canConnect(document(), [output, 'out'], [conv, 'in'])).toBe(false);
    expect(canConnect(document(), [conv, 'out'], [sigmoid, 'in'])).toBe(false);
    expect(canConnect(document(), [conv, 'out'], [input, 'in'])).toBe(false);
    expect(canConnect(document(), [conv, 'out'], [sigmoid, 'in7'])).toBe(false);
    expect(canConnect(document(), [input, 'out'], [sigmoid, 'in'])).toBe(true);
  });

  test('every target offered to the keyboard may be taken, free ones first', () => {
    app.selection.clear();
    const add = app.editor.addNode('Add', { kind: 'free' }) ?? '';
    const conv = idOf(app, 'conv1');
    const targets = connectionTargets(document(), conv);
    expect(targets[0]).toEqual([add, 'in0']);
    for (const to of targets) expect(canConnect(document(), [conv, 'out'], to)).toBe(true);
    app.editor.connect([conv, 'out'], [add, 'in0']);
    expect(freeInput(document(), add)).toEqual([add, 'in1']);
    app.editor.connect([idOf(app, 'sigmoid1'), 'out'], [add, 'in1']);
    // One more than are wired, so that there is always a free one.
    expect(freeInput(document(), add)).toEqual([add, 'in2']);
  });

  test('moving the end of a wire is one step, ports of one node included', () => {
    const add = app.editor.addNode('Add', { kind: 'free' }) ?? '';
    const [first, second] = [idOf(app, 'conv1'), idOf(app, 'sigmoid1')];
    app.editor.connect([first, 'out'], [add, 'in0']);
    app.editor.connect([second, 'out'], [add, 'in1']);
    app.editor.reconnect([add, 'in0'], [first, 'out'], [add, 'in2']);
    expect(document().wires[`${add}.in0`]?.from[0]).toBe(second);
    expect(document().wires[`${add}.in1`]?.from[0]).toBe(first);
    app.editor.undo();
    expect(document().wires[`${add}.in0`]?.from[0]).toBe(first);
  });

  test('a loose node is put into a wire', () => {
    const loose = app.editor.addNode('Dropout', { kind: 'free' }) ?? '';
    const [conv, sigmoid] = [idOf(app, 'conv1'), idOf(app, 'sigmoid1')];
    app.editor.moveOntoWire(loose, [sigmoid, 'in']);
    expect(wireBetween(conv, loose) && wireBetween(loose, sigmoid) && !wireBetween(conv, sigmoid)).toBe(true);
  });
});

describe('walking', () => {
  test('down and up follow the wires, sideways goes to the neighbour', () => {
    const at = (name: string) => idOf(app, name);
    expect(walk(document(), at('input'), 'down')).toBe(at('conv1'));
    expect(walk(document(), at('conv2'), 'up')).toBe(at('pool1'));
    expect(walk(document(), at('conv1'), 'right')).toBe(at('sigmoid2'));
    expect(walk(document(), at('input'), 'left')).toBeUndefined();
  });
});

test('arranging puts every node below those that feed it, none on another', () => {
  const size = { width: 200, height: 60 };
  const positions = arrange(document(), () => size);
  for (const { from, to } of Object.values(document().wires)) {
    const [above, below] = [positions[from[0]], positions[to[0]]];
    expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? Infinity) + size.height);
  }
});

describe('fields', () => {
  const edit = () =>
    new FieldEdit(app, (value) => ({ kind: 'setParam', node: idOf(app, 'conv1'), param: 'filters', value }));

  test('typing is one step, and a wrong value reaches the document as it is', () => {
    const field = edit();
    for (const value of [1, 12, '12x', 120]) field.edit(value);
    field.finish();
    expect(document().nodes[idOf(app, 'conv1')]?.params['filters']).toBe(120);
    app.editor.undo();
    expect(document().nodes[idOf(app, 'conv1')]?.params['filters']).toBe(6);
    expect(app.documents.canUndo).toBe(false);
    field.edit('x');
    expect(app.documents.problems.some(({ param }) => param === 'filters')).toBe(true);
  });

  test('Escape takes back all that was typed', () => {
    const field = edit();
    field.edit(7);
    field.edit(78);
    field.cancel();
    expect(document().nodes[idOf(app, 'conv1')]?.params['filters']).toBe(6);
    expect(app.documents.canUndo).toBe(false);
    expect(app.documents.isDirty).toBe(false);
  });
});
