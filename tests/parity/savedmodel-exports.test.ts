/** SavedModels in Python: TensorFlow loads the folder, predicts what our session predicts, and trains as our program does. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import savedmodel from '@shared/export/savedmodel';
import { encodeSafetensors } from '@shared/formats/safetensors';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { ExportFolder } from '../engine/export-support';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import { lossesOf, type Reference, referenceOf } from '../engine/keras-exports';
import { openPeers, PEERS_TIMEOUT, runPeer, tensorflow } from './peer-python';

const folder = new ExportFolder();
afterAll(() => folder.remove());
const networks = ['lenet', 'lenet-bn', 'googlenet', 'resnet-18', 'densenet'];

/** Each with another optimiser; rates at which the loss of three images falls. */
const trained: Readonly<
  Record<string, { readonly optimizer: string; readonly learningRate: number } | undefined>
> = {
  lenet: { optimizer: 'adam', learningRate: 0.002 },
  'lenet-bn': { optimizer: 'momentum', learningRate: 0.01 },
};
const STEPS = 8;
const labels = [1, 0, 2];

interface Found {
  readonly tensorflow: string;
  readonly differences: Readonly<Record<string, number>>;
  readonly trained: Readonly<
    Record<string, { readonly difference: number; readonly first: number; readonly last: number }>
  >;
}

async function write(id: string): Promise<void> {
  const runtime = await cpuRuntime();
  const made = required(templateOf(id), id).create(id.startsWith('lenet') ? {} : { input: [96, 96, 1] });
  const document = { ...made, training: { ...made.training, ...trained[id] } };
  const reference = await referenceOf(document, runtime);
  const trainingStep = trained[id] !== undefined;
  const { files } = expectOk(savedmodel.export(reference.input, { trainingStep }));
  mkdirSync(folder.path(id));
  for (const { path, parts } of files) {
    writeFileSync(join(folder.path(id), path), Buffer.concat(parts.map((part) => Buffer.from(part))));
  }
  const losses = trainingStep ? await lossesOf(reference, labels, STEPS, runtime) : undefined;
  const expected = encodeSafetensors({ tensors: tensorsOf(reference, losses), metadata: {} });
  writeFileSync(folder.path(`${id}.safetensors`), Buffer.concat(expected));
}

function tensorsOf({ images, predictions }: Reference, losses: readonly number[] | undefined) {
  const count = required(images.dims[0], 'a batch');
  const row = (name: string, values: readonly number[]) => ({
    name,
    dims: [values.length],
    values: Float32Array.from(values),
  });
  return [
    { name: 'images', dims: [...images.dims], values: images.values },
    { name: 'predictions', dims: [count, predictions.length / count], values: predictions },
    ...(losses ? [row('labels', labels), row('losses', losses)] : []),
  ];
}

it(
  'TensorFlow loads, runs and trains them',
  async ({ skip }) => {
    const peers = await openPeers([tensorflow]);
    if ('missing' in peers) return skip(`Not compared with TensorFlow: ${peers.missing}.`);
    for (const id of networks) await write(id);
    const printed = await runPeer(peers.python, 'savedmodel_exports.py', [folder.root]);
    const found = JSON.parse(required(printed.trim().split('\n').at(-1), 'a line')) as Found;
    console.log(JSON.stringify(found));
    expect(Object.keys(found.differences).sort()).toEqual([...networks].sort());
    for (const [id, difference] of Object.entries(found.differences))
      expect(difference, id).toBeLessThan(1e-4);
    expect(Object.keys(found.trained).sort()).toEqual(Object.keys(trained).sort());
    for (const [id, { difference, first, last }] of Object.entries(found.trained)) {
      expect(difference, id).toBeLessThan(1e-3);
      expect(last, id).toBeLessThan(first);
    }
  },
  PEERS_TIMEOUT,
);
