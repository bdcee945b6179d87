/** Exports of every template and every node's examples, loaded by Keras: the same weights, the same predictions. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { kerasNames, legacyNames } from '@shared/export/keras/names';
import { kerasNetwork } from '@shared/export/keras/network';
import { decodeSafetensors, encodeSafetensors } from '@shared/formats/safetensors';
import { required } from '@shared/util/assert';
import { largestDifference } from '../../src-main/engine/export-checks/checker';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import { type Reference, referenceOf } from '../engine/keras-exports';
import { exampleModels } from '../shared/export/examples';
import { smallTemplates } from '../shared/small-templates';
import { openPeers, PEERS_TIMEOUT, runPeer } from './peer-python';

interface Case {
  readonly name: string;
  readonly document: GraphDocument;
}

const nodes: readonly Case[] = exampleModels.map(({ definition, document }, index) => ({
  name: `${definition.type}-${index}`,
  document,
}));
const cases = [...smallTemplates, ...nodes];
const formats = [
  { target: 'keras', extension: '.keras', names: kerasNames },
  { target: 'keras-h5', extension: '.h5', names: legacyNames },
] as const;
const runs = cases.flatMap(({ name }) =>
  formats.map(({ target, names }) => ({ name, target, key: `${name}.${target}`, names })),
);
const folder = mkdtempSync(join(tmpdir(), 'layerloom-keras-'));
const references = new Map<string, Reference>();
const differences = new Map<string, number>();

beforeAll(async () => {
  const peers = await openPeers();
  if ('missing' in peers) throw new Error(`Not compared with Keras: ${peers.missing}.`);
  const runtime = await cpuRuntime();
  for (const { name, document } of cases) {
    const reference = await referenceOf(document, runtime);
    references.set(name, reference);
    for (const { target, extension } of formats) write(reference, `${name}.${target}`, target, extension);
  }
  const list = runs.map(({ key, target }) => ({
    name: key,
    file: `${key}${target === 'keras' ? '.keras' : '.h5'}`,
  }));
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(list));
  console.log((await runPeer(peers.python, 'keras_exports.py', [folder])).trim());
}, PEERS_TIMEOUT);
afterAll(() => {
  const largest = [...differences].sort(([, a], [, b]) => b - a).slice(0, 3);
  console.log(`${differences.size} exports; largest differences ${JSON.stringify(largest)}`);
  rmSync(folder, { recursive: true, force: true });
});

function write({ input, images }: Reference, key: string, target: string, extension: string): void {
  const exported = expectOk(required(exportTargetOf(target), target).export(input, {}));
  const parts = required(exported.files[0], 'a file').parts.map((part) => Buffer.from(part));
  writeFileSync(join(folder, `${key}${extension}`), Buffer.concat(parts));
  const tensors = [{ name: 'images', dims: images.dims, values: images.values }];
  writeFileSync(
    join(folder, `${key}.images.safetensors`),
    Buffer.concat(encodeSafetensors({ tensors, metadata: {} })),
  );
}

/** By bytes: a comparison by elements takes minutes for millions of them. */
function isSame(found: Float32Array | undefined, expected: Float32Array): boolean {
  return found !== undefined && bytesOf(found).equals(bytesOf(expected));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

describe.each(runs)('$name as $target', ({ name, key, names }) => {
  it('is loaded with the same weights and says the same', () => {
    const error = join(folder, `${key}.error`);
    if (existsSync(error)) throw new Error(readFileSync(error, 'utf8'));
    const { input, predictions } = required(references.get(name), name);
    const { tensors } = expectOk(decodeSafetensors(readFileSync(join(folder, `${key}.out.safetensors`))));
    const read = new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
    for (const { name: layer, weights } of kerasNetwork(input.model, names).layers) {
      weights.forEach(({ weight }, index) => {
        const own = required(input.weights.get(weight), weight).values;
        expect(isSame(read.get(`${layer}/${index}`), own), weight).toBe(true);
      });
    }
    expect(tensors.length - 1).toBe(input.weights.size);
    const difference = largestDifference(required(read.get('predictions'), 'predictions'), predictions);
    differences.set(key, difference);
    expect(difference).toBeLessThanOrEqual(1e-4);
  });
});
