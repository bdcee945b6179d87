/** Looks at this machine: which builds of TensorFlow are installed, and which devices answer. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { userCache } from '@shared/datasets/folders';
import { findAddon } from './binding';
import type { Installation, Machine } from './device';

const DRIVER_ANSWER_MS = 10_000;

const manifest = z.object({ version: z.string() });

export async function inspectMachine(): Promise<Machine> {
  const cache = userCache({ environment: process.env, platform: process.platform, home: homedir() });
  return {
    cpuBuild: installed('tfjs-node', bundledPackage()),
    gpuBuild: installed(
      'tfjs-node-gpu',
      join(cache, 'tensorflow-gpu', 'node_modules', '@tensorflow', 'tfjs-node-gpu'),
    ),
    gpus: await nvidiaDevices(),
    processor: cpus()[0]?.model.trim() ?? process.arch,
  };
}

function bundledPackage(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return undefined;
  }
}

function installed(
  runtime: Installation['runtime'],
  directory: string | undefined,
): Installation | undefined {
  if (directory === undefined) return undefined;
  const addon = findAddon(directory);
  if (addon === undefined) return undefined;
  const { version } = manifest.parse(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')));
  return { runtime, addon, version };
}

/** `nvidia-smi` is asked only where a driver is, for it may take seconds. */
async function nvidiaDevices(): Promise<readonly string[]> {
  const hasDriver =
    process.platform === 'win32' ||
    (process.platform === 'linux' &&
      (existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl')));
  if (!hasDriver) return [];
  return new Promise((resolve) => {
    execFile('nvidia-smi', ['-L'], { timeout: DRIVER_ANSWER_MS }, (error, output) => {
      resolve(error === null ? deviceNames(output) : []);
    });
  });
}

/** Lines such as `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-...)`. */
export function deviceNames(listing: string): readonly string[] {
  return [...listing.matchAll(/^GPU \d+: (.+?)(?: \(UUID: .*\))?\s*$/gm)].map((match) => match[1] ?? '');
}
