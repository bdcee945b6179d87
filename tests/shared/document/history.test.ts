/** Random edits, undone and done again: the document stays sound and every step can be taken back exactly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommand, applyDiff, invertDiff } from '@shared/document/apply';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { DocumentStore } from '@shared/document/store';
import { commandOf, intent, type Intent } from './arbitrary';
import { contentOf, expectDrawn, expectSound } from './invariants';

/** Long ones: blocks need nodes and wires to be made of. */
const intents = fc.array(intent, { minLength: 1, maxLength: 40, size: 'max' });

function execute(store: DocumentStore, what: Intent) {
  const command = commandOf(store.document, what);
  return command && store.execute(command);
}

function storeOf(commands: readonly Command[]): DocumentStore {
  const store = new DocumentStore(emptyDocument());
  for (const command of commands) expect(store.execute(command)).toMatchObject({ ok: true });
  return store;
}

const add = (type: string): Command => ({ kind: 'addNode', type, position: { x: 0, y: 0 } });
const move = (node: string, x: number): Command => ({
  kind: 'moveNodes',
  positions: { [node]: { x, y: 0 } },
});

describe('any sequence of edits', () => {
  it('keeps the document sound, and diffs tell all that changed', () => {
    fc.assert(
      fc.property(intents, (sequence) => {
        const store = new DocumentStore(emptyDocument());
        let mirror = emptyDocument();
        store.onChange.on((diff) => (mirror = applyDiff(mirror, diff)));
        for (const each of sequence) {
          execute(store, each);
          expectSound(store.document);
          expectDrawn(store.document);
        }
        expect(mirror).toEqual(store.document);
      }),
    );
  });

  it('is undone to the original and redone to the final document', () => {
    fc.assert(
      fc.property(intents, intents, (first, second) => {
        const store = new DocumentStore(emptyDocument());
        for (const each of first) execute(store, each);
        const original = store.document;
        store.reset(original);
        for (const each of second) execute(store, each);
        const final = store.document;
        while (store.canUndo) store.undo();
        expect(contentOf(store.document)).toEqual(contentOf(original));
        expect(store.isDirty).toBe(false);
        while (store.canRedo) store.redo();
        expect(store.document).toEqual(final);
      }),
    );
  });

  it('never gives an id twice, undo and redo in between', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: intent },
      fc.constantFrom('undo' as const, 'redo' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const store = new DocumentStore(emptyDocument());
        const given = new Set<string>();
        for (const each of steps) {
          if (each === 'undo' || each === 'redo') store[each]();
          else {
            // A block that is collapsed comes back as what it was.
            const kept = new Set(Object.values(store.document.groups).map(({ node }) => node.id));
            const result = execute(store, each);
            const added = result?.ok ? Object.keys(result.value.nodes.added) : [];
            const ids = added.filter((id) => !kept.has(id));
            expect(ids.filter((id) => given.has(id))).toEqual([]);
            for (const id of ids) given.add(id);
          }
        }
        expectSound(store.document);
      }),
    );
  });

  it('is saved and opened again as it is', () => {
    fc.assert(
      fc.property(intents, (sequence) => {
        const store = new DocumentStore(emptyDocument());
        for (const each of sequence) execute(store, each);
        const text = serialiseDocument(store.document);
        const parsed = parseDocument(text);
        expect(parsed).toEqual({ ok: true, value: { document: store.document, repairs: [] } });
        expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
    );
  });

  it('is one step after squashing, and none after bailing', () => {
    fc.assert(
      fc.property(intents, intents, fc.boolean(), (first, second, isBail) => {
        const store = new DocumentStore(emptyDocument());
        for (const each of first) execute(store, each);
        const [before, mark] = [store.document, store.mark()];
        for (const each of second) execute(store, each);
        const after = store.document;
        if (isBail) store.bailToMark(mark);
        else {
          store.squashToMark(mark);
          expect(store.document).toBe(after);
          expect(store.mark() - mark).toBeLessThanOrEqual(1);
          if (store.mark() > mark) store.undo();
        }
        expect(contentOf(store.document)).toEqual(contentOf(before));
        expect(store.mark()).toBe(mark);
      }),
    );
  });
});

describe('diffs', () => {
  it('leave unchanged nodes and records the same objects', () => {
    const { document } = storeOf([add('Input'), add('Conv2D')]);
    const result = applyCommand(document, move('conv2d_1', 9));
    if (!result.ok) throw new Error('refused');
    const moved = applyDiff(document, result.value);
    expect(moved.nodes['input_1']).toBe(document.nodes['input_1']);
    expect(moved.wires).toBe(document.wires);
    expect(applyDiff(moved, invertDiff(result.value))).toEqual(document);
  });

  it('that do not fit the document are internal errors', () => {
    const { document } = storeOf([add('Input')]);
    const result = applyCommand(document, { kind: 'removeNodes', nodes: ['input_1'] });
    if (!result.ok) throw new Error('refused');
    expect(() => applyDiff(emptyDocument(), result.value)).toThrow('changes what is not there');
    expect(() => applyDiff(document, invertDiff(result.value))).toThrow('adds what is there already');
  });
});

describe('the store', () => {
  it('has no step for what changes nothing or is refused', () => {
    const store = storeOf([add('Input')]);
    const diffs: unknown[] = [];
    const dispose = store.onChange.on((diff) => diffs.push(diff));
    expect(store.execute(move('input_1', 0)).ok).toBe(true);
    expect(store.execute({ kind: 'renameNode', node: 'input_1', name: ' ' }).ok).toBe(false);
    expect(store.mark()).toBe(1);
    expect(diffs).toEqual([]);
    dispose();
    expect(store.onChange.size).toBe(0);
  });

  it('drops a gesture that ends where it began, and keeps what was saved before it clean', () => {
    const store = storeOf([add('Input')]);
    store.markSaved();
    const mark = store.mark();
    for (const x of [5, 9, 0]) store.execute(move('input_1', x));
    expect(store.isDirty).toBe(true);
    store.squashToMark(mark);
    expect(store.mark()).toBe(mark);
    expect(store.isDirty).toBe(false);
  });

  it('compares with what was saved, not with what was opened', () => {
    const store = storeOf([add('Input')]);
    expect(store.isDirty).toBe(true);
    store.markSaved();
    expect(store.isDirty).toBe(false);
    store.undo();
    expect(store.isDirty).toBe(true);
    store.redo();
    expect(store.isDirty).toBe(false);
    store.undo();
    store.execute(add('Conv2D'));
    expect(store.isDirty).toBe(true);
    store.undo();
    expect(store.isDirty).toBe(true);
  });

  it('is dirty when it was edited while the file was being written', () => {
    const store = storeOf([add('Input')]);
    const point = store.savePoint();
    store.execute(add('Conv2D'));
    store.markSaved(point);
    expect(store.isDirty).toBe(true);
    store.undo();
    expect(store.isDirty).toBe(false);
  });

  it('forgets what was undone once something else is done, and all of it on reset', () => {
    const store = storeOf([add('Input'), add('Conv2D')]);
    store.undo();
    expect(store.canRedo).toBe(true);
    store.execute(add('Add'));
    expect(store.canRedo).toBe(false);
    store.reset(emptyDocument());
    expect([store.canUndo, store.canRedo, store.isDirty]).toEqual([false, false, false]);
    store.undo();
    store.redo();
    expect(store.document).toEqual(emptyDocument());
  });
});
