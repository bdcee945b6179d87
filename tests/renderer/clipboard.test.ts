/** Nodes as text: what is copied comes back the same, and other text is not mistaken for it. */
import { emptyDocument } from '@shared/document/create';
import { describe, expect, test } from 'vitest';
import { templates } from '@shared/templates';
import { copyNodes, readCopied, writeCopied } from '../../src-renderer/editing/clipboard';
import { idOf, makeApp } from './support';

const document = templates[0]?.create({}) ?? emptyDocument();

describe('copied nodes as text', () => {
  test('come back with the wires among them, and without those that lead elsewhere', () => {
    const names = ['conv1', 'sigmoid1', 'pool1'];
    const ids = Object.values(document.nodes).flatMap(({ id, name }) => (names.includes(name) ? [id] : []));
    const copied = copyNodes(document, ids);
    expect(copied.nodes.map(({ id }) => id)).toEqual(ids);
    expect(copied.wires).toHaveLength(2);
    for (const { from, to } of copied.wires) expect(ids).toEqual(expect.arrayContaining([from[0], to[0]]));
    expect(readCopied(writeCopied(copied))).toEqual(copied);
  });

  test.each([
    ['plain text', 'hello'],
    ['no nodes', JSON.stringify({ format: 'layerloom-selection', version: 1, nodes: [], wires: [] })],
    ['a document', JSON.stringify({ format: 'layerloom', version: 1, nodes: [], wires: [] })],
    [
      'an id that no document allows',
      writeCopied({
        nodes: [{ id: '__proto__', type: 'Dense', name: 'x', position: { x: 0, y: 0 }, params: {} }],
        wires: [],
        blocks: {},
      }),
    ],
    [
      'a newer version',
      writeCopied(copyNodes(document, Object.keys(document.nodes))).replace('"version":1', '"version":2'),
    ],
  ])('%s is no selection', (_what, text) => {
    expect(readCopied(text)).toBeUndefined();
  });
});

test('pasting repeatedly moves on, selects what it added, and is undone one by one', () => {
  const { app } = makeApp();
  const before = Object.keys(app.documents.document.nodes).length;
  app.selection.select([idOf(app, 'conv1'), idOf(app, 'sigmoid1')]);
  const copied = app.editor.copy();
  if (copied === undefined) throw new Error('nothing was copied');
  app.editor.paste(copied);
  app.editor.paste(copied);
  expect(Object.keys(app.documents.document.nodes)).toHaveLength(before + 4);
  const [first, second] = [idOf(app, 'conv1 2'), idOf(app, 'conv1 3')].map(
    (id) => app.documents.document.nodes[id]?.position,
  );
  expect(second?.y).toBeGreaterThan(first?.y ?? Infinity);
  expect(app.selection.nodes.size).toBe(2);
  app.editor.undo();
  expect(Object.keys(app.documents.document.nodes)).toHaveLength(before + 2);
  expect(app.selection.nodes.size).toBe(0);
});
