/** Imports for the window: asks for a file, reads it in an engine process of its own, and remembers where it lies. */
import { basename } from 'node:path';
import type { AppContract } from '@shared/ipc/app.contract';
import type { Reply, Request } from '@shared/ipc/contract';
import type { EngineConfiguration } from '@shared/ipc/engine.contract';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import type { ExportEngine } from '../exports/exports';

export interface ImportServices {
  /** The native dialog; null when the user cancelled. Extensions without their dot. */
  choose(extensions: readonly string[]): Promise<string | null>;
  openEngine(configuration: EngineConfiguration): ExportEngine;
  datasetDirectories(): Record<string, string>;
  readonly chosenFolders: string;
}

/** Longest time that reading a file may take, in milliseconds: a damaged one can keep a library in a loop for ever. */
const READ_LIMIT = 300_000;

type Asked = Request<AppContract, 'importFile'>;
type Answer = Result<Reply<AppContract, 'importFile'>, Problem>;

export class Imports {
  readonly #services: ImportServices;
  /** Paths by number: the page names a file that the user chose by it. */
  readonly #paths = new Map<number, string>();
  #isBusy = false;
  #running: ExportEngine | undefined;

  readonly #readLimit: number;

  constructor(services: ImportServices, readLimit = READ_LIMIT) {
    this.#services = services;
    this.#readLimit = readLimit;
  }

  /** From the question which file, up to its report. A file that cannot be read ends its own process at most. */
  async start(request: Asked): Promise<Answer> {
    if (this.#isBusy) return failure(problem('run/busy'));
    this.#isBusy = true;
    try {
      // Loaded when it is needed: the window is to show soon.
      const [{ importExtensions }, { weightExtensions }] = await Promise.all([
        import('@shared/import'),
        import('@shared/import/read-weights'),
      ]);
      const extensions = [...importExtensions, ...weightExtensions].map(
        (each) => each.split('.').at(-1) ?? '',
      );
      const path = await this.#services.choose([...new Set(extensions)]);
      return path === null ? success(null) : await this.#read(path, request);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Of a file that was imported in this session. */
  pathOf(number: number): string | undefined {
    return this.#paths.get(number);
  }

  /** The app quits. */
  close(): void {
    this.#running?.end();
  }

  async #read(path: string, { document }: Asked): Promise<Answer> {
    const engine = this.#services.openEngine({
      ...{ kind: 'configure', device: 'auto', runDirectory: null, weightsFrom: path },
      datasetDirectories: this.#services.datasetDirectories(),
      chosenFolders: this.#services.chosenFolders,
    });
    this.#running = engine;
    try {
      const read = await this.#readWithin(engine, path);
      if (!read.ok) return failure(await this.#reasonOf(read.error, engine));
      const { network, networkProblem, tensors } = read.value;
      const matched = tensors > 0 ? await engine.client.call('matchImport', { document }) : undefined;
      const id = this.#paths.size + 1;
      this.#paths.set(id, path);
      return success({
        ...{
          id,
          name: basename(path),
          tensors,
          ...(network && { network }),
          ...(networkProblem && { networkProblem }),
        },
        ...(matched?.ok === true && { weights: matched.value.rows }),
        ...(matched?.ok === false && { weightsProblem: matched.error }),
      });
    } finally {
      this.#running = undefined;
      engine.client.dispose();
      engine.end();
      await engine.exited;
    }
  }

  /** The engine's answer; where it takes too long, the engine is ended and that is the answer. */
  async #readWithin(engine: ExportEngine, path: string): ReturnType<typeof engine.client.call<'readImport'>> {
    let isOverdue = false;
    const clock = setTimeout(() => {
      isOverdue = true;
      engine.client.dispose();
    }, this.#readLimit);
    const read = await engine.client.call('readImport', {});
    clearTimeout(clock);
    if (!isOverdue) return read;
    return failure(problem('import/bad-file', { name: basename(path), reason: 'TOO_SLOW' }));
  }

  async #reasonOf(found: Problem, engine: ExportEngine): Promise<Problem> {
    if (found.code !== 'ipc/closed') return found;
    return problem('run/engine-died', { exitCode: await engine.exited });
  }
}
