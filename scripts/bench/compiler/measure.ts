/** What each kind of edit of DenseNet-121 costs, and what compiling it costs; runs in the window and in Node. */
import { compileDocument } from '@shared/compile/compile';
import { expansionOf } from '@shared/compile/expansion';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { Command } from '@shared/document/commands';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import type { Json } from '@shared/util/json';
import { denseNet, denseNet121 } from '../../../tests/shared/dense-net';
import { OpenDocument, type Row } from './open-document';

export type { Row };

const position = { x: 0, y: 0 };

function set(node: string, param: string, value: Json): Command {
  return { kind: 'setParam', node, param, value };
}

/** Heights of the images that nothing has seen yet. */
let nextSize = 256;

/** A parameter that every shape and cost of the network depends on. */
function everywhere(open: OpenDocument, name: string): readonly Row[] {
  const first = nextSize;
  nextSize += 12 * 32;
  const size = (round: number) => first + 32 * round;
  const edit = (round: number) => void open.run(set('input_1', 'shape', [size(round), size(round), 3]));
  const undo = () => open.undo();
  const edits = [
    open.row(`${name}: size of the images, new values`, edit, undo),
    open.row(`${name}: the same values again`, edit, undo),
  ];
  edit(0);
  const undone = open.row(`${name}: undo of it`, undo, () => edit(0));
  undo();
  return [...edits, undone];
}

function plainRows(): readonly Row[] {
  const open = new OpenDocument(denseNet(denseNet121));
  const undo = () => open.undo();
  const to = ['conv2d_2', 'in'] as const;
  const initializers = ['zeros', 'ones'];
  const rows = [
    open.row('initial values of a weight', (i) =>
      open.run(set('conv2d_1', 'kernelInitializer', initializers[i % 2] ?? '')),
    ),
    open.row('wire removed', () => open.run({ kind: 'disconnect', to }), undo),
    open.row(
      'wire added',
      () => open.run({ kind: 'connect', from: ['activation_3', 'out'], to: ['concatenate_9', 'in2'] }),
      undo,
    ),
    open.row('node added', () => open.run({ kind: 'addNode', type: 'Conv2D', position }), undo),
    open.row(
      'node put into a wire',
      () => open.run({ kind: 'insertOnWire', to, type: 'Dropout', position }),
      undo,
    ),
    open.row(
      'node removed',
      () => open.run({ kind: 'removeNodes', nodes: ['activation_2'], heal: true }),
      undo,
    ),
    open.row('node renamed', (i) => open.run({ kind: 'renameNode', node: 'conv2d_1', name: `stem ${i}` })),
    open.row('node moved', (i) => open.move('conv2d_1', i)),
  ];
  return [...everywhere(open, 'layers'), ...rows.map((row) => ({ ...row, name: `layers: ${row.name}` }))];
}

/** Dense blocks as blocks of the user, and packed once more into one of them all. */
function userBlockRows(): readonly Row[] {
  const open = new OpenDocument(denseNet(denseNet121));
  const ends = [
    ['max_pooling2d_1', 'concatenate_6'],
    ['average_pooling2d_1', 'concatenate_18'],
    ['average_pooling2d_2', 'concatenate_42'],
    ['average_pooling2d_3', 'concatenate_58'],
  ] as const;
  const blocks = ends.flatMap(([first, last], i) =>
    open.run({ kind: 'packNodes', nodes: open.between(first, last), name: `dense ${i + 1}` }),
  );
  const rows = everywhere(open, 'blocks of the user');
  const inner = open.between('max_pooling2d_1', required(blocks[3], 'a block'));
  open.run({ kind: 'packNodes', nodes: inner, name: 'all' });
  return [...rows, ...everywhere(open, 'blocks of the user inside another')];
}

/** The textbook's network with as many layers, and the same with all blocks open. */
function builtInRows(): readonly Row[] {
  const open = new OpenDocument(
    required(templateOf('densenet'), 'densenet').create({ input: [224, 224, 3] }),
  );
  denseNet121.forEach((layers, i) => open.run(set(`dense_block_${i + 1}`, 'layers', layers)));
  const rows = [
    ...everywhere(open, 'blocks'),
    open.row(
      'blocks: layers of the first block',
      (i) => open.run(set('dense_block_1', 'layers', 7 + i)),
      () => open.undo(),
    ),
  ];
  denseNet121.forEach((_, i) => openBlock(open, `dense_block_${i + 1}`));
  return [...rows, ...everywhere(open, 'blocks that stand open')];
}

function openBlock(open: OpenDocument, node: string): void {
  const graph = expansionOf(open.document, open.analyse(), node);
  if (!graph.ok) throw new Error(`${node} cannot be opened`);
  open.run({ kind: 'expandBlock', node, graph: graph.value });
}

/** All kinds of edits. */
export function measureEdits(): readonly Row[] {
  return [...plainRows(), ...userBlockRows(), ...builtInRows()];
}

/** Opening, saving, analysing from scratch and compiling with Adam; a fresh document in each round. */
export function measureWhole(): readonly Row[] {
  const text = serialiseDocument(denseNet(denseNet121));
  const open = new OpenDocument(denseNet(denseNet121));
  return [
    open.row('reading the file', () => void parseDocument(text)),
    open.row('writing the file', () => void serialiseDocument(open.document)),
    open.row('analysing from scratch', () => void new OpenDocument(open.document)),
    open.row('compiling', () => void compileDocument(open.document)),
  ];
}

/** The compiled program's SavedModel, for the engine to load. */
export function savedModel(): { readonly bytes: Uint8Array; readonly init: string; readonly seed: string } {
  const compiled = compileDocument(denseNet(denseNet121));
  if (!compiled.ok) throw new Error('DenseNet-121 does not compile');
  const { init } = compiled.value.functions;
  return { bytes: compiled.value.savedModel, init: init.fetches[0] ?? '', seed: init.feeds.seed };
}
