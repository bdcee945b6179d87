/** Exports as SavedModel: a session of its own gives the same predictions, for every template and every node's examples. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import savedmodel from '@shared/export/savedmodel';
import type { GraphDocument } from '@shared/document/types';
import { templates } from '@shared/templates';
import { required } from '@shared/util/assert';
import { checkerOf } from '../../src-main/engine/export-checks';
import { exampleModels } from '../shared/export/examples';
import { exported, ExportFolder } from './export-support';
import { cpuRuntime, expectOk } from './graph-session';
import { referenceOf } from './keras-exports';
import { lenetDocument } from './support';

const folder = new ExportFolder();
afterAll(() => folder.remove());

/** Exports the document with random weights and checks what was written; `damage` may change the bytes before. */
async function checked(name: string, document: GraphDocument, damage = (bytes: Buffer) => bytes) {
  const runtime = await cpuRuntime();
  const { input, images, predictions } = await referenceOf(document, runtime);
  const { files } = expectOk(savedmodel.export(input, {}));
  const path = folder.path(name);
  mkdirSync(path);
  for (const { path: file, parts } of files) {
    writeFileSync(join(path, file), damage(Buffer.concat(parts.map((part) => Buffer.from(part)))));
  }
  const check = required(await checkerOf('savedmodel'), 'the check');
  return check({
    ...{ input, options: {}, path, isCancelled: () => false },
    samples: () =>
      Promise.resolve({
        ok: true,
        value: { count: required(images.dims[0], 'a batch'), inputs: images.values, predictions },
      }),
    runtime: () => Promise.resolve({ ok: true, value: runtime }),
  });
}

const small = { input: [96, 96, 1], widthDivisor: 8 } as const;

describe('SavedModel', () => {
  it('is checked before it is put in its place, with the signature beside the graph', async () => {
    const path = folder.path('lenet');
    const reply = await exported({
      ...{ target: 'savedmodel', document: lenetDocument({}, 'lenet-bn'), path, check: true },
    });
    expect(reply.check).toMatchObject({ reader: 'TensorFlow', compared: 'predictions', count: 32 });
    expect(required(reply.check, 'a report').largestDifference).toBeLessThan(1e-5);
    expect(readFileSync(join(path, 'saved_model.pb')).includes('serving_default')).toBe(true);
  });

  it.each(templates.map(({ id }) => id))('predicts alike for %s', async (id) => {
    const template = required(
      templates.find((each) => each.id === id),
      id,
    );
    const document = template.create(id.startsWith('lenet') ? {} : small);
    const report = expectOk(await checked(`template-${id}`, document));
    expect(report.largestDifference).toBeLessThanOrEqual(report.tolerance);
  });

  it.each(exampleModels.map((each, index) => ({ ...each, name: `${each.definition.type} ${index}` })))(
    'predicts alike with $name',
    async ({ document, name }) => {
      const report = expectOk(await checked(`node-${name}`, document));
      expect(report.largestDifference).toBeLessThanOrEqual(report.tolerance);
    },
  );

  it('is refused by its check when it is cut short', async () => {
    const document = required(templates[0], 'a template').create({});
    const cut = await checked('cut', document, (bytes) => bytes.subarray(0, bytes.length / 2));
    expect(cut.ok).toBe(false);
  });
});
