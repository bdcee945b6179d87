/** Export, import, export: the second file is the first one, byte for byte, for every node's examples and some templates. */
import { describe, expect, it } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import { required } from '@shared/util/assert';
import { expectOk } from '../../engine/graph-session';
import { exampleModels } from '../export/examples';
import { randomInput } from '../export/random-weights';
import { smallTemplates } from '../small-templates';
import { roundTrip } from './round-trip';

const examples = exampleModels.map(({ definition, document }, index) => ({
  name: `${definition.type} ${index}`,
  document,
}));
const losses = ['binaryCrossEntropy', 'meanSquaredError'].map((loss) => {
  const { document } = required(smallTemplates[0], 'a template');
  return { name: `lenet under ${loss}`, document: { ...document, training: { ...document.training, loss } } };
});
const cases: readonly { readonly name: string; readonly document: GraphDocument }[] = [
  ...smallTemplates.filter(({ name }) => ['lenet', 'lenet-bn', 'googlenet', 'densenet'].includes(name)),
  ...losses,
  ...examples,
];

describe.each(['keras', 'keras-h5'])('%s', (target) => {
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
