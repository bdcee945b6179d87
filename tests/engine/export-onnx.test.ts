/** Exports as ONNX: ONNX Runtime says the same as our session, for every template and every node's examples. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import onnx from '@shared/export/onnx';
import { defaultParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import { checkerOf } from '../../src-main/engine/export-checks';
import type { Runtime } from '../../src-main/engine/runtime/runtime';
import { exampleModels } from '../shared/export/examples';
import { smallTemplates } from '../shared/small-templates';
import { exported, ExportFolder } from './export-support';
import { cpuRuntime, expectOk } from './graph-session';
import { type Reference, referenceOf } from './keras-exports';
import { lenetDocument } from './support';

const folder = new ExportFolder();
afterAll(() => folder.remove());

let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});

const defaults = defaultParams(onnx.options);
type Options = typeof defaults;
let written = 0;

/** Exports the network and checks what was written; `damage` may change the bytes before. */
async function checked(
  { input, images, predictions }: Reference,
  options: Partial<Options> = {},
  damage = (bytes: Buffer) => bytes,
) {
  const directory = folder.path(`export-${written++}`);
  mkdirSync(directory);
  const all = { ...defaults, ...options };
  const { files } = expectOk(onnx.export({ ...input, fileName: 'model.onnx' }, all));
  for (const { path, parts } of files) {
    writeFileSync(join(directory, path), damage(Buffer.concat(parts.map((part) => Buffer.from(part)))));
  }
  const check = required(await checkerOf('onnx'), 'the check');
  const count = required(images.dims[0], 'a batch');
  return check({
    ...{ input, options: all, path: join(directory, 'model.onnx'), isCancelled: () => false },
    samples: () => Promise.resolve({ ok: true, value: { count, inputs: images.values, predictions } }),
    runtime: () => Promise.resolve({ ok: true, value: runtime }),
  });
}

async function expectAlike(reference: Reference, options: Partial<Options> = {}): Promise<void> {
  const report = expectOk(await checked(reference, options));
  expect(report.largestDifference, JSON.stringify(options)).toBeLessThanOrEqual(report.tolerance);
}

/** One template of each family, the deepest left out for its time; `npm run parity` takes them all. */
const families = smallTemplates.filter(({ name }) =>
  ['lenet-bn', 'alexnet', 'vgg-11', 'nin', 'googlenet', 'resnet-18', 'densenet'].includes(name),
);

/** Those at which an operator that we write changed. */
const opsets = [11, 12, 13, 17, 18, 20, 21, 26];

describe('ONNX', () => {
  it('is checked before it is put in its place', async () => {
    const path = folder.path('lenet.onnx');
    const reply = await exported({
      ...{ target: 'onnx', document: lenetDocument({}, 'lenet-bn'), path, check: true },
    });
    expect(reply.check).toMatchObject({ reader: 'ONNX Runtime', compared: 'predictions', count: 32 });
    expect(required(reply.check, 'a report').largestDifference).toBeLessThan(1e-5);
  });

  it.each(families)('predicts alike for $name', async ({ document }) => {
    const reference = await referenceOf(document, runtime);
    await expectAlike(reference);
    await expectAlike(reference, { foldBatchNormalization: true, opset: 11 });
  });

  it.each(exampleModels.map((each, index) => ({ ...each, name: `${each.definition.type} ${index}` })))(
    'predicts alike with $name, in every opset',
    async ({ document }) => {
      const reference = await referenceOf(document, runtime);
      for (const opset of opsets) await expectAlike(reference, { opset });
    },
  );

  it('reads weights that lie beside the model', async () => {
    const path = folder.path('beside.onnx');
    const options = { externalData: true, foldBatchNormalization: true };
    const reply = await exported({
      ...{ target: 'onnx', document: lenetDocument({}, 'lenet-bn'), path, options, check: true },
    });
    expect(reply.files.map(({ path: file }) => file)).toEqual(['beside.onnx', 'beside.onnx.data']);
    expect(existsSync(`${path}.data`)).toBe(true);
    expect(required(reply.check, 'a report').largestDifference).toBeLessThan(1e-5);
  });

  it('is refused by its check when it is cut short, and found out when a weight is another', async () => {
    const reference = await referenceOf(required(smallTemplates[0], 'a template').document, runtime);
    const cut = await checked(reference, {}, (bytes) => bytes.subarray(0, bytes.length / 2));
    expect(cut).toMatchObject({ ok: false, error: { code: 'export/check-failed' } });
    const changed = await checked({
      ...reference,
      input: { ...reference.input, weights: negated(reference.input.weights) },
    });
    const { largestDifference, tolerance } = expectOk(changed);
    expect(largestDifference).toBeGreaterThan(tolerance);
  });
});

/** The last kernel with its sign turned. */
function negated(weights: Reference['input']['weights']): Reference['input']['weights'] {
  const [name, last] = required(
    [...weights].findLast(([each]) => each.endsWith('/kernel')),
    'a kernel',
  );
  return new Map([...weights, [name, { ...last, values: last.values.map((value) => -value) }]]);
}
