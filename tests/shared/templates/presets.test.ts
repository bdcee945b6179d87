/** Presets of templates: the textbook's figures, and what switching makes of a document that exists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applyCommand, applyDiff, invertDiff } from '@shared/document/apply';
import type { GraphDocument } from '@shared/document/types';
import { type Preset, type Template, templateOf, templates } from '@shared/templates';
import { presetCommand, presetOf } from '@shared/templates/presets';
import { parseTraining } from '@shared/training/settings';
import { required } from '@shared/util/assert';

const row = z.object({
  learningRate: z.number(),
  batch: z.number(),
  resize: z.number(),
  note: z.string().optional(),
});
const book = z
  .object({ settings: z.record(z.string(), row) })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../reference/textbook-settings.json'), 'utf8')),
  );

const settingsOf = (document: GraphDocument) => parseTraining(document.training).settings;

function switched(document: GraphDocument, template: Template, preset: Preset) {
  const result = applyCommand(document, presetCommand(document, template, preset));
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return { document: applyDiff(document, result.value), back: invertDiff(result.value) };
}

describe('the textbook', () => {
  it.each(Object.entries(book.settings))('trains %s so', (id, { learningRate, batch, resize, note }) => {
    const template = required(templateOf(id), id);
    const document = template.create({ preset: 'textbook' });
    expect(template.presets).toContain('textbook');
    expect(template.input).toEqual([resize, resize, 1]);
    expect(template.textbookDivisor).toBe(Number(/divided by (\d+)/.exec(note ?? '')?.[1] ?? 1));
    expect(parseTraining(document.training).problems).toEqual([]);
    expect(settingsOf(document)).toMatchObject({
      ...{ dataset: 'fashion-mnist', epochs: 10, optimizer: 'sgd', loss: 'softmaxCrossEntropy' },
      ...{ learningRate, batchSize: batch, weightDecay: 0, labelSmoothing: 0, classWeights: [] },
    });
  });

  it('trains no other template', () => {
    const others = templates.filter(({ id }) => !Object.hasOwn(book.settings, id));
    expect(others.flatMap(({ presets }) => presets)).toEqual(others.map(() => 'own'));
  });
});

describe.each(templates.map((template) => [template.id, template] as const))('%s', (id, template) => {
  const made = template.create();

  it('is named by the documents that are made from it', () => {
    expect(made.template).toBe(id);
    expect(presetOf(made, template)).toBe('own');
  });

  it.each(template.presets)('switches to %s and back', (preset) => {
    const fresh = settingsOf(template.create({ preset }));
    const { document, back } = switched(made, template, preset);
    expect(settingsOf(document)).toEqual({ ...fresh, dataset: settingsOf(made).dataset });
    expect(presetOf(document, template)).toBe(preset);
    expect(applyDiff(document, back).training).toEqual(made.training);
  });

  it('resets what was changed, wrong values included, and keeps data set and seed', () => {
    const training = { ...made.training, ...{ seed: 7, dataset: 'mnist', labelSmoothing: 0.1, epochs: 'x' } };
    const changed = { ...made, training };
    expect(presetOf(changed, template)).toBeUndefined();
    const { document } = switched(changed, template, 'own');
    expect(parseTraining(document.training).problems).toEqual([]);
    expect(settingsOf(document)).toEqual({ ...settingsOf(made), seed: 7, dataset: 'mnist' });
  });
});
