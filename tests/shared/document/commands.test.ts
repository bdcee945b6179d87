/** What each command does to a small graph. */
import { describe, expect, it } from 'vitest';
import { applyCommand, applyDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import type { DocumentNode, GraphDocument } from '@shared/document/types';
import { expectDrawn, expectSound } from './invariants';

const origin = { x: 0, y: 0 };
const add = (type: string): Command => ({ kind: 'addNode', type, position: origin });
const connect = (from: string, to: string, port = 'in'): Command => ({
  kind: 'connect',
  from: [from, 'out'],
  to: [to, port],
});

function edit(document: GraphDocument, ...commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(result.error.code);
    return applyDiff(current, result.value);
  }, document);
}

const build = (...commands: readonly Command[]) => edit(emptyDocument(), ...commands);

/** `from > to.port` for every wire. */
function wiring({ wires }: GraphDocument): string[] {
  return Object.values(wires).map(({ from, to }) => `${from[0]} > ${to.join('.')}`);
}

function refusal(document: GraphDocument, command: Command) {
  const result = applyCommand(document, command);
  return result.ok ? undefined : result.error;
}

const names = (document: GraphDocument) => Object.values(document.nodes).map((node) => node.name);

/** input_1 > conv2d_1 > conv2d_2 > output_1 */
const chain = build(
  ...['Input', 'Conv2D', 'Conv2D', 'Output'].map(add),
  connect('input_1', 'conv2d_1'),
  connect('conv2d_1', 'conv2d_2'),
  connect('conv2d_2', 'output_1'),
);

/** conv2d_1, conv2d_2 and conv2d_3, in this order, into add_1. */
const merge = build(
  ...['Conv2D', 'Conv2D', 'Conv2D', 'Add'].map(add),
  connect('conv2d_1', 'add_1', 'in0'),
  connect('conv2d_2', 'add_1', 'in1'),
  connect('conv2d_3', 'add_1', 'in2'),
);

describe('addNode', () => {
  it('numbers ids per type and names nodes by them', () => {
    const document = build(add('Conv2D'), add('Dense'), add('Conv2D'));
    expect(Object.keys(document.nodes)).toEqual(['conv2d_1', 'conv2d_2', 'dense_1']);
    expect(document.nodes['conv2d_2']).toEqual({
      id: 'conv2d_2',
      type: 'Conv2D',
      name: 'conv2d_2',
      position: origin,
      params: {},
    });
    expect(document.lastIds).toEqual({ conv2d: 2, dense: 1 });
  });

  it('finds another name where a node bears the id as its name', () => {
    const document = build(add('Conv2D'), { kind: 'renameNode', node: 'conv2d_1', name: 'conv2d_2' });
    expect(names(edit(document, add('Conv2D')))).toEqual(['conv2d_2', 'conv2d_2 2']);
  });

  it('goes on counting after a removal', () => {
    const document = edit(chain, { kind: 'removeNodes', nodes: ['conv2d_2'] }, add('Conv2D'));
    expect(Object.keys(document.nodes)).toContain('conv2d_3');
  });

  it('at a position that is not finite is an internal error', () => {
    expect(() => build({ ...add('Add'), position: { x: NaN, y: 0 } } as Command)).toThrow('not finite');
  });
});

describe('removeNodes', () => {
  it('takes the wires along', () => {
    expect(wiring(edit(chain, { kind: 'removeNodes', nodes: ['conv2d_1'] }))).toEqual([
      'conv2d_2 > output_1.in',
    ]);
  });

  it('heals over a chain of removed nodes', () => {
    const command: Command = { kind: 'removeNodes', nodes: ['conv2d_2', 'conv2d_1'], heal: true };
    expect(wiring(edit(chain, command))).toEqual(['input_1 > output_1.in']);
  });

  it('does not heal over a node with two inputs, or one without', () => {
    const fed = edit(merge, add('Output'), connect('add_1', 'output_1'));
    expect(wiring(edit(fed, { kind: 'removeNodes', nodes: ['add_1'], heal: true }))).toEqual([]);
    expect(wiring(edit(fed, { kind: 'removeNodes', nodes: ['conv2d_1'], heal: true }))).toEqual([
      'conv2d_2 > add_1.in0',
      'conv2d_3 > add_1.in1',
      'add_1 > output_1.in',
    ]);
  });

  it('does not heal a circle of a file into a wire from a node to itself', () => {
    const circle: GraphDocument = {
      ...chain,
      wires: {
        ...chain.wires,
        'conv2d_1.in': { from: ['conv2d_2', 'out'], to: ['conv2d_1', 'in'] },
      },
    };
    expect(wiring(edit(circle, { kind: 'removeNodes', nodes: ['conv2d_1'], heal: true }))).toEqual([
      'conv2d_2 > output_1.in',
    ]);
    expect(
      wiring(edit(circle, { kind: 'removeNodes', nodes: ['conv2d_1', 'conv2d_2'], heal: true })),
    ).toEqual([]);
  });
});

