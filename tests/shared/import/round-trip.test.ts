/** Export, import, export: the second file is the first one, byte for byte, for every template and every node's examples. */
import { describe, expect, it } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { supportProblems } from '@shared/export/target';
import { matchWeights } from '@shared/import/match-weights';
import { readWeights } from '@shared/import/read-weights';
import { required } from '@shared/util/assert';
import { expectOk } from '../../engine/graph-session';
import { exampleModels } from '../export/examples';
import { randomInput } from '../export/random-weights';
import { exportedBytes, narrowTemplates, roundTrip } from './round-trip';

const examples = exampleModels.map(({ definition, document, node }, index) => ({
  name: `${definition.type} ${index}`,
  document,
  hasWeights: node.kind === 'block' || node.weights.length > 0,
}));
const losses = ['binaryCrossEntropy', 'meanSquaredError'].map((loss) => {
  const { document } = required(narrowTemplates[0], 'a template');
  return { name: `lenet under ${loss}`, document: { ...document, training: { ...document.training, loss } } };
});
const cases: readonly { readonly name: string; readonly document: GraphDocument }[] = [
  ...[...narrowTemplates, ...losses, ...examples],
];

/** Formats that hold a network with its weights; one that is imported joins here. */
const networkFormats = ['keras', 'keras-h5'];

describe.each(networkFormats)('%s', (target) => {
  it.each(cases)('$name', async ({ document }) => {
    const { again, first, second } = await roundTrip(target, randomInput(document));
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
    // What was imported can be saved and opened again.
    const text = serialiseDocument(again);
    const parsed = expectOk(parseDocument(text));
    expect(parsed.repairs).toEqual([]);
    expect(serialiseDocument(parsed.document)).toBe(text);
  });
});

function isSupported(id: string, document: GraphDocument): boolean {
  const { model } = randomInput(document);
  return supportProblems(required(exportTargetOf(id), id), model, {}).length === 0;
}

/** Formats of weights alone, which come back onto the same graph. */
const weightFormats = [
  { target: 'safetensors', name: 'model.safetensors' },
  { target: 'npz', name: 'model.npz' },
  { target: 'pytorch', name: 'weights.safetensors' },
];

/** Nodes without weights would say nothing of them; large networks nothing more. */
const weighty = [
  ...narrowTemplates.filter(({ name }) => name.startsWith('lenet')),
  ...examples.filter(({ hasWeights }) => hasWeights),
];

describe.each(weightFormats)('$target', ({ target, name: fileName }) => {
  it.each(weighty.filter(({ document }) => isSupported(target, document)))('$name', async ({ document }) => {
    const input = randomInput(document);
    const first = exportedBytes(target, input, {}, fileName);
    const file = { name: fileName, bytes: first, beside: () => Promise.resolve(undefined) };
    const { tensors, report } = expectOk(matchWeights(document, expectOk(await readWeights(file))));
    expect(report.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
    const weights = new Map(tensors.map(({ name, ...tensor }) => [name, tensor]));
    expect(
      Buffer.from(exportedBytes(target, { ...input, weights }, {}, fileName)).equals(Buffer.from(first)),
    ).toBe(true);
  });
});
