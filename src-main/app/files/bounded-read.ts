/** Reads a document file: regular files only, of bounded size, as UTF-8. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { MAX_DOCUMENT_BYTES } from '@shared/document/types';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { reasonOf } from './reason';

/** The text of a document file; `file/cannot-read`, `file/too-large` or `file/not-json` otherwise. */
export async function readDocumentFile(
  path: string,
  limit: number = MAX_DOCUMENT_BYTES,
): Promise<Result<string, Problem>> {
  try {
    // Without O_NONBLOCK a named pipe would keep the call waiting for a writer.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readHandle(file, path, limit);
    } finally {
      await file.close();
    }
  } catch (error) {
    return failure(problem('file/cannot-read', { path, reason: reasonOf(error) }));
  }
}

async function readHandle(file: FileHandle, path: string, limit: number): Promise<Result<string, Problem>> {
  const status = await file.stat();
  if (!status.isFile()) {
    const reason = status.isDirectory() ? 'EISDIR' : 'NOT_A_FILE';
    return failure(problem('file/cannot-read', { path, reason }));
  }
  if (status.size > limit) return failure(problem('file/too-large', { size: status.size, limit }));
  // The size may lie (files of /proc say 0) or grow meanwhile, so the read itself is bounded too.
  const bytes = await readAtMost(file, limit + 1);
  if (bytes.length > limit) return failure(problem('file/too-large', { size: bytes.length, limit }));
  try {
    return success(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return failure(problem('file/not-json', { reason: 'NOT_UTF8' }));
  }
}

async function readAtMost(file: FileHandle, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < limit) {
    const chunk = Buffer.alloc(Math.min(1 << 20, limit - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
}
