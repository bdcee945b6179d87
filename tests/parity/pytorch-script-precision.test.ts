/** PyTorch training scripts in 16 bits: near to float32 and not the same, on several processes, stopped and resumed. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_SCALE } from '@shared/compile/loss-scaling';
import type { MetricRecord } from '@shared/run/metrics';
import { lenetDocument, Listener, must, openEngine } from '../engine/support';
import { PEERS_TIMEOUT } from './peer-python';
import {
  checkpointOf,
  difference,
  epochsIn,
  LIMIT,
  PytorchScripts,
  stepsIn,
  twoProcesses,
} from './pytorch-scripts';

const scripts = new PytorchScripts();
const { folder } = scripts;
beforeAll(() => scripts.open(), PEERS_TIMEOUT);
afterAll(() => folder.remove());

const settings = { epochs: 2, optimizer: 'adam', learningRate: 0.001 };
/** The processor refuses fp16 unless this runs the script. */
const anyDevice = [join(import.meta.dirname, '..', 'peers', 'any_device.py')];
const launchers = { bf16: [], fp16: anyDevice } as const;

/** Losses of our own steps in fp32. */
async function ownLosses(): Promise<readonly number[]> {
  const client = await openEngine();
  const listener = new Listener(client);
  must(await client.call('train', { document: lenetDocument(settings), limit: LIMIT }));
  expect(await listener.ended).toEqual({ state: 'done' });
  return listener.losses;
}

const lossesOf = (lines: readonly MetricRecord[]): readonly number[] =>
  stepsIn(lines).map(({ loss }) => loss);

describe.each(['bf16', 'fp16'] as const)('%s', (precision) => {
  const document = lenetDocument({ ...settings, precision });
  const launcher = launchers[precision];

  it(
    'takes steps near to those of fp32, keeps weights in float32, and goes on as if it had never stopped',
    async () => {
      const name = `${precision}-alone`;
      await scripts.write(name, document);
      const whole = folder.path(`${precision}-whole`);
      const lines = await scripts.train(name, whole, scripts.initial(name), launcher);
      expect(lines[0]).toMatchObject({ precision });
      const own = await ownLosses();
      const distances = lossesOf(lines).map((loss, step) => Math.abs(loss - (own[step] ?? NaN)));
      console.log(`${precision}: ${distances.join(', ')}`);
      expect(distances).toHaveLength(10);
      expect(Math.max(...distances)).toBeLessThan(0.03);
      // Float32 differs by far less, where it is only computed in another order.
      expect(Math.max(...distances)).toBeGreaterThan(1e-5);
      const run = folder.path(`${precision}-stopped`);
      const last = 'checkpoints/epoch-2.safetensors';
      cpSync(whole, run, { recursive: true });
      rmSync(join(run, last));
      const rest = await scripts.train(name, run, ['--resume'], launcher);
      expect(lossesOf(rest)).toEqual(lossesOf(lines).slice(5));
      const kept = checkpointOf(join(whole, last));
      expect(checkpointOf(join(run, last))).toEqual(kept);
      const head = JSON.stringify(kept.head);
      expect(head).not.toMatch(/"(?:BF16|F16)"/);
      if (precision === 'fp16') expect(head).toContain(`scale\\": ${FIRST_SCALE}.0`);
    },
    PEERS_TIMEOUT,
  );

  it(
    'trains under torchrun on two processes as on one',
    async () => {
      const name = `${precision}-torchrun`;
      await scripts.write(name, lenetDocument({ ...settings, epochs: 1, precision }));
      const [one, two] = [folder.path(`${precision}-one`), folder.path(`${precision}-two`)];
      const alone = await scripts.train(name, one, scripts.initial(name), launcher);
      const both = await scripts.train(name, two, scripts.initial(name), [...twoProcesses, ...launcher]);
      expect(both[0]).toMatchObject({ processes: 2, totalSteps: 5 });
      const steps = difference(stepsIn(both), stepsIn(alone));
      console.log(`${precision}, two processes: ${JSON.stringify(steps)}`);
      const epochs = difference(epochsIn(both), epochsIn(alone));
      expect(Math.max(steps.losses, epochs.losses)).toBeLessThan(1e-2);
      // Three answers of the 44 images in the smallest batch: rounding turns close ones.
      expect(Math.max(steps.shares, epochs.shares)).toBeLessThan(3.1 / 44);
    },
    PEERS_TIMEOUT,
  );
});

it(
  'fp16 is refused without a GPU, before anything is written',
  async () => {
    await scripts.write('refused', lenetDocument({ ...settings, precision: 'fp16' }));
    const run = folder.path('refused-run');
    await expect(scripts.train('refused', run)).rejects.toThrow('needs an NVIDIA GPU with CUDA');
    expect(existsSync(run)).toBe(false);
  },
  PEERS_TIMEOUT,
);
