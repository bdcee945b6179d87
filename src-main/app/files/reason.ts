/** Why the file system refused, as the code that the problem catalogue puts into words. */

/** `ENOENT`, `EACCES`, `ENOSPC`, ... or the message of an error without a code. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
