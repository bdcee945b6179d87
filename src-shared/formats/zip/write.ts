/** Zip archives of stored entries: weights hardly compress, and readers take them as they lie. */
import { Zip, ZipPassThrough } from 'fflate/browser';
import { utf8Bytes } from '../bytes';

export interface ZipEntry {
  readonly path: string;
  readonly parts: readonly (Uint8Array | string)[];
}

/** The earliest time that the format knows: the same contents give the same bytes. */
const TIME = new Date(1980, 0, 1);

/** The archive in parts; what is large is not copied. Together less than 4 GB. */
export function encodeZip(entries: readonly ZipEntry[]): readonly Uint8Array[] {
  const written: Uint8Array[] = [];
  const archive = new Zip((error, data) => {
    if (error) throw error;
    written.push(data);
  });
  for (const { path, parts } of entries) {
    const entry = new ZipPassThrough(path);
    entry.mtime = TIME;
    archive.add(entry);
    for (const part of parts) entry.push(typeof part === 'string' ? utf8Bytes(part) : part);
    entry.push(new Uint8Array(0), true);
  }
  archive.end();
  return written;
}