describe('renameNode', () => {
  const rename = (name: string): Command => ({ kind: 'renameNode', node: 'conv2d_1', name });

  it('takes any Unicode, 200 characters of it', () => {
    const name = '卷积🙂'.repeat(66) + '层层';
    expect(edit(chain, rename(name)).nodes['conv2d_1']?.name).toBe(name);
  });

  it.each([
    ['', { code: 'graph/name-empty' }],
    [' \n', { code: 'graph/name-empty' }],
    ['x'.repeat(201), { code: 'graph/name-too-long', args: { length: 201, max: 200 } }],
    ['conv2d_2', { code: 'graph/duplicate-name', args: { name: 'conv2d_2' } }],
  ])('refuses %j', (name, expected) => {
    expect(refusal(chain, rename(name))).toMatchObject({ ...expected, node: 'conv2d_1' });
  });
});

describe('connect', () => {
  it('replaces the wire of the port', () => {
    expect(wiring(edit(chain, connect('input_1', 'conv2d_2')))).toContain('input_1 > conv2d_2.in');
    expect(wiring(edit(chain, connect('input_1', 'conv2d_2')))).toHaveLength(3);
  });

  it('refuses a circle and names its nodes in order', () => {
    expect(refusal(chain, connect('conv2d_2', 'conv2d_1'))).toMatchObject({
      code: 'graph/cycle',
      node: 'conv2d_1',
      port: 'in',
      args: { names: 'conv2d_1, conv2d_2' },
    });
    expect(refusal(chain, connect('conv2d_1', 'conv2d_1'))?.args).toEqual({ names: 'conv2d_1' });
  });

  it('takes the next port where a numbered one would leave a gap', () => {
    const document = edit(merge, add('Conv2D'), connect('conv2d_4', 'add_1', 'in9'));
    expect(wiring(document).at(-1)).toBe('conv2d_4 > add_1.in3');
  });

  it('to or from a node that is not there is an internal error', () => {
    expect(() => applyCommand(chain, connect('ghost', 'conv2d_1'))).toThrow('node ghost is missing');
    expect(() => applyCommand(chain, connect('input_1', 'constructor'))).toThrow(
      'node constructor is missing',
    );
  });
});

describe('disconnect', () => {
  it('moves the later inputs down, their order kept', () => {
    expect(wiring(edit(merge, { kind: 'disconnect', to: ['add_1', 'in0'] }))).toEqual([
      'conv2d_2 > add_1.in0',
      'conv2d_3 > add_1.in1',
    ]);
  });

  it('moves more than nine inputs by number, not by letter', () => {
    const sources = Array.from({ length: 12 }, (_value, index) => index);
    const wide = build(
      add('Concatenate'),
      ...sources.map(() => add('Dense')),
      ...sources.map((index) => connect(`dense_${index + 1}`, 'concatenate_1', `in${index}`)),
      { kind: 'disconnect', to: ['concatenate_1', 'in1'] },
    );
    expect(wide.wires['concatenate_1.in1']?.from[0]).toBe('dense_3');
    expect(wide.wires['concatenate_1.in10']?.from[0]).toBe('dense_12');
    expectSound(wide);
  });

  it('of a port without a wire is an internal error', () => {
    expect(() => applyCommand(merge, { kind: 'disconnect', to: ['add_1', 'in5'] })).toThrow('add_1.in5');
  });
});

