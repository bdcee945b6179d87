/** Files: what is asked before changes would be lost, where a save goes, and what a bad file leaves alone. */
import { describe, expect, test } from 'vitest';
import { serialiseDocument } from '@shared/document/serialise';
import { idOf, makeApp, settled } from './support';

function edited() {
  const made = makeApp();
  made.app.editor.rename(idOf(made.app, 'conv1'), 'first');
  expect(made.app.documents.isDirty).toBe(true);
  return made;
}

const answer = (app: ReturnType<typeof makeApp>['app'], how: 'save' | 'discard' | 'cancel') => {
  const { dialog } = app.interface;
  if (dialog?.kind !== 'unsaved') throw new Error('nothing was asked');
  dialog.answer(how);
};

describe('a machine without MNIST', () => {
  test('gets templates that train on what there is', async () => {
    const { app, main } = makeApp();
    expect(app.documents.settings.dataset).toBe('mnist');
    main.presentDatasets = ['fashion-mnist'];
    await app.start();
    expect(app.documents.settings.dataset).toBe('fashion-mnist');
    await app.files.create('lenet-bn');
    expect(app.documents.settings.dataset).toBe('fashion-mnist');
    expect(app.documents.isDirty).toBe(false);
  });
});

describe('changes', () => {
  test('made while the file is written are not taken for saved', async () => {
    const { app } = edited();
    const saved = app.files.save();
    app.editor.rename(idOf(app, 'first'), 'second');
    expect(await saved).toBe(true);
    expect(app.documents.isDirty).toBe(true);
    app.documents.undo();
    expect(app.documents.isDirty).toBe(false);
  });

  test('are not asked about where there are none', async () => {
    const { app } = makeApp();
    await app.files.create('empty');
    expect(Object.keys(app.documents.document.nodes)).toEqual([]);
  });

  test.each([
    ['cancel', 14, 0],
    ['discard', 0, 0],
    ['save', 0, 1],
  ] as const)('%s', async (how, nodes, saves) => {
    const { app, main } = edited();
    const created = app.files.create('empty');
    await settled();
    answer(app, how);
    await created;
    expect(Object.keys(app.documents.document.nodes)).toHaveLength(nodes);
    expect(main.saved).toHaveLength(saves);
    expect(app.interface.dialog).toBeUndefined();
  });

  test('a save that was cancelled or failed keeps the network', async () => {
    for (const [path, isDiskFull] of [
      [null, false],
      ['/x.loom', true],
    ] as const) {
      const { app, main } = edited();
      main.savePath = path;
      main.isDiskFull = isDiskFull;
      const created = app.files.create('empty');
      await settled();
      answer(app, 'save');
      await created;
      expect(Object.keys(app.documents.document.nodes)).toHaveLength(14);
      expect(app.documents.isDirty).toBe(true);
    }
  });

  test('closing asks, and closes only after the answer', async () => {
    const { app, main } = edited();
    main.events.closeRequested.emit({});
    await settled();
    expect(main.asked).not.toContain('closeWindow');
    answer(app, 'discard');
    await settled();
    expect(main.asked).toContain('closeWindow');
  });
});

describe('saving', () => {
  test('asks once, then goes to the same file; undoing to the saved state is clean', async () => {
    const { app, main } = edited();
    expect(await app.files.save()).toBe(true);
    expect(app.files.name).toBe('net.loom');
    expect(app.documents.isDirty).toBe(false);
    app.editor.rename(idOf(app, 'first'), 'second');
    expect(await app.files.save()).toBe(true);
    expect(main.saved.map(({ path }) => path)).toEqual([null, '/home/me/net.loom']);
    expect(main.saved[1]?.text).toBe(serialiseDocument(app.documents.document));
    app.editor.undo();
    expect(app.documents.isDirty).toBe(true);
    app.editor.redo();
    expect(app.documents.isDirty).toBe(false);
  });

  test('a full disk is said, and the document stays changed', async () => {
    const { app, main } = edited();
    main.isDiskFull = true;
    expect(await app.files.save()).toBe(false);
    expect(app.interface.dialog).toMatchObject({ kind: 'failed', problem: { code: 'file/cannot-write' } });
    expect(app.documents.isDirty).toBe(true);
  });
});

describe('opening', () => {
  test('takes path and name', async () => {
    const { app, main } = makeApp();
    main.toOpen = { path: '/a/b.loom', name: 'b.loom', text: serialiseDocument(app.documents.document) };
    await app.files.open();
    expect([app.files.path, app.files.name]).toEqual(['/a/b.loom', 'b.loom']);
    expect(app.documents.canUndo).toBe(false);
  });

  test('what cannot be read leaves the document, its history and its file alone', async () => {
    const { app, main } = makeApp();
    main.toOpen = { path: '/a/bad.loom', name: 'bad.loom', text: 'not json' };
    const before = app.documents.document;
    await app.files.open();
    expect(app.documents.document).toBe(before);
    expect(app.files.path).toBeNull();
    expect(app.interface.dialog).toMatchObject({
      kind: 'refused',
      name: 'bad.loom',
      problem: { code: 'file/not-json' },
    });
  });

  test('a repaired document forgets its path, so that saving asks', () => {
    const { app } = makeApp();
    const node = { id: 'input_1', type: 'Input', name: 'input', position: { x: 0, y: 0 }, params: {} };
    const wires = [{ from: ['input_1', 'out'], to: ['gone_1', 'in'] }];
    const text = JSON.stringify({ format: 'layerloom', version: 1, nodes: [node], wires });
    expect(app.files.load({ path: '/a/c.loom', name: 'c.loom', text })).toBe(true);
    expect(app.files.path).toBeNull();
    expect(app.interface.dialog).toMatchObject({
      kind: 'repaired',
      repairs: [{ code: 'file/wire-to-nowhere' }],
    });
  });
});
