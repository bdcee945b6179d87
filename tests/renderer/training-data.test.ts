/** Image folders in the window: choosing one, what is said of it, and an output for each of its classes with one press. */
import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '@shared/problems/problem';
import { success } from '@shared/util/result';
import { type FakeEngines, type FakeMain, makeApp, settled } from './support';
import type { AppState } from '../../src-renderer/state/app.svelte';

const PATH = '/home/me/pets';
const facts = {
  path: PATH,
  hasTestFolder: false,
  problems: [],
  classes: ['cat', 'dog', 'owl'].map((name) => ({ name, images: 100, testImages: 0 })),
};

let app: AppState;
let main: FakeMain;
let engines: FakeEngines;
beforeEach(() => {
  ({ app, main, engines } = makeApp());
  engines.folders = { [PATH]: success(facts) };
  main.toChoose = PATH;
});

const codes = () => app.documents.settingProblems.map(({ code }) => code);

describe('choosing a folder', () => {
  it('makes it the data set of the document, in one step, and looks into it', async () => {
    await app.chooseImageFolder();
    await settled();
    expect(app.documents.settings.dataset).toBe(PATH);
    expect(app.documents.folder).toMatchObject({
      classNames: ['cat', 'dog', 'owl'],
      trainSamples: 240,
      testSamples: 60,
    });
    app.editor.undo();
    expect(app.documents.settings.dataset).not.toBe(PATH);
    expect(app.documents.folder).toBeUndefined();
  });

  it('changes nothing when it is cancelled', async () => {
    main.toChoose = null;
    await app.chooseImageFolder();
    expect(app.documents.isDirty).toBe(false);
  });

  it('offers to give the network an output for each class', async () => {
    await app.chooseImageFolder();
    await settled();
    expect(codes()).toEqual(['data/classes-mismatch']);
    const [found] = app.documents.settingProblems;
    const [fix] = found?.fixes ?? [];
    expect(fix).toMatchObject({ code: 'fix/class-count', args: { classes: 3 } });
    if (fix) app.editor.applyFix(fix);
    expect(codes()).toEqual([]);
    expect(app.documents.analysis.output).toEqual([3]);
    expect(app.startRefusal).toBeUndefined();
  });

  it('says what is wrong with it, and trains nothing', async () => {
    engines.folders = {
      [PATH]: { ok: false, error: problem('data/folder-no-classes', { path: PATH }) },
    };
    await app.chooseImageFolder();
    await settled();
    expect(codes()).toEqual(['data/folder-no-classes']);
    expect(app.startRefusal).toContain(PATH);
  });

  it('once more looks at it anew', async () => {
    await app.chooseImageFolder();
    await settled();
    engines.folders = { [PATH]: success({ ...facts, classes: facts.classes.slice(0, 2) }) };
    await app.chooseImageFolder();
    await settled();
    expect(app.documents.folder?.classNames).toEqual(['cat', 'dog']);
  });
});

it('images are made to fit the Input node, which must take images', async () => {
  await app.chooseImageFolder();
  await settled();
  const input = Object.values(app.documents.document.nodes).find(({ type }) => type === 'Input')?.id ?? '';
  app.editor.execute({ kind: 'setParam', node: input, param: 'shape', value: [32, 32, 3] });
  expect(codes()).not.toContain('data/input-no-image');
  app.editor.execute({ kind: 'setParam', node: input, param: 'shape', value: [32, 32, 2] });
  expect(codes()).toContain('data/input-no-image');
});

it('tells how many images were read before a run begins', async () => {
  await app.chooseImageFolder();
  await app.run.warmUp();
  await settled();
  engines.last.server.emit('state', { state: 'preparing' });
  engines.last.server.emit('reading', { done: 64, total: 300 });
  await settled();
  expect(app.run.reading).toEqual({ done: 64, total: 300 });
  engines.last.server.emit('state', { state: 'training' });
  await settled();
  expect(app.run.reading).toBeUndefined();
});
