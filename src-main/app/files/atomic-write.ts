/** Writes a file whole or not at all: a temporary file beside it, flushed, then renamed over it. */
import { randomBytes } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { reasonOf } from './reason';

/** The part of node:fs/promises that a write needs; tests give one whose disk is full. */
export type FileSystem = Pick<
  typeof nodeFiles,
  'open' | 'rename' | 'unlink' | 'realpath' | 'stat' | 'access'
>;

/** On any error the old file is whole, the temporary one is gone, and the problem is `file/cannot-write`. */
export async function writeAtomically(
  path: string,
  text: string,
  files: FileSystem = nodeFiles,
): Promise<Result<void, Problem>> {
  try {
    // Renaming onto a symbolic link would replace the link and leave the file that it names as it was.
    const target = await files.realpath(path).catch(() => path);
    await replace(target, text, files);
    return success(undefined);
  } catch (error) {
    return failure(problem('file/cannot-write', { path, reason: reasonOf(error) }));
  }
}

async function replace(target: string, text: string, files: FileSystem): Promise<void> {
  const mode = await existingMode(target, files);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFlushed(temporary, text, mode, files);
    await files.rename(temporary, target);
  } catch (error) {
    await files.unlink(temporary).catch(() => undefined);
    throw error;
  }
  await flushFolder(dirname(target), files);
}

/** Permissions of the file that is replaced; throws where that may not be written (a rename would not ask). */
async function existingMode(target: string, files: FileSystem): Promise<number> {
  const status = await files.stat(target).catch(() => null);
  if (!status) return 0o666;
  await files.access(target, nodeFiles.constants.W_OK);
  return status.mode & 0o777;
}

async function writeFlushed(path: string, text: string, mode: number, files: FileSystem): Promise<void> {
  const file = await files.open(path, 'wx', mode);
  try {
    await file.writeFile(text, 'utf8');
    // Some disks report that they are full only here.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new name itself last through a power cut; systems that cannot flush a folder refuse harmlessly. */
async function flushFolder(folder: string, files: FileSystem): Promise<void> {
  const handle = await files.open(folder, 'r').catch(() => null);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
