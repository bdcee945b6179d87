/** Blocks in the window: opened and closed in place, packed, unpacked, mended, and carried between documents. */
import { beforeEach, describe, expect, test } from 'vitest';
import { parseBlocks, serialiseBlocks } from '@shared/document/library';
import type { GraphDocument } from '@shared/document/types';
import { templateOf } from '@shared/templates';
import { formatFix } from '@shared/problems/format';
import { overlaps } from '@shared/layout/box';
import { readCopied, writeCopied } from '../../src-renderer/editing/clipboard';
import { exposableParams } from '../../src-renderer/editing/exposable';
import { frameOf, unitsAt } from '../../src-renderer/editing/frames';
import { nodeSize } from '../../src-renderer/editing/room';
import { offersOf } from '../../src-renderer/palette/search';
import type { AppState } from '../../src-renderer/state/app.svelte';
import { type FakeMain, idOf, makeApp } from './support';

let app: AppState;
let main: FakeMain;

beforeEach(() => {
  ({ app, main } = makeApp());
});

function load(template: string): GraphDocument {
  app.documents.open(templateOf(template)?.create({}) ?? app.documents.document);
  return app.documents.document;
}

/** All but the counters of ids, which never go back. */
function content({ nodes, wires, blocks, groups, training }: GraphDocument) {
  return { nodes, wires, blocks, groups, training };
}

function boxOf(id: string) {
  const node = app.documents.document.nodes[id];
  return node && { ...node.position, ...nodeSize };
}

/** Pairs of nodes and frames that lie on one another, side by side at each level. */
function collisions(): string[] {
  const { document } = app.documents;
  return [undefined, ...Object.values(document.groups)].flatMap((group) => {
    const units = unitsAt(document, group, boxOf);
    return units.flatMap((a, i) =>
      units
        .slice(i + 1)
        .flatMap((b) => (overlaps(a.box, b.box) ? [`${a.nodes.join()} on ${b.nodes.join()}`] : [])),
    );
  });
}

function groupOf(node: string) {
  const group = Object.values(app.documents.document.groups).find((each) => each.node.id === node);
  if (group === undefined) throw new Error(`${node} is not open`);
  return group;
}

describe('opening in place', () => {
  const withBlocks = ['vgg-16', 'nin', 'googlenet', 'resnet-34', 'resnet-50', 'densenet'];

  test.each(withBlocks)('%s: every block opens without overlap and closes as it was', (id) => {
    const before = load(id);
    expect(collisions()).toEqual([]);
    const blocks = Object.keys(before.nodes).filter((node) => app.blocks.isBlock(node));
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      app.blocks.open(block);
      expect(Object.keys(app.documents.document.nodes).length).toBeGreaterThan(
        Object.keys(before.nodes).length,
      );
      expect(collisions()).toEqual([]);
      app.blocks.close(groupOf(block));
      expect(content(app.documents.document)).toEqual(content(before));
    }
  });

  test('all of them open at once, closed in another order, leave the document as it was', () => {
    const before = load('resnet-18');
    const blocks = Object.keys(before.nodes).filter((node) => app.blocks.isBlock(node));
    for (const block of blocks) app.blocks.open(block);
    expect(collisions()).toEqual([]);
    for (const block of [...blocks].reverse()) app.blocks.close(groupOf(block));
    expect(content(app.documents.document)).toEqual(content(before));
  });

  test('is one step of the history, shifted nodes included', () => {
    const before = load('resnet-18');
    app.blocks.open(idOf(app, 'stage2_block1'));
    expect(app.documents.document).not.toEqual(before);
    app.editor.undo();
    expect(content(app.documents.document)).toEqual(content(before));
    expect(app.documents.canUndo).toBe(false);
  });

  test('the frame begins where the block stood and holds all its parts', () => {
    load('resnet-18');
    const id = idOf(app, 'stage2_block1');
    const { position } = app.documents.document.nodes[id] ?? {};
    app.blocks.open(id);
    const group = groupOf(id);
    const frame = frameOf(app.documents.document, group, boxOf);
    expect(frame).toMatchObject(position ?? {});
    for (const { id: member } of Object.values(group.members)) {
      const box = boxOf(member);
      expect(box && frame && box.x > frame.x && box.y > frame.y).toBe(true);
    }
  });

  test('a frame follows its parts, and the block comes back where they were moved to', () => {
    load('resnet-18');
    const id = idOf(app, 'stage1_block1');
    const home = app.documents.document.nodes[id]?.position ?? { x: 0, y: 0 };
    app.blocks.open(id);
    const group = groupOf(id);
    const before = frameOf(app.documents.document, group, boxOf);
    app.selection.select(Object.values(group.members).map((member) => member.id));
    app.editor.moveSelectionBy(-3000, 40);
    expect(frameOf(app.documents.document, group, boxOf)).toEqual({
      ...before,
      x: home.x - 3000,
      y: home.y + 40,
    });
    app.blocks.close(group);
    expect(app.documents.document.nodes[id]?.position).toEqual({ x: home.x - 3000, y: home.y + 40 });
  });

  test('a block inside a block has a frame inside the frame; closing the outer one closes both', () => {
    const before = load('resnet-18');
    app.selection.select([idOf(app, 'stage2_block1'), idOf(app, 'stage2_block2')]);
    expect(app.blocks.make({ name: 'stage two', repeat: 1, exposed: [] })).toBeUndefined();
    const packed = app.documents.document;
    const outer = idOf(app, 'stage two');
    app.blocks.open(outer);
    app.blocks.open(idOf(app, 'stage2_block1'));
    const groups = Object.values(app.documents.document.groups);
    expect(groups).toHaveLength(2);
    expect(collisions()).toEqual([]);
    app.blocks.close(groupOf(outer));
    expect(content(app.documents.document).nodes).toEqual(packed.nodes);
    for (let i = 0; i < 4; i++) app.editor.undo();
    expect(content(app.documents.document)).toEqual(content(before));
  });

  test('once edited it stays open, and offers to pack the parts as a block of their own', () => {
    load('resnet-18');
    const id = idOf(app, 'stage2_block1');
    app.blocks.open(id);
    const conv = idOf(app, 'stage2_block1 conv2');
    app.editor.execute({ kind: 'setParam', node: conv, param: 'useBias', value: false });
    app.blocks.close(groupOf(id));
    const { dialog } = app.interface;
    if (dialog?.kind !== 'fixable') throw new Error('nothing is offered');
    expect(dialog.problem.code).toBe('block/edited');
    const fix = dialog.problem.fixes?.[0];
    if (fix === undefined) throw new Error('no fix');
    expect(formatFix(fix, 'en')).toContain('stage2_block1');
    app.editor.applyFix(fix);
    expect(Object.values(app.documents.document.blocks).map(({ name }) => name)).toEqual(['stage2_block1']);
    expect(app.documents.problems).toEqual([]);
    expect(Object.values(app.documents.document.groups)).toEqual([]);
  });

  test('a block without input says so and stays closed', () => {
    load('resnet-18');
    const id = idOf(app, 'stage1_block1');
    app.editor.disconnect([id, 'in']);
    app.blocks.open(id);
    expect(app.interface.notice).toContain('stage1_block1');
    expect(app.documents.document.groups).toEqual({});
  });
});

