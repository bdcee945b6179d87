/** Actions: one object each, found by key, enabled only where they make sense, and by the ids that the menu uses. */
import { describe, expect, test } from 'vitest';
import { menuCommands } from '@shared/ipc/app.contract';
import { matches, showShortcut } from '../../src-renderer/actions/shortcut';
import { runMenuCommand, runShortcut } from '../../src-renderer/actions/keys';
import { idOf, makeApp, settled } from './support';

const press = (
  key: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

describe('shortcuts', () => {
  test('match their key with exactly their modifiers', () => {
    expect(matches(press('z', { ctrlKey: true }), 'Mod+Z', false)).toBe(true);
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false)).toBe(false);
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z', false)).toBe(true);
    expect(matches(press('z', { metaKey: true }), 'Mod+Z', true)).toBe(true);
    expect(matches(press('z', { ctrlKey: true }), 'Mod+Z', true)).toBe(false);
    expect(matches(press('c', { altKey: true }), 'C', false)).toBe(false);
    expect(matches(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(matches(press('+', { ctrlKey: true, shiftKey: true }), 'Mod+=', false)).toBe(false);
  });

  test('are written as the platform writes them', () => {
    expect(showShortcut('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(showShortcut('Mod+Shift+Z', true)).toBe('⌘⇧Z');
  });

  test('no two actions share one', () => {
    const { app } = makeApp();
    const all = [...app.actions.values()].flatMap(({ shortcuts }) => shortcuts);
    expect(new Set(all).size).toBe(all.length);
  });
});

test('there is an action for everything that the menu can ask', () => {
  const { app } = makeApp();
  const ids = new Set<string>(app.actions.keys());
  expect(menuCommands.filter((command) => !ids.has(command))).toEqual([]);
});

describe('enablement', () => {
  const isEnabled = (app: ReturnType<typeof makeApp>['app']) =>
    [...app.actions.values()].filter((action) => action.isEnabled()).map(({ id }) => id);

  test('follows selection and history', () => {
    const { app } = makeApp();
    expect(isEnabled(app)).not.toEqual(expect.arrayContaining(['edit.undo']));
    for (const id of ['edit.redo', 'edit.copy', 'edit.cut', 'edit.delete', 'edit.rename', 'run.stop']) {
      expect(isEnabled(app)).not.toContain(id);
    }
    app.selection.select([idOf(app, 'conv1')]);
    expect(isEnabled(app)).toEqual(
      expect.arrayContaining(['edit.copy', 'edit.delete', 'edit.rename', 'edit.connect']),
    );
    app.editor.deleteSelection();
    expect(isEnabled(app)).toContain('edit.undo');
    app.editor.undo();
    expect(isEnabled(app)).toContain('edit.redo');
    app.selection.select([], Object.keys(app.documents.document.wires).slice(0, 1));
    expect(isEnabled(app)).toContain('edit.delete');
    expect(isEnabled(app)).not.toContain('edit.copy');
  });

  test('training is refused with a reason while the graph is wrong and while a run goes on', async () => {
    const { app, engines } = makeApp();
    expect(app.startRefusal).toBeUndefined();
    app.selection.select([idOf(app, 'sigmoid1')]);
    app.editor.deleteSelection();
    expect(app.startRefusal).toMatch(/^Training cannot start: /);
    expect(app.actions.get('run.start')?.isEnabled()).toBe(false);
    await app.train();
    expect(engines.opened).toHaveLength(0);
    app.editor.undo();
    await app.train();
    await settled();
    expect(engines.last.documents).toHaveLength(1);
    expect(app.startRefusal).toBe('A run is going on.');
    expect(app.actions.get('run.stop')?.isEnabled()).toBe(true);
    app.dispose();
  });
});

describe('keys', () => {
  test('a letter typed into a field is text, but saving works there', () => {
    const { app, main } = makeApp();
    const field = document.createElement('input');
    app.selection.select([idOf(app, 'conv1')]);
    expect(runShortcut(app, press('c'), field)).toBe(false);
    expect(runShortcut(app, press('Delete'), field)).toBe(false);
    expect(runShortcut(app, press('z', { ctrlKey: true }), field)).toBe(false);
    expect(runShortcut(app, press('s', { ctrlKey: true }), field)).toBe(true);
    expect(main.asked).toContain('saveFile');
  });

  test('undo in a field of the document is the document’s', () => {
    const { app } = makeApp();
    const field = document.createElement('input');
    field.dataset['documentField'] = '';
    app.editor.rename(idOf(app, 'conv1'), 'first');
    expect(runShortcut(app, press('z', { ctrlKey: true }), field)).toBe(true);
    expect(() => idOf(app, 'first')).toThrow();
  });

  test('nothing behind a dialog is touched', () => {
    const { app } = makeApp();
    app.selection.select([idOf(app, 'conv1')]);
    app.interface.open({ kind: 'shortcuts' });
    expect(runShortcut(app, press('Delete'), document.body)).toBe(false);
    expect(idOf(app, 'conv1')).toBeDefined();
  });

  test('the application menu runs the same actions', () => {
    const { app } = makeApp();
    app.selection.select([idOf(app, 'conv1')]);
    runMenuCommand(app, 'edit.delete');
    expect(() => idOf(app, 'conv1')).toThrow();
    runMenuCommand(app, 'edit.undo');
    expect(idOf(app, 'conv1')).toBeDefined();
  });
});
