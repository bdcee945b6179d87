/** A network of hundreds of nodes as the canvas has it. */
import { FlowProjection } from '../../src-renderer/canvas/projection.svelte';
import { denseNet, denseNet121 } from '../shared/dense-net';
import { makeApp } from './support';

/** DenseNet-121 in an app; `sync` brings the projection up to the document. */
export function largeProjection() {
  const { app } = makeApp();
  app.documents.open(denseNet(denseNet121));
  const projection = new FlowProjection(app.selection);
  const sync = () => projection.sync(app.documents.document, app.documents.analysis, app.preferences.locale);
  sync();
  return { app, projection, sync };
}
