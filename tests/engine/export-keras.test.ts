/** Exports to Keras with their checks: every template's file is read back bit for bit, and damage is found. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTargetOf } from '@shared/export';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { checkerOf } from '../../src-main/engine/export-checks';
import type { CheckContext } from '../../src-main/engine/export-checks/checker';
import { exported, ExportFolder } from './export-support';
import { cpuRuntime, expectOk } from './graph-session';
import { type Reference, referenceOf } from './keras-exports';
import { lenetDocument } from './support';

const folder = new ExportFolder();
afterAll(() => folder.remove());

let reference: Reference;
beforeAll(async () => {
  const document = required(templateOf('resnet-18'), 'resnet-18').create({ input: [32, 32, 1] });
  reference = await referenceOf(document, await cpuRuntime());
});

describe.each(['keras', 'keras-h5'])('%s', (target) => {
  it('is checked before it is put in its place', async () => {
    const path = folder.path(`lenet.${target}`);
    // Five layers with kernel and bias, four batch normalisations with four tensors each.
    const reply = await exported({ target, document: lenetDocument({}, 'lenet-bn'), path, check: true });
    expect(reply.check).toMatchObject({ compared: 'tensors', count: 26, largestDifference: 0, tolerance: 0 });
  });

  it('is read back bit for bit, and one changed bit is seen', async () => {
    const path = folder.path(`resnet.${target}`);
    const { files } = expectOk(required(exportTargetOf(target), target).export(reference.input, {}));
    writeFileSync(path, Buffer.concat(required(files[0], 'a file').parts.map((part) => Buffer.from(part))));
    const check = required(await checkerOf(target), 'the check');
    const context = { ...unused, input: reference.input, options: {}, path };
    const report = expectOk(await check(context));
    expect(report).toMatchObject({ count: reference.input.weights.size, largestDifference: 0 });
    const bytes = readFileSync(path);
    const first = required([...reference.input.weights.values()][0], 'a weight').values;
    const at = bytes.indexOf(Buffer.from(first.buffer, first.byteOffset, 16));
    expect(at).toBeGreaterThan(0);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(path, bytes);
    expect(expectOk(await check(context)).largestDifference).toBeGreaterThan(0);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    expect(await check(context)).toMatchObject({ ok: false, error: { code: 'export/check-failed' } });
  });
});

const unused: Omit<CheckContext, 'input' | 'options' | 'path'> = {
  samples: () => Promise.reject(new Error('the check asks for images')),
  runtime: () => Promise.reject(new Error('the check asks for TensorFlow')),
  isCancelled: () => false,
};