describe('insertOnWire', () => {
  it('keeps the order of inputs behind it', () => {
    const document = edit(merge, {
      kind: 'insertOnWire',
      to: ['add_1', 'in1'],
      type: 'Dropout',
      position: origin,
      params: { rate: 0.2 },
    });
    expect(wiring(document)).toEqual([
      'conv2d_1 > add_1.in0',
      'dropout_1 > add_1.in1',
      'conv2d_3 > add_1.in2',
      'conv2d_2 > dropout_1.in',
    ]);
    expect(document.nodes['dropout_1']?.params).toEqual({ rate: 0.2 });
  });

  it('wires the named port of a node with many', () => {
    const command = { kind: 'insertOnWire', to: ['output_1', 'in'], type: 'Add', position: origin } as const;
    expect(wiring(edit(chain, { ...command, input: 'in0' }))).toContain('conv2d_2 > add_1.in0');
  });
});

describe('paste', () => {
  const nodes = (...ids: string[]) =>
    ids.map((id) => merge.nodes[id]).filter((node): node is DocumentNode => node !== undefined);
  const paste = (...ids: string[]): Command => ({
    kind: 'paste',
    nodes: nodes(...ids),
    wires: Object.values(merge.wires),
    offset: { x: 40, y: -20 },
  });

  it('keeps the wires among the copies and closes the gaps of the others', () => {
    const document = edit(merge, paste('conv2d_2', 'conv2d_3', 'add_1'));
    expect(wiring(document).filter((wire) => wire.includes('add_2'))).toEqual([
      'conv2d_4 > add_2.in0',
      'conv2d_5 > add_2.in1',
    ]);
    expect(document.nodes['add_2']?.position).toEqual({ x: 40, y: -20 });
    expectDrawn(document);
  });

  it('renews default names and numbers those that a user gave', () => {
    const named = edit(merge, { kind: 'renameNode', node: 'conv2d_1', name: 'stem' });
    const [stem] = Object.values(named.nodes).filter((node) => node.name === 'stem');
    const copy: Command = { kind: 'paste', nodes: stem ? [stem] : [], wires: [], offset: origin };
    expect(names(edit(named, copy, copy, paste('conv2d_2')))).toEqual(
      expect.arrayContaining(['stem', 'stem 2', 'stem 3', 'conv2d_6']),
    );
  });

  it('takes nodes into a document that never had their types, unknown keys included', () => {
    const node: DocumentNode = {
      id: 'custom_7',
      type: 'Custom',
      name: 'mine',
      position: origin,
      params: { a: [1] },
      extra: { note: 'kept' },
    };
    const document = build({ kind: 'paste', nodes: [node], wires: [], offset: origin });
    expect(document.nodes).toEqual({ custom_1: { ...node, id: 'custom_1' } });
  });
});

describe('batch', () => {
  it('removes the wires that had the names at its beginning', () => {
    const both: Command = {
      kind: 'batch',
      commands: [
        { kind: 'disconnect', to: ['add_1', 'in0'] },
        { kind: 'disconnect', to: ['add_1', 'in1'] },
      ],
    };
    expect(wiring(edit(merge, both))).toEqual(['conv2d_3 > add_1.in0']);
  });

  it('is all or nothing', () => {
    const batch: Command = { kind: 'batch', commands: [add('Dense'), connect('conv2d_2', 'conv2d_1')] };
    expect(refusal(chain, batch)?.code).toBe('graph/cycle');
  });

  it('checks circles after the commands before it', () => {
    const turn: Command = {
      kind: 'batch',
      commands: [{ kind: 'disconnect', to: ['conv2d_2', 'in'] }, connect('conv2d_2', 'conv2d_1')],
    };
    expect(wiring(edit(chain, turn))).toEqual(['conv2d_2 > conv2d_1.in', 'conv2d_2 > output_1.in']);
  });
});

it('setParam and setTraining keep raw values as typed', () => {
  const document = edit(
    chain,
    { kind: 'setParam', node: 'conv2d_1', param: 'filters', value: 'abc' },
    { kind: 'setParam', node: 'conv2d_1', param: 'strides', value: [2, 2] },
    { kind: 'setTraining', setting: 'epochs', value: -3 },
  );
  expect(document.nodes['conv2d_1']?.params).toEqual({ filters: 'abc', strides: [2, 2] });
  expect(document.training).toEqual({ epochs: -3 });
});
