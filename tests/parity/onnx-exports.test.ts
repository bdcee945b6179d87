/** ONNX in Python: exports pass its checker and say the same in ONNX Runtime, and models of PyTorch are imported. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { exportModelOf } from '@shared/export/build-model';
import type { ExportInput } from '@shared/export/model';
import onnx from '@shared/export/onnx';
import { decodeSafetensors, encodeSafetensors } from '@shared/formats/safetensors';
import onnxImport from '@shared/import/onnx';
import { documentOf } from '@shared/import/build-document';
import { matchWeights } from '@shared/import/match-weights';
import { defaultParams, parseParams } from '@shared/params/fields';
import { required } from '@shared/util/assert';
import { largestDifference } from '../../src-main/engine/export-checks/checker';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import { predictionsOf, referenceOf } from '../engine/keras-exports';
import { exampleModels } from '../shared/export/examples';
import { smallTemplates } from '../shared/small-templates';
import { openPeers, PEERS_TIMEOUT, runPeer } from './peer-python';

interface Case {
  readonly name: string;
  readonly document: GraphDocument;
}

const templates: readonly Case[] = smallTemplates;
const examples: readonly Case[] = exampleModels.map(({ definition, document }, index) => ({
  name: `${definition.type}-${index}`,
  document,
}));
const folded = { foldBatchNormalization: true, externalData: true };
const runs = [
  ...templates.flatMap((each) => [
    { ...each, key: each.name, options: {} },
    { ...each, key: `${each.name}-folded`, options: folded },
  ]),
  ...examples.flatMap((each) =>
    [11, 17, 26].map((opset) => ({ ...each, key: `${each.name}-${opset}`, options: { opset } })),
  ),
];
const folder = mkdtempSync(join(tmpdir(), 'layerloom-onnx-'));
const expected = new Map<string, Float32Array>();
const differences = new Map<string, number>();
const packages = ['onnx', 'onnxruntime', 'onnxscript'];

beforeAll(async () => {
  const peers = await openPeers(packages);
  if ('missing' in peers) throw new Error(`Not compared with ONNX: ${peers.missing}.`);
  const runtime = await cpuRuntime();
  for (const { name, document } of [...templates, ...examples]) {
    const { input, images, predictions } = await referenceOf(document, runtime);
    expected.set(name, predictions);
    const tensors = [{ name: 'images', dims: images.dims, values: images.values }];
    writeFileSync(
      join(folder, `${name}.safetensors`),
      Buffer.concat(encodeSafetensors({ tensors, metadata: {} })),
    );
    for (const { key, options } of runs.filter((run) => run.name === name)) {
      const all = { ...defaultParams(onnx.options), ...parseParams(onnx.options, options).values };
      const { files } = expectOk(onnx.export({ ...input, fileName: `${key}.onnx` }, all));
      for (const { path, parts } of files)
        writeFileSync(join(folder, path), Buffer.concat(parts.map((part) => Buffer.from(part))));
    }
  }
  writeFileSync(
    join(folder, 'cases.json'),
    JSON.stringify(runs.map(({ key, name }) => ({ name: key, images: name }))),
  );
  console.log((await runPeer(peers.python, 'onnx_exports.py', [folder])).trim());
  console.log((await runPeer(peers.python, 'onnx_models.py', [folder])).trim().split('\n').at(-1));
}, PEERS_TIMEOUT);
afterAll(() => {
  const largest = [...differences].sort(([, a], [, b]) => b - a).slice(0, 3);
  console.log(`${differences.size} models; largest differences ${JSON.stringify(largest)}`);
  rmSync(folder, { recursive: true, force: true });
});

function tensorsOf(name: string): ReadonlyMap<string, Float32Array> {
  const { tensors } = expectOk(decodeSafetensors(readFileSync(join(folder, name))));
  return new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
}

describe.each(runs)('$key', ({ key, name }) => {
  it('is valid and says the same', () => {
    const error = join(folder, `${key}.error`);
    if (existsSync(error)) throw new Error(readFileSync(error, 'utf8'));
    const predictions = required(tensorsOf(`${key}.out.safetensors`).get('predictions'), 'predictions');
    const difference = largestDifference(predictions, required(expected.get(name), name));
    differences.set(key, difference);
    expect(difference).toBeLessThanOrEqual(1e-4);
  });
});

const imports = ['lenet', 'resnet', 'modern', 'viewed'].flatMap((name) =>
  ['script', 'dynamo'].map((kind) => `${name}-${kind}`),
);

describe.each(imports)('%s of PyTorch', (name) => {
  it('is imported as a whole and says the same', async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, `${name}.onnx`)));
    const beside = (file: string) =>
      Promise.resolve(
        readdirSync(folder).includes(file) ? new Uint8Array(readFileSync(join(folder, file))) : undefined,
      );
    const network = expectOk(await onnxImport.read({ name: `${name}.onnx`, bytes, beside }));
    const { document, tensors, report } = documentOf(network);
    const changed = report.filter(({ outcome }) => outcome !== 'taken');
    // The model ends without softmax, which the report says of the Output.
    expect(changed.map(({ type, notes }) => [type, notes])).toEqual([
      ['Output', [{ code: 'import/logits', args: {} }]],
    ]);
    const { tensors: kept, report: weights } = expectOk(matchWeights(document, tensors));
    expect(weights.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
    const given = tensorsOf(`${name}.safetensors`);
    const model = expectOk(exportModelOf(document, name));
    const input: ExportInput = {
      model,
      document,
      fileName: name,
      layerloomVersion: '0.0.0',
      locale: 'en',
      origin: { kind: 'initial', seed: 1 },
      weights: new Map(kept.map(({ name: weight, ...tensor }) => [weight, tensor])),
    };
    const pixels = Uint8Array.from(required(given.get('pixels'), 'pixels'));
    const predictions = await predictionsOf(input, pixels, await cpuRuntime());
    const difference = largestDifference(predictions, required(given.get('predictions'), 'predictions'));
    differences.set(name, difference);
    expect(difference).toBeLessThanOrEqual(1e-4);
  });
});
