/** Export, import, export: what every importer of our own exports is held to. */
import { expect } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportInput } from '@shared/export/model';
import { importFormatOf } from '@shared/import';
import { documentOf, type Imported } from '@shared/import/build-document';
import { matchWeights } from '@shared/import/match-weights';
import { parseParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { expectOk } from '../../engine/graph-session';

/** The first file of an export, whole. */
export function exportedBytes(target: string, input: ExportInput, options: JsonObject = {}): Uint8Array {
  const found = required(exportTargetOf(target), target);
  const { files } = expectOk(found.export(input, parseParams(found.options, options).values));
  const parts = required(files[0], 'a file').parts;
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
}

/** A file that has none beside it. */
export async function imported(name: string, bytes: Uint8Array): Promise<Imported> {
  const file = { name, bytes, beside: () => Promise.resolve(undefined) };
  return documentOf(expectOk(await expectOk(importFormatOf(file)).read(file)));
}

export interface RoundTrip {
  readonly first: Uint8Array;
  readonly again: GraphDocument;
  /** The imported network with its weights, for another export. */
  readonly input: ExportInput;
  readonly second: Uint8Array;
}

/** Everything must be taken as it is, and every weight must fit. */
export async function roundTrip(
  target: string,
  input: ExportInput,
  options: JsonObject = {},
): Promise<RoundTrip> {
  const first = exportedBytes(target, input, options);
  const { document, tensors, report } = await imported(`model.${target}`, first);
  expect(report.filter(({ outcome }) => outcome !== 'taken')).toEqual([]);
  expect(analyse(document).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  // The data set is no part of these files.
  const { dataset } = input.model.settings;
  const again = { ...document, training: { ...document.training, dataset } };
  const { tensors: kept, report: weights } = expectOk(matchWeights(again, tensors));
  expect(weights.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  const model = expectOk(exportModelOf(again, input.model.name));
  const byName = new Map(kept.map(({ name, ...tensor }) => [name, tensor]));
  const next = { ...input, model, document: again, weights: byName };
  return { first, again, input: next, second: exportedBytes(target, next, options) };
}
