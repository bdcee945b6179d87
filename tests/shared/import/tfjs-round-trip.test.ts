/** Export to TensorFlow.js, import, export: the same files, as layers where there are some, and as a graph. */
import { describe, expect, it } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { expectOk } from '../../engine/graph-session';
import { exampleModels } from '../export/examples';
import { randomInput } from '../export/random-weights';
import { narrowTemplates, roundTrip } from './round-trip';

/** The larger ones take seconds on a busy machine. */
const TIMEOUT = 60_000;
const cases = [
  ...narrowTemplates,
  ...exampleModels.map(({ definition, document }, index) => ({
    name: `${definition.type} ${index}`,
    document,
  })),
];

describe.each(['auto', 'graph'])('TensorFlow.js as %s', (modelKind) => {
  it.each(cases)(
    '$name',
    async ({ document }) => {
      const { again, first, second } = await roundTrip('tfjs', randomInput(document), { modelKind });
      expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
      // What was imported can be saved and opened again.
      const text = serialiseDocument(again);
      const parsed = expectOk(parseDocument(text));
      expect(parsed.repairs).toEqual([]);
      expect(serialiseDocument(parsed.document)).toBe(text);
    },
    TIMEOUT,
  );
});
