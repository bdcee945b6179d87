/** PyTorch training scripts, written and run for tests, and their lines compared. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { MetricRecord } from '@shared/run/metrics';
import { required } from '@shared/util/assert';
import { exported, ExportFolder } from '../engine/export-support';
import { datasetDirectories } from '../engine/support';
import { openPeers, runPython } from './peer-python';

/** Images to train on. */
export const LIMIT = 300;
/** What runs a script in two processes on this machine. */
export const twoProcesses = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2'];

export class PytorchScripts {
  readonly folder = new ExportFolder();
  #python = '';

  async open(): Promise<void> {
    const peers = await openPeers(['safetensors']);
    if ('missing' in peers) throw new Error(`Not compared with PyTorch: ${peers.missing}.`);
    this.#python = peers.python;
  }

  /** Exports network and script, with the weights that our own run begins with. */
  async write(name: string, document: string): Promise<string> {
    const path = this.folder.path(`${name}-script`);
    await exported({ target: 'pytorch-script', document, path });
    await exported({ target: 'pytorch', document, path: this.folder.path(`${name}-model`), check: true });
    return path;
  }

  /** Options that begin with these weights. */
  initial(name: string): readonly string[] {
    return ['--weights', join(this.folder.path(`${name}-model`), 'weights.safetensors')];
  }

  /** Runs the script; the lines that it printed. */
  async train(
    name: string,
    run: string,
    args: readonly string[] = [],
    launcher: readonly string[] = [],
  ): Promise<readonly MetricRecord[]> {
    const data = required(datasetDirectories['mnist'], 'MNIST');
    const script = join(this.folder.path(`${name}-script`), 'train.py');
    const given = ['--data', data, '--output', run, '--limit', String(LIMIT), '--device', 'cpu', ...args];
    const output = await runPython(this.#python, [...launcher, script, ...given]);
    const lines = output.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as MetricRecord);
  }
}

export const stepsIn = (lines: readonly MetricRecord[]) => lines.filter((each) => each.event === 'step');
export const epochsIn = (lines: readonly MetricRecord[]) =>
  lines.flatMap((each) => {
    if (each.event !== 'epoch') return [];
    const { seconds: _seconds, samplesPerSecond: _speed, ...record } = each;
    return [record];
  });

const entriesOf = (record: object): readonly (readonly [string, unknown])[] => Object.entries(record);

export interface Difference {
  /** Of losses and rates. */
  readonly losses: number;
  /** Of shares of right answers. */
  readonly shares: number;
}

/** One image that is answered otherwise, in the smallest batch: 300 images leave one of 44. */
const ONE_ANSWER = 1.1 / 44;

export function expectWithin({ losses, shares }: Difference, bound: number): void {
  expect(losses).toBeLessThan(bound);
  expect(shares).toBeLessThan(ONE_ANSWER);
}

/** The largest differences of numbers under the same names. */
export function difference(a: readonly object[], b: readonly object[]): Difference {
  expect(a.map((each) => Object.keys(each))).toEqual(b.map((each) => Object.keys(each)));
  const largest = { losses: 0, shares: 0 };
  for (const [index, record] of a.entries()) {
    const others = new Map(entriesOf(b[index] ?? {}));
    for (const [key, value] of entriesOf(record)) {
      const other = others.get(key);
      if (typeof value !== 'number' || typeof other !== 'number') continue;
      const kind = /accuracy|topK/i.test(key) ? 'shares' : 'losses';
      largest[kind] = Math.max(largest[kind], Math.abs(value - other));
    }
  }
  return largest;
}

/** What a checkpoint holds: its library writes metadata in another order each time. */
export function checkpointOf(path: string) {
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE());
  const head: unknown = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'));
  return { head, values: bytes.subarray(8 + length).toString('base64') };
}
