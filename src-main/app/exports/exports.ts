/** Exports for the window: asks where to, and runs each in an engine process of its own, which may write there only. */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AnyTarget } from '@shared/export/target';
import type { AppContract } from '@shared/ipc/app.contract';
import type { Reply, Request } from '@shared/ipc/contract';
import type { EngineConfiguration, EngineContract } from '@shared/ipc/engine.contract';
import type { ExportProgress } from '@shared/ipc/export-messages';
import type { Client } from '@shared/ipc/rpc';
import { type Problem, problem } from '@shared/problems/problem';
import type { Locale } from '@shared/texts/text';
import { failure, type Result, success } from '@shared/util/result';
import { AllowedPaths } from '../files/allowed-paths';

/** An engine that was forked for one export. */
export interface ExportEngine {
  readonly client: Client<EngineContract>;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number>;
  end(): void;
}

export interface ExportServices {
  /** The native dialog; null when the user cancelled. `extension` is absent for folders. */
  choose(suggestedName: string, extension: string | undefined): Promise<string | null>;
  openEngine(configuration: EngineConfiguration): ExportEngine;
  /** Folder of the run that this engine trained. */
  runFolder(engine: number): string | undefined;
  datasetDirectories(): Record<string, string>;
  /** The file that lists the image folders which the user chose. */
  readonly chosenFolders: string;
  locale(): Locale;
  onProgress(progress: ExportProgress): void;
  /** Opens the system's file manager. */
  reveal(path: string): void;
}

type Asked = Request<AppContract, 'exportModel'>;
type Answer = Result<Reply<AppContract, 'exportModel'>, Problem>;

interface Running {
  readonly staging: string;
  readonly engine: ExportEngine;
}

export class Exports {
  readonly #services: ExportServices;
  readonly #written = new AllowedPaths();
  #isBusy = false;
  #running: Running | undefined;

  constructor(services: ExportServices) {
    this.#services = services;
  }

  /** From the question where to, up to the files in their place. */
  async start(request: Asked): Promise<Answer> {
    // Loaded when it is needed: the window is to show soon.
    const { anyTargetOf, allTargets } = await import('@shared/export');
    const target = anyTargetOf(request.target);
    if (target === undefined) {
      const known = allTargets.map(({ id }) => id).join(', ');
      return failure(problem('export/unknown-target', { target: request.target, known }));
    }
    const runDirectory = this.#runDirectory(request);
    if (runDirectory === undefined) return failure(problem('run/nothing-trained'));
    if (this.#isBusy) return failure(problem('run/busy'));
    this.#isBusy = true;
    try {
      const place = await this.#choose(target, request.name);
      if (place === null) return success(null);
      return await this.#run(request, place, runDirectory);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Ends the export that is running, if one is; its answer then says so. */
  async cancel(): Promise<void> {
    await this.#running?.engine.client.call('cancelExport', {});
  }

  /** Only what was exported in this session. */
  show(path: string): Result<true, Problem> {
    if (!this.#written.isAllowed(path)) return failure(problem('file/not-allowed', { path }));
    this.#services.reveal(path);
    return success(true);
  }

  /** The app quits: nothing half-written is left. */
  close(): void {
    if (this.#running === undefined) return;
    this.#running.engine.end();
    rmSync(this.#running.staging, { recursive: true, force: true });
  }

  /** Null where no run is asked for, undefined where there is none. */
  #runDirectory({ source }: Asked): string | null | undefined {
    return source.kind === 'run' ? this.#services.runFolder(source.engine) : null;
  }

  async #choose({ output }: AnyTarget, name: string): Promise<Place | null> {
    const extension = output.kind === 'file' ? output.extension : undefined;
    // The page proposes a name, never a folder.
    const suggested = `${basename(name).replace(/\.loom$/, '')}${extension ?? ''}`;
    const chosen = await this.#services.choose(suggested, extension);
    if (chosen === null) return null;
    const isNamed = extension === undefined || chosen.toLowerCase().endsWith(extension);
    const path = isNamed ? chosen : `${chosen}${extension}`;
    // The dialog asked about overwriting `chosen` only.
    return { path, overwrite: isNamed || !existsSync(path) };
  }

  async #run(request: Asked, { path, overwrite }: Place, runDirectory: string | null): Promise<Answer> {
    const staging = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
    const engine = this.#services.openEngine({
      ...{ kind: 'configure', device: 'auto', runDirectory },
      datasetDirectories: this.#services.datasetDirectories(),
      chosenFolders: this.#services.chosenFolders,
      exportTo: { path, staging, overwrite },
    });
    this.#running = { staging, engine };
    engine.client.on('exportProgress', (progress) => this.#services.onProgress(progress));
    try {
      const reply = await engine.client.call('exportModel', {
        ...{ target: request.target, options: request.options, check: request.check },
        source: request.source.kind === 'run' ? { kind: 'run' } : request.source,
        name: request.name.replace(/\.loom$/, ''),
        locale: this.#services.locale(),
        ...(request.selection && { selection: request.selection }),
      });
      if (!reply.ok && reply.error.code === 'ipc/closed') {
        return failure(problem('run/engine-died', { exitCode: await engine.exited }));
      }
      if (reply.ok && reply.value.kind === 'written') this.#written.allow(path);
      return reply;
    } finally {
      this.#running = undefined;
      engine.client.dispose();
      engine.end();
      await engine.exited;
      // Of an engine that died while writing.
      await rm(staging, { recursive: true, force: true });
    }
  }
}

interface Place {
  readonly path: string;
  readonly overwrite: boolean;
}
