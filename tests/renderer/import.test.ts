/** The import dialog's state: what is taken of a file, and what stays as it is. */
import { expect, test } from 'vitest';
import { serialiseDocument } from '@shared/document/serialise';
import { problem } from '@shared/problems/problem';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import type { ImportedFile } from '../../src-renderer/import/import.svelte';
import { type FakeMain, makeApp, settled } from './support';

const network = {
  document: serialiseDocument(required(templateOf('lenet-bn'), 'a template').create({})),
  rows: [{ layer: 'a', type: 'Dense', outcome: 'taken' as const, notes: [], nodes: ['dense_1'] }],
};
const kept = [{ weight: 'dense_1/kernel', outcome: 'kept' as const }];
const file = (parts: Partial<ImportedFile>): ImportedFile => ({
  id: 3,
  name: 'net.keras',
  tensors: 1,
  ...parts,
});

async function opened(imported: FakeMain['imported']) {
  const made = makeApp();
  await made.app.start();
  made.main.imported = imported;
  await made.app.openImport();
  return { ...made, imports: required(made.app.imports, 'the state of the dialog') };
}

test('a network takes the place of the document, and its weights are loaded', async () => {
  const { app, imports, engines } = await opened(file({ network }));
  expect(app.interface.dialog?.kind).toBe('import');
  expect(imports.choice).toBe('network');
  await imports.take();
  await settled();
  expect(serialiseDocument(app.documents.document)).toBe(network.document);
  expect(app.files).toMatchObject({ path: null, name: 'net.loom' });
  expect(engines.last.documents).toEqual([network.document]);
  expect(app.run).toMatchObject({ phase: 'loaded', canPredict: true, exportable: { epochs: 0 } });
  expect(app.interface.dialog).toBeUndefined();
});

test('weights leave the document alone, and the next run begins with them', async () => {
  const { app, imports, engines } = await opened(file({ weights: kept }));
  const before = app.documents.document;
  expect(imports).toMatchObject({ choice: 'weights', canTake: true });
  await imports.take();
  await settled();
  expect(app.documents.document).toBe(before);
  expect(app.run.loaded).toMatchObject({ name: 'net.keras', kept: 1, total: 1 });
  const loading = engines.last;
  await app.train();
  await settled();
  expect(engines.last).not.toBe(loading);
  expect(engines.weights).toEqual([
    { kind: 'import', id: 3 },
    { kind: 'engine', engine: 1 },
  ]);
  expect(app.run.loaded?.name).toBe('net.keras');
});

test('weights of which none fits cannot be taken', async () => {
  const { imports, engines } = await opened(file({ weights: [{ weight: 'x', outcome: 'unused' }] }));
  expect(imports.canTake).toBe(false);
  await imports.take();
  expect(engines.opened).toEqual([]);
});

test('of a file whose network cannot be read the weights can be taken', async () => {
  const networkProblem = problem('import/graph-model', { name: 'model.json' });
  const { imports, engines } = await opened(file({ networkProblem, weights: kept }));
  expect(imports).toMatchObject({ choice: 'weights', canTakeNetwork: false, canTake: true });
  await imports.take();
  await settled();
  expect(engines.weights).toEqual([{ kind: 'import', id: 3 }]);
});

test('changes of the open document are asked about first', async () => {
  const { app, imports } = await opened(file({ network, tensors: 0 }));
  app.editor.execute({ kind: 'setTraining', setting: 'epochs', value: 9 });
  const taking = imports.take();
  await settled();
  const { dialog } = app.interface;
  expect(dialog?.kind).toBe('unsaved');
  if (dialog?.kind === 'unsaved') dialog.answer('cancel');
  await taking;
  expect(app.documents.settings.epochs).toBe(9);
});

test('a cancelled question changes nothing', async () => {
  const { app } = await opened(null);
  expect(app.interface.dialog).toBeUndefined();
});
