/** Exports of every template and every node's examples, loaded by PyTorch: the same weights, the same predictions. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphDocument } from '@shared/document/types';
import { exportTargetOf } from '@shared/export';
import { decodeSafetensors, encodeSafetensors } from '@shared/formats/safetensors';
import { required } from '@shared/util/assert';
import { largestDifference } from '../../src-main/engine/export-checks/checker';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import { type Reference, referenceOf } from '../engine/keras-exports';
import { exampleModels } from '../shared/export/examples';
import { nastyDocument, repeatedDocument } from '../shared/export/python-cases';
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
const others: readonly Case[] = [
  { name: 'nasty-names', document: nastyDocument() },
  { name: 'repeated-blocks', document: repeatedDocument() },
];
const cases = [...smallTemplates, ...nodes, ...others];
const folder = mkdtempSync(join(tmpdir(), 'layerloom-pytorch-'));
const references = new Map<string, Reference>();
const differences = new Map<string, number>();

beforeAll(async () => {
  const peers = await openPeers(['safetensors']);
  if ('missing' in peers) throw new Error(`Not compared with PyTorch: ${peers.missing}.`);
  const runtime = await cpuRuntime();
  for (const { name, document } of cases) {
    const reference = await referenceOf(document, runtime);
    references.set(name, reference);
    write(reference, 'pytorch', join(folder, name));
    write(reference, 'pytorch-script', join(folder, name, 'script'));
    const { dims, values } = reference.images;
    const images = encodeSafetensors({ tensors: [{ name: 'images', dims, values }], metadata: {} });
    writeFileSync(join(folder, name, 'images.safetensors'), Buffer.concat(images));
  }
  console.log((await runPeer(peers.python, 'pytorch_exports.py', [folder])).trim());
}, PEERS_TIMEOUT);
afterAll(() => {
  const largest = [...differences].sort(([, a], [, b]) => b - a).slice(0, 3);
  console.log(`${differences.size} exports; largest differences ${JSON.stringify(largest)}`);
  rmSync(folder, { recursive: true, force: true });
});

function write({ input }: Reference, target: string, path: string): void {
  const { files } = expectOk(required(exportTargetOf(target), target).export(input, {}));
  for (const file of files) {
    const place = join(path, file.path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, Buffer.concat(file.parts.map((part) => Buffer.from(part))));
  }
}

/** By the definition, row by row. */
function softmax(logits: Float32Array, classes: number): Float32Array {
  return logits.map((logit, index) => {
    const row = logits.subarray(index - (index % classes), index - (index % classes) + classes);
    return 1 / row.reduce((sum, other) => sum + Math.exp(other - logit), 0);
  });
}

describe.each(cases)('$name', ({ name }) => {
  it('is loaded by its own code and says the same', () => {
    const error = join(folder, name, 'error');
    if (existsSync(error)) throw new Error(readFileSync(error, 'utf8'));
    const { input, predictions } = required(references.get(name), name);
    const { tensors } = expectOk(decodeSafetensors(readFileSync(join(folder, name, 'out.safetensors'))));
    const logits = required(tensors[0], 'logits').values;
    const difference = largestDifference(softmax(logits, input.model.classes), predictions);
    differences.set(name, difference);
    expect(difference).toBeLessThanOrEqual(1e-4);
  });
});
