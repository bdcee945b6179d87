/** Exports to TensorFlow.js: its own JavaScript predicts the same, for every template and every node's examples. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import tfjs from '@shared/export/tfjs';
import { supportProblems } from '@shared/export/target';
import type { JsonObject } from '@shared/util/json';
import { parseParams } from '@shared/params/fields';
import { templateOf } from '@shared/templates';
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
let runtime: Runtime;
beforeAll(async () => {
  runtime = await cpuRuntime();
});
afterAll(() => folder.remove());

const optionsOf = (raw: JsonObject) => parseParams(tfjs.options, raw).values;

/** Writes the export of a network with random weights; `damage` may change the bytes of a file before. */
function written(
  name: string,
  { input }: Reference,
  options: JsonObject = {},
  damage = (bytes: Buffer, _path: string) => bytes,
): string {
  const { files } = expectOk(tfjs.export(input, optionsOf(options)));
  const path = folder.path(name);
  mkdirSync(path);
  for (const { path: file, parts } of files) {
    writeFileSync(join(path, file), damage(Buffer.concat(parts.map((part) => Buffer.from(part))), file));
  }
  return path;
}

async function check(path: string, { input, images, predictions }: Reference) {
  const checker = required(await checkerOf('tfjs'), 'the check');
  const count = required(images.dims[0], 'a batch');
  return checker({
    ...{ input, options: {}, path, isCancelled: () => false },
    samples: () => Promise.resolve({ ok: true, value: { count, inputs: images.values, predictions } }),
    runtime: () => Promise.reject(new Error('the check asks for our TensorFlow')),
  });
}

function kindOf(path: string): string {
  const json = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8')) as { format: string };
  return json.format.replace('-model', '');
}

/** As layers where all of them exist there, and as a graph in any case. */
async function expectAlike(name: string, document: GraphDocument): Promise<void> {
  const reference = await referenceOf(document, runtime);
  const missing = supportProblems(tfjs, reference.input.model, optionsOf({ modelKind: 'layers' }));
  const kinds = missing.length === 0 ? ['auto', 'graph'] : ['auto'];
  for (const modelKind of kinds) {
    const path = written(`${name} ${modelKind}`, reference, { modelKind });
    expect(kindOf(path)).toBe(modelKind === 'auto' && missing.length === 0 ? 'layers' : 'graph');
    const report = expectOk(await check(path, reference));
    expect(report, modelKind).toMatchObject({ reader: 'TensorFlow.js', count: 3 });
    expect(report.largestDifference, modelKind).toBeLessThanOrEqual(1e-4);
  }
}

describe('TensorFlow.js predicts alike', () => {
  // Plain JavaScript takes most of a minute for the deepest.
  it.each(smallTemplates)(
    'for $name',
    ({ name, document }) => expectAlike(`template ${name}`, document),
    300_000,
  );

  it.each(exampleModels.map((each, index) => ({ ...each, name: `${each.definition.type} ${index}` })))(
    'with $name',
    ({ document, name }) => expectAlike(`node ${name}`, document),
  );
});

describe('TensorFlow.js', () => {
  const lenet = () => required(templateOf('lenet'), 'lenet').create({});

  it('is checked before it is put in its place, image by image', async () => {
    const path = folder.path('lenet');
    const document = lenetDocument({}, 'lenet-bn');
    const reply = await exported({ target: 'tfjs', document, path, check: true });
    expect(reply.check).toMatchObject({ reader: 'TensorFlow.js', compared: 'predictions', count: 32 });
    expect(required(reply.check, 'a report').largestDifference).toBeLessThan(1e-4);
    expect(readdirSync(path).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
  });

  it('cuts weights into shards of the size that was asked for', async () => {
    const document = required(templateOf('alexnet'), 'alexnet').create({
      input: [72, 72, 1],
      widthDivisor: 4,
    });
    const reference = await referenceOf(document, runtime);
    const path = written('shards', reference, { shardSize: 1 });
    const shards = readdirSync(path)
      .filter((file) => file.endsWith('.bin'))
      .map((file) => statSync(join(path, file)).size);
    const total = [...reference.input.weights.values()].reduce(
      (sum, { values }) => sum + values.byteLength,
      0,
    );
    expect(shards.length).toBe(Math.ceil(total / 2 ** 20));
    expect(shards.filter((bytes) => bytes !== 2 ** 20)).toHaveLength(1);
    expect(expectOk(await check(path, reference)).largestDifference).toBeLessThanOrEqual(1e-4);
  });

  it('says for each node why it is no layer, when layers are asked for', () => {
    const grouped = exampleModels.filter(
      ({ definition, example }) =>
        definition.type === 'GroupNormalization' || Number(example.params['groups'] ?? 1) > 1,
    );
    expect(grouped.length).toBeGreaterThan(3);
    for (const { model, node } of grouped) {
      const found = supportProblems(tfjs, model, optionsOf({ modelKind: 'layers' }));
      expect(found.map((each) => each.node)).toContain(node.id);
      expect(supportProblems(tfjs, model, optionsOf({}))).toEqual([]);
    }
  });

  it.each(['layers', 'graph'])('takes any name of a layer, as %s', async (modelKind) => {
    const names = [
      'constructor',
      '__proto__',
      'toString',
      '"; alert(1); "',
      'a\n/b',
      '卷积',
      '</script>',
      'Conv 1',
    ];
    const document = lenet();
    const nodes = Object.values(document.nodes).map((node, index) => {
      const name = names[index % names.length] ?? '';
      return [node.id, { ...node, name: index < names.length ? name : `${name} ${index}` }] as const;
    });
    const hostile = { ...document, nodes: Object.fromEntries(nodes) };
    const reference = await referenceOf(hostile, runtime);
    const path = written(`names ${modelKind}`, reference, { modelKind });
    expect(kindOf(path)).toBe(modelKind);
    expect(expectOk(await check(path, reference)).largestDifference).toBeLessThanOrEqual(1e-4);
    const { weightsManifest } = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8')) as {
      weightsManifest: { weights: { name: string }[] }[];
    };
    for (const { name } of weightsManifest.flatMap(({ weights }) => weights)) {
      expect(name).toMatch(/^[A-Za-z0-9_/]+$/);
    }
  });

  it('is refused by its check when a bit of it is another, or a part is missing', async () => {
    const reference = await referenceOf(lenet(), runtime);
    for (const modelKind of ['layers', 'graph']) {
      const changed = written(`changed ${modelKind}`, reference, { modelKind }, (bytes, path) => {
        if (!path.endsWith('.bin')) return bytes;
        // The highest bit of an exponent, in the middle of the weights.
        const at = 4 * Math.floor(bytes.length / 8) + 3;
        bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
        return bytes;
      });
      const report = expectOk(await check(changed, reference));
      expect(report.largestDifference).toBeGreaterThan(report.tolerance);
      const cut = written(`cut ${modelKind}`, reference, { modelKind }, (bytes, path) =>
        path.endsWith('.bin') ? bytes.subarray(0, bytes.length / 2) : bytes,
      );
      expect(await check(cut, reference)).toMatchObject({
        ok: false,
        error: { code: 'export/check-failed' },
      });
    }
  });
});
