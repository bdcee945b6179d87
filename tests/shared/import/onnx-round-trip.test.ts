/** Export to ONNX, import, export: the second file is the first one, byte for byte, for every template and every node's examples. */
import { expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { required } from '@shared/util/assert';
import { exampleModels } from '../export/examples';
import { randomInput } from '../export/random-weights';
import { narrowTemplates, roundTrip } from './round-trip';

const examples = exampleModels.map(({ definition, document }, index) => ({
  name: `${definition.type} ${index}`,
  document,
}));
const losses = ['binaryCrossEntropy', 'meanSquaredError'].map((loss) => {
  const { document } = required(narrowTemplates[0], 'a template');
  return { name: `lenet under ${loss}`, document: { ...document, training: { ...document.training, loss } } };
});
const cases: readonly { readonly name: string; readonly document: GraphDocument }[] = [
  ...narrowTemplates,
  ...losses,
  ...examples,
];

/** Types whose operators are others in other opsets, and the opsets between which they change. */
const changing = [
  'Activation',
  'Dropout',
  'GroupNormalization',
  'LayerNormalization',
  'Resizing',
  'Softmax',
  'UpSampling2D',
];
const older = examples.filter(({ name }) => changing.some((type) => name.startsWith(`${type} `)));
const runs = [
  ...cases.map((each) => ({ ...each, opset: 26 })),
  ...[11, 12, 13, 17, 18, 20, 21].flatMap((opset) => older.map((each) => ({ ...each, opset }))),
];

it.each(runs)('$name in opset $opset', async ({ document, opset }) => {
  const { first, second } = await roundTrip('onnx', randomInput(document), { opset });
  expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
});
