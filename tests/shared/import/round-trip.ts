/** Export, import, export: what every importer of our own exports is held to. */
import { expect } from 'vitest';
import { analyse } from '@shared/compile/analyse';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportInput, ExportModel } from '@shared/export/model';
import { importFormatOf } from '@shared/import';
import { documentOf, type Imported } from '@shared/import/build-document';
import { matchWeights } from '@shared/import/match-weights';
import { parseParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import type { JsonObject } from '@shared/util/json';
import { expectOk } from '../../engine/graph-session';
import { smallTemplates } from '../small-templates';

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
  expectSameGraph(target, input.model, model);
  const byName = new Map(kept.map(({ name, ...tensor }) => [name, tensor]));
  const next = { ...input, model, document: again, weights: byName };
  const second = exportedFiles(target, next, options);
  return { first: joined(files), again, input: next, second: joined(second) };
}

/** A network without names and order: a number for each layer, the same wherever layer, size and all that feeds it are. */
function numbersOf({ layers }: ExportModel, known: Map<string, number>): readonly number[] {
  const places = new Map<string, number>();
  for (const { path, type, inputs, outputShape } of layers) {
    const key = JSON.stringify([type, outputShape, inputs.map(({ layer }) => places.get(layer))]);
    if (!known.has(key)) known.set(key, known.size);
    places.set(path, known.get(key) ?? 0);
  }
  return [...places.values()].sort((first, second) => first - second);
}

/** Types of which `model` has more layers than `other`. */
function moreOf(model: ExportModel, other: ExportModel): readonly string[] {
  const count = ({ layers }: ExportModel, type: string) =>
    layers.filter((layer) => layer.type === type).length;
  const types = [...new Set(model.layers.map(({ type }) => type))];
  return types.filter((type) => count(model, type) > count(other, type)).sort();
}

/** The same graph, or one in which nothing but what the format cannot tell apart is another. */
function expectSameGraph(target: string, before: ExportModel, after: ExportModel): void {
  const [lost, gained] = [moreOf(before, after), moreOf(after, before)];
  if (lost.length === 0 && gained.length === 0) {
    const known = new Map<string, number>();
    expect(numbersOf(after, known)).toEqual(numbersOf(before, known));
    return;
  }
  const allowed = rewrites[target] ?? [];
  for (const type of lost) expect(allowed.flatMap((each) => each.lost)).toContain(type);
  for (const type of gained) expect(allowed.flatMap((each) => each.gained)).toContain(type);
}

interface Rewrite {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  readonly because: string;
}

const padding: Rewrite = {
  lost: [],
  gained: ['ZeroPadding2D', 'Cropping2D'],
  because:
    'Keras has no explicit padding: a layer before it pads, or one behind a transposed convolution crops',
};

/** Of these the file is the same again, and so is every graph from the second on. */
const rewrites: Readonly<Record<string, readonly Rewrite[] | undefined>> = {
  keras: [padding],
  'keras-h5': [padding],
  tfjs: [padding],
  onnx: [
    {
      ...{ lost: ['SeparableConv2D'], gained: ['DepthwiseConv2D', 'Conv2D'] },
      because: 'there is no operator for both at once',
    },
    {
      ...{ lost: ['Conv2D', 'DepthwiseConv2D'], gained: ['DepthwiseConv2D', 'Conv2D'] },
      because: 'Conv with one group for each channel is both',
    },
    { lost: [], gained: ['Multiply'], because: 'an operator multiplies two values' },
    {
      ...{ lost: ['GaussianNoise', 'SpatialDropout2D'], gained: [] },
      because: 'it is of training alone, for which there is no operator',
    },
  ],
};

/** Templates on small images with few channels, so that files stay small too. */
export const narrowTemplates = smallTemplates.map(({ name, document }) => {
  const nodes = Object.entries(document.nodes).map(([id, node]) => {
    const { filters } = node.params;
    const isWide = typeof filters === 'number' && filters > 32 && filters % 8 === 0;
    return [id, isWide ? { ...node, params: { ...node.params, filters: filters / 8 } } : node] as const;
  });
  return { name, document: { ...document, nodes: Object.fromEntries(nodes) } };
});

function joined(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat([...files.values()]));
}
