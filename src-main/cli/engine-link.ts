/** An engine process of the command line: forked, configured, and ended with it. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { datasets } from '@shared/datasets';
import { findDatasets } from '@shared/datasets/folders';
import { portOfProcess } from '@shared/ipc/adapters';
import type { CallName, Reply, Request } from '@shared/ipc/contract';
import { type EngineConfiguration, type EngineContract, engineContract } from '@shared/ipc/engine.contract';
import { type Client, connect } from '@shared/ipc/rpc';
import { problem } from '@shared/problems/problem';
import type { Context } from './context';
import { Refusal, valueOrRefusal } from './outcome';

/** Folder by id of the data sets on this machine. */
export function datasetDirectories(): Record<string, string> {
  const places = { environment: process.env, platform: process.platform, home: homedir() };
  return findDatasets(datasets, places, existsSync);
}

export class EngineLink {
  readonly client: Client<EngineContract>;
  /** Exit code of the process, or 128 and the signal's number as shells count. */
  readonly exited: Promise<number>;
  readonly #child: ChildProcess;

  constructor(context: Context, configuration: Omit<EngineConfiguration, 'kind' | 'datasetDirectories'>) {
    this.#child = fork(context.options.engineEntry, [], {
      serialization: 'advanced',
      // What TensorFlow prints is no part of the result.
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      // Ctrl+C reaches the whole process group; the engine is to finish its step first.
      detached: process.platform !== 'win32',
      execArgv: [],
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
      this.#child.once('error', () => resolve(1));
    });
    this.client = connect(engineContract, portOfProcess(this.#child));
    const message: EngineConfiguration = {
      kind: 'configure',
      ...configuration,
      datasetDirectories: datasetDirectories(),
    };
    this.#child.send(message, () => undefined);
  }

  /** The reply of a call, or the end of the command with the reason. */
  async call<N extends CallName<EngineContract>>(
    name: N,
    request: Request<EngineContract, N>,
  ): Promise<Reply<EngineContract, N>> {
    const result = await this.client.call(name, request);
    if (!result.ok && result.error.code === 'ipc/closed') throw new Refusal([await this.death()]);
    return valueOrRefusal(result);
  }

  /** What to say of a process that has ended by itself. */
  async death() {
    return problem('run/engine-died', { exitCode: await this.exited });
  }

  /** Ends the process, and waits until it has gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    this.client.dispose();
    this.#child.kill(signal);
    await this.exited;
  }
}

/** Runs `use` with an engine that is ended afterwards, whatever happens. */
export async function withEngine<T>(
  context: Context,
  configuration: Omit<EngineConfiguration, 'kind' | 'datasetDirectories'>,
  use: (engine: EngineLink) => Promise<T>,
): Promise<T> {
  const engine = new EngineLink(context, configuration);
  try {
    return await use(engine);
  } finally {
    await engine.end();
  }
}
