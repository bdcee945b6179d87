/** Runs the built command line as a script would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

export const repository = resolve(import.meta.dirname, '../../..');
const program = join(repository, 'scripts/layerloom.js');

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A running command line; `lines` is what it has printed so far. */
export class RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<Outcome>;
  #out = '';
  #error = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    if (!existsSync(join(repository, 'out/main/cli.js'))) throw new Error('Run npm run build first.');
    this.process = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, LAYERLOOM_LOCALE: 'en', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.#out += chunk.toString('utf8')));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.#error += chunk.toString('utf8')));
    this.ended = new Promise((done, fail) => {
      this.process.once('error', fail);
      this.process.once('close', (code) => done({ code, out: this.#out, error: this.#error }));
    });
  }

  /** Resolves as soon as the output holds `text`; rejects when the program ends without it. */
  async printed(text: string): Promise<void> {
    let hasEnded = false;
    void this.ended.then(() => (hasEnded = true));
    while (!this.#out.includes(text)) {
      if (hasEnded) throw new Error(`ended without printing ${text}: ${this.#out}${this.#error}`);
      await new Promise((next) => setTimeout(next, 20));
    }
  }
}

export async function runCli(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return new RunningCli(args, env).ended;
}

/** One JSON object per line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A folder for the tests of a file; the function names a path in it. */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layerloom-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}
