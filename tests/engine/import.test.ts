/** Files of other programs and weights in the engine: read, put onto networks, kept as runs, trained on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import { exportTargetOf } from '@shared/export';
import { decodeSafetensors, encodeSafetensors } from '@shared/formats/safetensors';
import { required } from '@shared/util/assert';
import { randomInput } from '../shared/export/random-weights';
import { exportedFiles } from '../shared/import/round-trip';
import { lenetDocument, Listener, must, openEngine, TestFolders } from './support';

const folders = new TestFolders();
afterAll(() => folders.remove());
/** LeNet, its weights as safetensors, and the same as a Keras file. */
const text = lenetDocument({ batchSize: 64 });
const document = must(parseDocument(text)).document;
const input = randomInput(document, 'lenet');
const file = (name: string) => join(folders.root, name);

beforeAll(() => {
  for (const [target, name] of [
    ['safetensors', 'lenet.safetensors'],
    ['npz', 'lenet.npz'],
    ['keras', 'lenet.keras'],
  ] as const) {
    const { files } = must(required(exportTargetOf(target), target).export(input, {}));
    const parts = required(files[0], 'a file').parts.map((part) => Buffer.from(part));
    writeFileSync(file(name), Buffer.concat(parts));
  }
  for (const modelKind of ['layers', 'graph']) {
    mkdirSync(file(modelKind));
    for (const [name, bytes] of exportedFiles('tfjs', input, { modelKind })) {
      writeFileSync(join(file(modelKind), name), bytes);
    }
  }
});

/** The document with another number of units in one layer, which no other layer's size depends on but the next. */
function edited(): string {
  const nodes = Object.values(document.nodes).map((node) =>
    node.type === 'Dense' && node.params['units'] === 84
      ? { ...node, params: { ...node.params, units: 80 } }
      : node,
  );
  return serialiseDocument({ ...document, nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) });
}

const names = (rows: readonly { weight: string; outcome: string }[], outcome: string) =>
  rows.filter((row) => row.outcome === outcome).map(({ weight }) => weight);

async function newest(run: string) {
  const [name = ''] = await readdir(join(run, 'checkpoints'));
  return must(decodeSafetensors(await readFile(join(run, 'checkpoints', name))));
}

it('a file with a network is read with its report, a file of weights as weights', async () => {
  const engine = await openEngine({ weightsFrom: file('lenet.keras') });
  const { network, tensors } = must(await engine.call('readImport', {}));
  expect(tensors).toBe(input.weights.size);
  expect(new Set(network?.rows.map(({ outcome }) => outcome))).toEqual(new Set(['taken']));
  expect(parseDocument(network?.document ?? '').ok).toBe(true);
  const other = await openEngine({ weightsFrom: file('lenet.npz') });
  expect(must(await other.call('readImport', {}))).toEqual({ tensors: input.weights.size });
});

const tfjsFiles = ['layers/model.json', 'graph/model.json'];

it.each(['lenet.safetensors', 'lenet.npz', 'lenet.keras', ...tfjsFiles])(
  '%s becomes a run of the document',
  async (name) => {
    const run = folders.next();
    const engine = await openEngine({ weightsFrom: file(name), runDirectory: run });
    const { rows, problem } = must(await engine.call('takeImport', { document: text, isOfFile: false }));
    expect(problem).toBeUndefined();
    expect(names(rows, 'kept')).toEqual([...input.weights.keys()]);
    const { tensors } = await newest(run);
    for (const [weight, { values }] of input.weights) {
      expect(tensors.find((tensor) => tensor.name === weight)?.values, weight).toEqual(values);
    }
    // What evaluates it is what was written.
    const { samples, loss } = must(await engine.call('evaluate', {}));
    expect(samples).toBe(10_000);
    const again = await openEngine({ runDirectory: run });
    must(await again.call('restore', {}));
    expect(must(await again.call('evaluate', {})).loss).toBe(loss);
  },
);

