/** SavedModels in Python: TensorFlow loads the folder and predicts what our session predicts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import savedmodel from '@shared/export/savedmodel';
import { encodeSafetensors } from '@shared/formats/safetensors';
import { templateOf } from '@shared/templates';
import { required } from '@shared/util/assert';
import { ExportFolder } from '../engine/export-support';
import { cpuRuntime, expectOk } from '../engine/graph-session';
import { referenceOf } from '../engine/keras-exports';
import { openPeers, PEERS_TIMEOUT, runPeer } from './peer-python';

const folder = new ExportFolder();
afterAll(() => folder.remove());
const networks = ['lenet', 'lenet-bn', 'googlenet', 'resnet-18', 'densenet'];

it(
  'TensorFlow loads and runs them',
  async () => {
    const peers = await openPeers();
    if ('missing' in peers) throw new Error(`Not compared with TensorFlow: ${peers.missing}.`);
    for (const id of networks) {
      const document = required(templateOf(id), id).create(
        id.startsWith('lenet') ? {} : { input: [96, 96, 1] },
      );
      const { input, images, predictions } = await referenceOf(document, await cpuRuntime());
      const { files } = expectOk(savedmodel.export(input, {}));
      mkdirSync(folder.path(id));
      for (const { path, parts } of files) {
        writeFileSync(join(folder.path(id), path), Buffer.concat(parts.map((part) => Buffer.from(part))));
      }
      const count = required(images.dims[0], 'a batch');
      const tensors = [
        { name: 'images', dims: [...images.dims], values: images.values },
        { name: 'predictions', dims: [count, predictions.length / count], values: predictions },
      ];
      const expected = encodeSafetensors({ tensors, metadata: {} });
      writeFileSync(folder.path(`${id}.safetensors`), Buffer.concat(expected));
    }
    const printed = await runPeer(peers.python, 'savedmodel_exports.py', [folder.root]);
    const found = JSON.parse(required(printed.trim().split('\n').at(-1), 'a line')) as {
      tensorflow: string;
      differences: Record<string, number>;
    };
    console.log(found);
    expect(Object.keys(found.differences).sort()).toEqual([...networks].sort());
    for (const [id, difference] of Object.entries(found.differences))
      expect(difference, id).toBeLessThan(1e-4);
  },
  PEERS_TIMEOUT,
);
