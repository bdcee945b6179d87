/** document.ts FILE: writes 1,000 nodes in one document: LeNet, which trains, and a DenseNet of 139 layers beside it. */
import { writeFileSync } from 'node:fs';
import { serialiseDocument } from '@shared/document/serialise';
import { DocumentStore } from '@shared/document/store';
import type { GraphDocument } from '@shared/document/types';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { denseNet } from '../../../tests/shared/dense-net';

/** Ends are LeNet's: what leads to no output is not trained, so that a step is as quick as it can be. */
function thousandNodes(): GraphDocument {
  const large = denseNet([6, 12, 64, 57]);
  const store = new DocumentStore(required(templateOf('lenet'), 'lenet').create());
  const nodes = Object.values(large.nodes).filter(({ type }) => type !== 'Input' && type !== 'Output');
  const wires = Object.values(large.wires);
  const pasted = store.execute({ kind: 'paste', nodes, wires, offset: { x: 1200, y: 0 } });
  if (!pasted.ok) throw new Error(pasted.error.code);
  store.execute({ kind: 'setTraining', setting: 'epochs', value: 50 });
  return store.document;
}

writeFileSync(process.argv[2] ?? '', serialiseDocument(thousandNodes()));
