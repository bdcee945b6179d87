/** A Python environment with PyTorch and Keras, made on demand in the user's cache folder, for comparisons with them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { userCache } from '@shared/datasets/folders';

const execute = promisify(execFile);

/** Keras computes on PyTorch here: no second large library is needed. */
const always = ['torch', 'keras'];
const environment = { ...process.env, KERAS_BACKEND: 'torch' };
const MINUTE = 60_000;

/** Downloading and unpacking PyTorch takes minutes; a test that may come first waits for it. */
export const PEERS_TIMEOUT = 20 * MINUTE;

export type Peers = { readonly python: string } | { readonly missing: string };

/**
 * The environment named by `LAYERLOOM_PEERS`, or `peers` in the user's cache folder; where it lacks the packages, they
 * are installed through pip as it is configured. `missing` says why there is none; `LAYERLOOM_PEERS=none` asks for none.
 * `more` are packages that only some comparisons need.
 */
export async function openPeers(more: readonly string[] = []): Promise<Peers> {
  const packages = [...always, ...more];
  const places = { environment: process.env, platform: process.platform, home: homedir() };
  const named = process.env['LAYERLOOM_PEERS'];
  if (named === 'none') return { missing: 'LAYERLOOM_PEERS is none' };
  const folder = named || join(userCache(places), 'peers');
  const python =
    process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  if (await hasPackages(python, packages)) return { python };
  try {
    if (!existsSync(python)) await execute(systemPython(), ['-m', 'venv', folder], { timeout: 5 * MINUTE });
    const install = ['-m', 'pip', 'install', '--quiet', '--retries', '1', ...packages];
    await execute(python, install, { timeout: PEERS_TIMEOUT - 5 * MINUTE });
  } catch (error) {
    return { missing: `${packages.join(' and ')} cannot be installed in ${folder}: ${lastLine(error)}` };
  }
  return (await hasPackages(python, packages))
    ? { python }
    : { missing: `${packages.join(' or ')} fails to load in ${folder}` };
}

/** Runs a script of tests/peers and gives what it printed. */
export async function runPeer(python: string, script: string, args: readonly string[]): Promise<string> {
  const path = join(import.meta.dirname, '..', 'peers', script);
  const { stdout } = await execute(python, [path, ...args], { env: environment, timeout: PEERS_TIMEOUT });
  return stdout;
}

function systemPython(): string {
  return process.platform === 'win32' ? 'python' : 'python3';
}

async function hasPackages(python: string, packages: readonly string[]): Promise<boolean> {
  if (!existsSync(python)) return false;
  return execute(python, ['-c', `import ${packages.join(', ')}`], {
    env: environment,
    timeout: 5 * MINUTE,
  }).then(
    () => true,
    () => false,
  );
}

function lastLine(error: unknown): string {
  const text =
    error instanceof Error
      ? ('stderr' in error && String(error.stderr).trim()) || error.message
      : String(error);
  return text.split('\n').at(-1) ?? text;
}
