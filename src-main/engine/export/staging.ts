/** Writes an export beside its target and puts it in its place as a whole: nothing half-written is ever left. */
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AnyTarget, ExportedFile } from '@shared/export/target';
import type { EngineConfiguration } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import { invariant, required } from '@shared/util/assert';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';

type Place = NonNullable<EngineConfiguration['exportTo']>;

/** Written in pieces of this many bytes, between which a cancel is heard. */
const PIECE = 16 * 1024 * 1024;

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

export interface WriteHooks {
  readonly isCancelled: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
}

export class Staging {
  readonly #place: Place;
  readonly #isFolder: boolean;

  constructor(place: Place, output: AnyTarget['output']) {
    this.#place = place;
    this.#isFolder = output.kind === 'folder';
  }

  /** Where a file of the export lies until it is put in its place. */
  pathOf(file: string): string {
    return join(this.#place.staging, file);
  }

  /** Why the target cannot be written, as far as can be said before the work; undefined where it can. */
  async obstacle(): Promise<Problem | undefined> {
    const { path, overwrite } = this.#place;
    const status = await stat(path).catch(() => undefined);
    if (status === undefined) return undefined;
    if (this.#isFolder) {
      const isEmpty = status.isDirectory() && (await readdir(path)).length === 0;
      return isEmpty ? undefined : problem('export/folder-not-empty', { path });
    }
    if (status.isDirectory()) return problem('file/cannot-write', { path, reason: 'EISDIR' });
    return overwrite ? undefined : problem('export/file-exists', { path });
  }

  /** Writes all files to the staging folder; undefined when it was cancelled. */
  async write(
    files: readonly ExportedFile[],
    hooks: WriteHooks,
  ): Promise<Result<readonly WrittenFile[] | undefined, Problem>> {
    this.#checkPaths(files);
    const sizes = files.map(({ parts }) => parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    let done = 0;
    const wrote = (bytes: number) => hooks.onProgress((done += bytes), total);
    try {
      await mkdir(this.#place.staging);
      for (const { path, parts } of files) {
        await mkdir(dirname(this.pathOf(path)), { recursive: true });
        if (!(await writeParts(this.pathOf(path), parts, hooks, wrote))) return success(undefined);
      }
      return success(files.map(({ path }, index) => ({ path, bytes: required(sizes[index], 'a size') })));
    } catch (error) {
      return failure(this.#cannotWrite(error));
    }
  }

  /** Renames what was written. The file that bears the target's name comes last: with it everything is there. */
  async commit(files: readonly ExportedFile[]): Promise<Result<true, Problem>> {
    const { path, staging } = this.#place;
    try {
      if (this.#isFolder) {
        await rmdir(path).catch((error: unknown) => {
          if (reasonOf(error) !== 'ENOENT') throw error;
        });
        await rename(staging, path);
        return success(true);
      }
      return await this.#placeFiles([...files].reverse().map((file) => file.path));
    } catch (error) {
      return failure(this.#cannotWrite(error));
    } finally {
      await this.discard();
    }
  }

  /** All of them or none: where one cannot be placed, those before it make room again for what was there. */
  async #placeFiles(names: readonly string[]): Promise<Result<true, Problem>> {
    const { path, overwrite } = this.#place;
    const targetOf = (name: string) => join(dirname(path), name);
    for (const name of names) {
      if (!overwrite && (await exists(targetOf(name)))) {
        return failure(problem('export/file-exists', { path: targetOf(name) }));
      }
    }
    const undo: (() => Promise<void>)[] = [];
    try {
      for (const name of names) {
        const [target, former] = [targetOf(name), this.pathOf(`${name}.former`)];
        // Not a folder, which a file must not take the place of.
        if (overwrite && (await stat(target).catch(() => undefined))?.isFile() === true) {
          await rename(target, former);
          undo.push(() => rename(former, target));
        }
        await rename(this.pathOf(name), target);
        undo.push(() => rm(target));
      }
      return success(true);
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  /** Takes away whatever was written and is not in its place. */
  async discard(): Promise<void> {
    await rm(this.#place.staging, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Mistakes of ours: exporters make these paths of their own names and of harmless identifiers. */
  #checkPaths(files: readonly ExportedFile[]): void {
    const own = basename(this.#place.path);
    const paths = files.map(({ path }) => path);
    invariant(paths.length > 0 && new Set(paths).size === paths.length, `files ${paths.join(', ')}`);
    for (const path of paths) {
      const isPlain = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
      invariant(this.#isFolder ? isPlain && !/[\\:\0]/.test(path) : path.startsWith(own), `file ${path}`);
      invariant(this.#isFolder || !/[\\/\0]/.test(path.slice(own.length)), `file ${path}`);
    }
    invariant(this.#isFolder || paths[0] === own, `the first file is ${paths[0]}, not ${own}`);
  }

  #cannotWrite(error: unknown): Problem {
    return problem('file/cannot-write', { path: this.#place.path, reason: reasonOf(error) });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** False when it was cancelled. */
async function writeParts(
  path: string,
  parts: ExportedFile['parts'],
  { isCancelled }: WriteHooks,
  wrote: (bytes: number) => void,
): Promise<boolean> {
  const file = await open(path, 'wx');
  try {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      for (let start = 0; start < bytes.byteLength; start += PIECE) {
        if (isCancelled()) return false;
        const piece = bytes.subarray(start, start + PIECE);
        await file.writeFile(piece);
        wrote(piece.byteLength);
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return !isCancelled();
}
