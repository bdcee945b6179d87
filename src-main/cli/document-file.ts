/** Documents as files of the command line. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { parseDocument } from '@shared/document/parse';
import { type GraphDocument, MAX_DOCUMENT_BYTES } from '@shared/document/types';
import { problem } from '@shared/problems/problem';
import type { Context } from './context';
import { Refusal, valueOrRefusal } from './outcome';

/** The document of a file; what was mended is said, what cannot be read ends the command with exit code 2. */
export async function readDocument(context: Context, path: string): Promise<GraphDocument> {
  const { document, repairs } = valueOrRefusal(parseDocument(await readText(path)));
  for (const repair of repairs) context.report(repair);
  return document;
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_DOCUMENT_BYTES) {
      throw new Refusal([problem('file/too-large', { size, limit: MAX_DOCUMENT_BYTES })]);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = systemReason(error);
    throw new Refusal([
      reason === undefined
        ? problem('file/not-json', { reason: 'NOT_UTF8' })
        : problem('file/cannot-read', { path, reason }),
    ]);
  }
}

/** Writes a new file; one that exists is refused unless it may be overwritten. */
export async function writeDocument(
  context: Context,
  path: string,
  text: string,
  isForced: boolean,
): Promise<void> {
  try {
    // `wx` refuses an existing file in the same step as it creates one.
    await writeFile(path, text, { flag: isForced ? 'w' : 'wx' });
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'EEXIST') throw context.misuse('fileExists', { path });
    if (reason === undefined) throw error;
    throw new Refusal([problem('file/cannot-write', { path, reason })]);
  }
}

/** `ENOENT`, ...; undefined for an error that is not the file system's. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
