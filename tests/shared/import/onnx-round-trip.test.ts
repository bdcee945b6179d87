/** Export to ONNX, import, export: the second file is the first one, byte for byte, for every node's examples and some templates. */
import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { required } from '@shared/util/assert';
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

/** Those between which an operator that we write changes. */
describe.each([11, 12, 13, 17, 18, 20, 21, 26])('opset %i', (opset) => {
  it.each(cases)('$name', async ({ document }) => {
    const { first, second } = await roundTrip('onnx', randomInput(document), { opset });
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
  });
});
