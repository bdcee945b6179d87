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

/** The files of an export, whole, by their paths. */
export function exportedFiles(
  target: string,
  input: ExportInput,
  options: JsonObject = {},
): ReadonlyMap<string, Uint8Array> {
  const found = required(exportTargetOf(target), target);
  const { files } = expectOk(found.export(input, parseParams(found.options, options).values));
  return new Map(
    files.map(({ path, parts }) => [
      path,
      new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part)))),
    ]),
  );
}

/** One of them; the first one where none is named. */
export function exportedBytes(
  target: string,
  input: ExportInput,
  options: JsonObject = {},
  name?: string,
): Uint8Array {
  const files = exportedFiles(target, input, options);
  return required((name === undefined ? undefined : files.get(name)) ?? [...files.values()][0], 'a file');
}

/** A file with the others beside it, or none. */
export async function imported(
  name: string,
  bytes: Uint8Array,
  others: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Imported> {
  const file = { name, bytes, beside: (path: string) => Promise.resolve(others.get(path)) };
  return documentOf(expectOk(await expectOk(importFormatOf(file)).read(file)));
}

export interface RoundTrip {
  /** All files of the export one after another. */
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
  const files = exportedFiles(target, input, options);
  const [path, bytes] = required([...files][0], 'a file');
  const isFolder = required(exportTargetOf(target), target).output.kind === 'folder';
  const name = isFolder ? path : `model.${target}`;
  const { document, tensors, report } = await imported(name, bytes, files);
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
  const second = exportedFiles(target, next, options);
  return { first: joined(files), again, input: next, second: joined(second) };
}

function joined(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat([...files.values()]));
}