describe('packing', () => {
  function pack(exposed: { name: string; part: string; param: string }[] = [], repeat = 1) {
    app.selection.select([idOf(app, 'conv1'), idOf(app, 'sigmoid1')]);
    return app.blocks.make({ name: 'my layers', repeat, exposed });
  }

  test('makes one node in the place of two, with a repeat count, and the palette offers the block', () => {
    const before = app.documents.document;
    expect(pack([], 2)).toBeUndefined();
    expect(app.documents.problems).toEqual([]);
    const node = app.documents.document.nodes[idOf(app, 'my layers')];
    expect(node?.params).toMatchObject({ repeat: 2 });
    const offer = offersOf(app.documents.document).at(-1);
    expect(offer?.definition.title.en).toBe('my layers');
    app.editor.undo();
    expect(content(app.documents.document)).toEqual(content(before));
  });

  test('closes the gap: what stood below moves up, and one undo brings all back', () => {
    const before = app.documents.document;
    expect(pack()).toBeUndefined();
    const { position } = before.nodes[idOf(app, 'pool1')] ?? { position: { x: 0, y: 0 } };
    const block = app.documents.document.nodes[idOf(app, 'my layers')]?.position;
    const pool = app.documents.document.nodes[idOf(app, 'pool1')]?.position;
    expect(pool).toEqual({ x: position.x, y: position.y - 112 });
    expect((pool?.y ?? 0) - (block?.y ?? 0)).toBe(112);
    expect(collisions()).toEqual([]);
    app.editor.undo();
    expect(content(app.documents.document)).toEqual(content(before));
  });

  test.each([
    ['googlenet', ['inception4a', 'inception4b', 'inception4c']],
    ['resnet-50', ['stage2_block1', 'stage2_block2', 'stage2_block3', 'stage2_block4']],
    ['alexnet', ['conv1', 'relu1', 'pool1', 'conv2', 'relu2', 'pool2']],
  ])('of layers of %s puts nothing on anything', (id, names) => {
    load(id);
    app.selection.select(names.map((name) => idOf(app, name)));
    expect(app.blocks.make({ name: 'packed', repeat: 1, exposed: [] })).toBeUndefined();
    expect(collisions()).toEqual([]);
  });

  test('exposes what was chosen: setting it on the block changes the part', () => {
    const part = idOf(app, 'conv1');
    pack([{ name: 'width', part, param: 'filters' }]);
    const id = idOf(app, 'my layers');
    expect(app.documents.analysis.nodes[id]?.outputShape).toEqual([28, 28, 6]);
    app.editor.execute({ kind: 'setParam', node: id, param: 'width', value: 9 });
    expect(app.documents.analysis.nodes[id]?.outputShape).toEqual([28, 28, 9]);
  });

  test('a refusal comes back as a problem and changes nothing', () => {
    const before = app.documents.document;
    app.selection.select([idOf(app, 'output')]);
    expect(app.blocks.make({ name: 'x', repeat: 1, exposed: [] })?.code).toBe('block/end-inside');
    expect(app.documents.document).toBe(before);
  });

  test('parameters are offered node by node, under names that differ', () => {
    const nodes = [idOf(app, 'conv1'), idOf(app, 'conv2'), idOf(app, 'dense1')];
    const offered = exposableParams(app.documents.document, nodes);
    const names = offered.map(({ suggestion }) => suggestion);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('conv1_filters');
    expect(names).toContain('units');
  });

  test('unpacking leaves the parts under their names, as ordinary nodes, in one step', () => {
    pack();
    app.selection.select([idOf(app, 'my layers')]);
    app.blocks.unpack();
    expect(idOf(app, 'conv1')).toBeDefined();
    expect(app.documents.document.groups).toEqual({});
    app.editor.undo();
    expect(idOf(app, 'my layers')).toBeDefined();
  });

  test('a block is added from the palette again, renamed, and not deleted while it is used', () => {
    pack();
    const block = Object.keys(app.documents.document.blocks)[0] ?? '';
    const id = app.editor.addNode({ type: 'Block', params: { block } }, { kind: 'free' });
    expect(app.documents.document.nodes[id ?? '']?.params).toEqual({ block });
    expect(app.blocks.rename(block, ' layers of mine ')).toBeUndefined();
    expect(app.documents.document.blocks[block]?.name).toBe('layers of mine');
    expect(app.blocks.rename(block, '  ')?.code).toBeDefined();
    app.blocks.remove(block);
    expect(app.interface.notice).toContain('layers of mine');
    expect(app.documents.document.blocks[block]).toBeDefined();
  });

  test('copied nodes take their block along into another document', () => {
    pack();
    const copied = app.editor.copy();
    const text = copied && writeCopied(copied);
    const other = makeApp().app;
    other.documents.open(templateOf('lenet-bn')?.create({}) ?? other.documents.document);
    const read = readCopied(text ?? '');
    if (read === undefined) throw new Error('not readable');
    other.editor.paste(read);
    expect(Object.values(other.documents.document.blocks).map(({ name }) => name)).toEqual(['my layers']);
    const node = other.documents.document.nodes[idOf(other, 'my layers')];
    expect(node && other.blocks.isBlock(node.id)).toBe(true);
  });

  test('blocks go to a library file and come from one, one step of the history', async () => {
    pack();
    await app.library.write(Object.keys(app.documents.document.blocks));
    const [saved] = main.saved;
    expect(saved?.path).toBeNull();
    expect(parseBlocks(saved?.text ?? '')).toMatchObject({ ok: true });
    const other = makeApp();
    other.main.toOpen = { path: '/home/me/blocks.loom', name: 'blocks.loom', text: saved?.text ?? '' };
    await other.app.library.read();
    expect(Object.values(other.app.documents.document.blocks).map(({ name }) => name)).toEqual(['my layers']);
    expect(other.app.files.path).toBeNull();
    other.app.editor.undo();
    expect(other.app.documents.document.blocks).toEqual({});
  });

  test('a file without blocks is refused in words', async () => {
    main.toOpen = { path: '/x.loom', name: 'x.loom', text: serialiseBlocks({}) };
    await app.library.read();
    expect(app.interface.dialog).toMatchObject({ kind: 'failed', problem: { code: 'block/none-in-file' } });
  });
});

describe('fixes', () => {
  test('one press mends an Add of different shapes, one undo brings it back', () => {
    load('resnet-18');
    app.blocks.open(idOf(app, 'stage1_block1'));
    const conv = idOf(app, 'stage1_block1 conv2');
    app.editor.execute({ kind: 'setParam', node: conv, param: 'filters', value: 32 });
    const [problem] = app.documents.problems;
    const fix = problem?.fixes?.[0];
    if (fix === undefined) throw new Error('no fix is offered');
    const broken = content(app.documents.document);
    app.editor.applyFix(fix);
    expect(app.documents.problems).toEqual([]);
    app.editor.undo();
    expect(content(app.documents.document)).toEqual(broken);
  });
});
