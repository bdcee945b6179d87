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
import { type Problem, problem } from '@shared/problems/problem';
import type { Context } from './context';
import { Refusal, valueOrRefusal } from './outcome';

/** Characters of the engine's output that are kept. */
const MAX_OUTPUT = 4000;

/** Folder by id of the data sets on this machine. */
export function datasetDirectories(): Record<string, string> {
  const places = { environment: process.env, platform: process.platform, home: homedir() };
  return findDatasets(datasets, places, existsSync);
}

/** What is left to the command. */
type OwnConfiguration = Omit<EngineConfiguration, 'kind' | 'datasetDirectories' | 'chosenFolders'>;

export class EngineLink {
  readonly client: Client<EngineContract>;
  /** Exit code of the process, or 128 and the signal's number as shells count. */
  readonly exited: Promise<number>;
  readonly #child: ChildProcess;
  readonly #context: Context;
  /** The end of what the engine and TensorFlow printed: noise, until the process dies. */
  #output = '';
  #isEnding = false;

  constructor(context: Context, configuration: OwnConfiguration) {
    this.#context = context;
    this.#child = fork(context.options.engineEntry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
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
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#keep(chunk.toString('utf8')));
    }
    this.client = connect(engineContract, portOfProcess(this.#child, setImmediate));
    const message: EngineConfiguration = {
      kind: 'configure',
      ...configuration,
      datasetDirectories: datasetDirectories(),
      // Whoever types a command names what it is to read.
      chosenFolders: null,
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

  /** Waits until the process has ended by itself, shows its last words and says so. */
  async death(): Promise<Problem> {
    const exitCode = await this.exited;
    if (!this.#isEnding && this.#output !== '') this.#context.say(this.#output.trimEnd());
    this.#output = '';
    return problem('run/engine-died', { exitCode });
  }

  #keep(text: string): void {
    this.#output = `${this.#output}${text}`.slice(-MAX_OUTPUT);
  }

  /** Ends the process, and waits until it has gone. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.client.dispose();
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

/** Runs `use` with an engine that is ended afterwards, whatever happens. */
export async function withEngine<T>(
  context: Context,
  configuration: OwnConfiguration,
  use: (engine: EngineLink) => Promise<T>,
): Promise<T> {
  const engine = new EngineLink(context, configuration);
  try {
    return await use(engine);
  } finally {
    await engine.end();
  }
}