it('of an edited network what still fits is kept, and the rest is listed', async () => {
  const run = folders.next();
  const engine = await openEngine({ weightsFrom: file('lenet.safetensors'), runDirectory: run });
  const { rows } = must(await engine.call('matchImport', { document: edited() }));
  const [first = '', second = ''] = Object.values(document.nodes)
    .filter(({ type, params }) => type === 'Dense' && params['units'] !== 120)
    .map(({ id }) => id);
  expect(names(rows, 'misfit').sort()).toEqual([`${first}/bias`, `${first}/kernel`, `${second}/kernel`]);
  expect(names(rows, 'kept')).toHaveLength(input.weights.size - 3);
  must(await engine.call('takeImport', { document: edited(), isOfFile: false }));
  const { tensors } = await newest(run);
  expect(tensors.find(({ name }) => name === `${first}/kernel`)?.dims).toEqual([120, 80]);
});

it('training begins with them', async () => {
  const run = folders.next();
  const taken = await openEngine({ weightsFrom: file('lenet.safetensors'), runDirectory: run });
  must(await taken.call('takeImport', { document: text, isOfFile: false }));
  const { loss } = must(await taken.call('evaluate', {}));
  const engine = await openEngine({ weightsFrom: run });
  const listener = new Listener(engine);
  // Steps too small to change anything: the weights are still the same at the end.
  const still = lenetDocument({ batchSize: 64, optimizer: 'sgd', learningRate: 1e-9 });
  const { startWeights } = must(
    await engine.call('train', { document: still, limit: 64, startsFromWeights: true }),
  );
  expect(startWeights).toEqual({ kept: input.weights.size, total: input.weights.size });
  expect((await listener.ended).state).toBe('done');
  expect(required(listener.epochs[0], 'an epoch').valLoss).toBeCloseTo(loss, 4);
});

it('of a graph model of others the weights are read, and why its network is not', async () => {
  const weights = [{ name: 'net/stranger/Conv2D/ReadVariableOp', shape: [2], dtype: 'float32' }];
  const graph = { modelTopology: { node: [] }, weightsManifest: [{ paths: ['w.bin'], weights }] };
  await mkdir(file('others'));
  writeFileSync(file('others/model.json'), JSON.stringify(graph));
  writeFileSync(file('others/w.bin'), new Uint8Array(8));
  const engine = await openEngine({ weightsFrom: file('others/model.json') });
  expect(must(await engine.call('readImport', {}))).toMatchObject({
    tensors: 1,
    networkProblem: { code: 'import/graph-model' },
  });
  const { rows } = must(await engine.call('matchImport', { document: text }));
  expect(rows.at(-1)).toEqual({ weight: 'stranger/kernel', outcome: 'unused', fileDims: [2] });
});

it('files that fit nowhere, are damaged or no files make no run', async () => {
  const stranger = [{ name: 'x/kernel', dims: [2], values: Float32Array.of(1, 2) }];
  const whole = Buffer.concat(encodeSafetensors({ tensors: stranger, metadata: {} }));
  writeFileSync(file('stranger.safetensors'), whole);
  writeFileSync(file('cut.safetensors'), whole.subarray(0, whole.length - 3));
  writeFileSync(file('cut.npz'), (await readFile(file('lenet.npz'))).subarray(0, 5000));
  await mkdir(file('folder.keras'));
  for (const [name, code, reason] of [
    ['stranger.safetensors', 'import/nothing-fits', undefined],
    ['cut.safetensors', 'import/bad-file', 'DAMAGED'],
    ['cut.npz', 'import/bad-file', 'DAMAGED'],
    ['folder.keras', 'run/not-a-run', 'NO_CHECKPOINT'],
    ['absent.keras', 'file/cannot-read', 'ENOENT'],
  ] as const) {
    const run = folders.next();
    const engine = await openEngine({ weightsFrom: file(name), runDirectory: run });
    const reply = await engine.call('takeImport', { document: text, isOfFile: false });
    expect(reply, name).toMatchObject({ ok: false, error: { code, args: reason ? { reason } : {} } });
    await expect(readdir(run)).rejects.toThrow('ENOENT');
  }
});
