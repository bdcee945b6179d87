/** Exports to PyTorch with their check: weights are read back bit for bit, and damage is found. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkerOf } from '../../src-main/engine/export-checks';
import { required } from '@shared/util/assert';
import { templateOf } from '@shared/templates';
import { randomInput } from '../shared/export/random-weights';
import { exported, ExportFolder } from './export-support';
import { expectOk } from './graph-session';
import { lenetDocument } from './support';

const folder = new ExportFolder();
afterAll(() => folder.remove());

test('a folder of code and weights is checked before it is put in its place', async () => {
  const path = folder.path('lenet');
  const reply = await exported({
    target: 'pytorch',
    document: lenetDocument({}, 'lenet-bn'),
    path,
    check: true,
  });
  expect(reply.check).toEqual({
    ...{ reader: 'safetensors', compared: 'tensors', count: 26, largestDifference: 0, tolerance: 0 },
  });
  expect(readdirSync(path).sort()).toEqual(['model.py', 'weights.safetensors']);
});

test('one changed bit is seen, and a file that is cut off', async () => {
  const path = folder.path('damaged');
  const document = required(templateOf('lenet-bn'), 'lenet-bn').create({});
  await exported({ target: 'pytorch', document: lenetDocument({}, 'lenet-bn'), path });
  const file = join(path, 'weights.safetensors');
  const check = required(await checkerOf('pytorch'), 'the check');
  // The weights of the export are others than those of the input.
  const input = randomInput(document);
  const context = {
    ...{ input, options: {}, path, isCancelled: () => false },
    samples: () => Promise.reject(new Error('the check asks for images')),
    runtime: () => Promise.reject(new Error('the check asks for TensorFlow')),
  };
  expect(expectOk(await check(context)).largestDifference).toBeGreaterThan(0);
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, 20));
  expect(await check(context)).toMatchObject({ ok: false, error: { code: 'export/check-failed' } });
});

test('a training script comes with the network and the document', async () => {
  const path = folder.path('script');
  const reply = await exported({ target: 'pytorch-script', document: lenetDocument(), path });
  expect(reply.origin).toEqual({ kind: 'none' });
  expect(readdirSync(path).sort()).toEqual(['document.loom', 'model.py', 'train.py']);
  expect(readFileSync(join(path, 'document.loom'), 'utf8')).toBe(lenetDocument());
});
