/** The export dialog's state: which document and weights go out, and what stands in the way. */
import { expect, test } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { anyTargetOf } from '@shared/export';
import type { AnyTarget } from '@shared/export/target';
import type { ExportReply } from '@shared/ipc/export-messages';
import type { ExportState } from '../../src-renderer/export/export.svelte';
import type { AppState } from '../../src-renderer/state/app.svelte';
import { idOf, makeApp, settled } from './support';

/** The state that the dialog makes when it opens. */
function exportsOf(app: AppState): ExportState {
  if (app.exports === undefined) throw new Error('the dialog was not opened');
  return app.exports;
}

const target = (id: string): AnyTarget => {
  const found = anyTargetOf(id);
  if (found === undefined) throw new Error(`no target ${id}`);
  return found;
};

async function trained() {
  const made = makeApp();
  await made.app.start();
  await made.app.openExport();
  await made.app.train();
  await settled();
  made.engines.last.server.emit('checkpoint', { epoch: 2, file: 'checkpoints/epoch-2.safetensors' });
  made.engines.last.server.emit('state', { state: 'done' });
  await settled();
  return made;
}

test('without a run the document goes out with its initial weights', async () => {
  const { app, main } = makeApp();
  await app.start();
  await app.openExport();
  await app.openExport();
  exportsOf(app).choose(target('safetensors'));
  expect(exportsOf(app)).toMatchObject({ source: 'document', hasRun: false, problems: [] });
  await exportsOf(app).start();
  const [request] = main.exported;
  expect(request).toMatchObject({ target: 'safetensors', check: true, source: { kind: 'document' } });
  const text = request?.source.kind === 'document' ? request.source.text : '';
  const parsed = parseDocument(text);
  expect(parsed.ok && parsed.value.document.nodes).toEqual(app.documents.document.nodes);
});

test('what was trained goes out, as it was trained', async () => {
  const { app, main } = await trained();
  exportsOf(app).choose(target('safetensors'));
  await app.openExport();
  expect(exportsOf(app)).toMatchObject({ source: 'run', isEdited: false });
  await exportsOf(app).start();
  expect(main.exported[0]?.source).toEqual({ kind: 'run', engine: 1 });
  app.editor.execute({ kind: 'setParam', node: idOf(app, 'conv1'), param: 'filters', value: 7 });
  expect(exportsOf(app).isEdited).toBe(true);
  // With the dialog opened afresh it is the network on the canvas.
  await app.openExport();
  expect(exportsOf(app).source).toBe('document');
});

test('moving a node is no edit of the network', async () => {
  const { app } = await trained();
  app.editor.execute({ kind: 'moveNodes', positions: { [idOf(app, 'conv1')]: { x: 500, y: 500 } } });
  expect(exportsOf(app).isEdited).toBe(false);
});

test('mistakes of the network stand in the way', async () => {
  const { app, main } = makeApp();
  await app.start();
  await app.openExport();
  exportsOf(app).choose(target('safetensors'));
  app.editor.execute({ kind: 'setParam', node: idOf(app, 'conv1'), param: 'filters', value: 0 });
  expect(exportsOf(app).problems.map(({ code }) => code)).toContain('param/out-of-range');
  await exportsOf(app).start();
  expect(main.exported).toEqual([]);
});

test('progress and the end are told', async () => {
  const { app, main } = makeApp();
  await app.start();
  await app.openExport();
  exportsOf(app).choose(target('safetensors'));
  const reply: ExportReply = {
    ...{ kind: 'written', path: '/x/a.safetensors', files: [{ path: 'a', bytes: 4 }], notes: [] },
    origin: { kind: 'initial', seed: 1 },
  };
  main.exportReply = reply;
  const running = exportsOf(app).start();
  expect(exportsOf(app).isRunning).toBe(true);
  main.events.exportProgress.emit({ phase: 'writing', done: 1, total: 4 });
  expect(exportsOf(app).progress).toMatchObject({ done: 1 });
  await exportsOf(app).cancel();
  await running;
  expect(main.asked).toContain('cancelExport');
  expect(exportsOf(app)).toMatchObject({ isRunning: false, outcome: reply });
  // A cancelled question where to leaves the dialog as it was.
  exportsOf(app).outcome = undefined;
  main.exportReply = null;
  await exportsOf(app).start();
  expect(exportsOf(app).outcome).toBe(undefined);
});
