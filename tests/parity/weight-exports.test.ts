/** Weights as NPZ and safetensors, read in Python: NumPy finds every array as the other file has it. */
import { afterAll, expect, it } from 'vitest';
import { ExportFolder, exported } from '../engine/export-support';
import { lenetDocument } from '../engine/support';
import { openPeers, PEERS_TIMEOUT, runPeer } from './peer-python';

const folder = new ExportFolder();
afterAll(() => folder.remove());

it(
  'NumPy reads the archive as it was written',
  async () => {
    const peers = await openPeers();
    if ('missing' in peers) throw new Error(`Not compared with NumPy: ${peers.missing}.`);
    const document = lenetDocument({}, 'lenet-bn');
    await exported({ target: 'npz', document, path: folder.path('weights.npz') });
    await exported({ target: 'safetensors', document, path: folder.path('weights.safetensors') });
    const found: unknown = JSON.parse(await runPeer(peers.python, 'weight_exports.py', [folder.root]));
    console.log(found);
    expect(found).toMatchObject({ difference: 0, about: { model: 'test', input_shape: '[28,28,1]' } });
    expect((found as { names: string[] }).names).toHaveLength(26);
  },
  PEERS_TIMEOUT,
);
