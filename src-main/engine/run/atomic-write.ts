/** Writes a file so that its name only ever stands for a whole one. */
import { open, rename, rm } from 'node:fs/promises';
import { problem, type Problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';

/** The parts, one after another: to a temporary file beside it, flushed to the disk, then renamed. */
export async function writeAtomically(
  path: string,
  parts: readonly (Uint8Array | string)[],
): Promise<Result<true, Problem>> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return success(true);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return failure(problem('file/cannot-write', { path, reason: reasonOf(error) }));
  }
}
