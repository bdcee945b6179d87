/** The reason of an exception, as an argument for a Problem. */

/** `ENOENT`, `ENOSPC`, ... where the system gave a code, for the catalogue has words for them; else the message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
