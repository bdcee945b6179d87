/** Decoded images on disk, in the user's cache: rows of bytes in one file, found again by what they were made from. */
import { createHash, randomBytes } from 'node:crypto';
import {
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FolderListing } from './listing';

/** Goes up when the same file would give other bytes. */
const FORMAT = 1;
const files = { index: 'index.json', rows: 'rows.bin' } as const;
/** Left free on the disk. */
const MARGIN_BYTES = 1024 ** 3;
/** What a process that died has left behind is removed after this long, in ms. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

const badImages = z.array(z.object({ row: z.number().int().nonnegative(), reason: z.string() }));
const cacheIndex = z.object({
  format: z.literal(FORMAT),
  /** Whether the rows are kept; else only which images cannot be read is known. */
  hasRows: z.boolean(),
  bad: badImages,
});

export type BadImages = z.infer<typeof badImages>;

export interface CacheLimits {
  /** Of all entries together, in bytes. */
  readonly cacheBytes: number;
}

/** What is known of the images of a folder in one size. */
export interface CacheEntry {
  /** Path of the file of rows; null where they are not kept. */
  readonly rows: string | null;
  readonly bad: BadImages;
}

/** An entry on its way; `finish` puts it in its place. */
export interface NewEntry {
  readonly rows: string | null;
  finish(bad: BadImages): Promise<CacheEntry>;
  discard(): Promise<unknown>;
}

export class ImageCache {
  readonly #folder: string;
  readonly #limits: CacheLimits;

  /** `folder` need not exist yet. */
  constructor(folder: string, limits: CacheLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** The entry of that key, if it is whole: `rowBytes` are those of all rows together. */
  async find(key: string, rowBytes: number): Promise<CacheEntry | undefined> {
    const entry = join(this.#folder, key);
    const index = join(entry, files.index);
    const rows = join(entry, files.rows);
    try {
      const { hasRows, bad } = cacheIndex.parse(JSON.parse(await readFile(index, 'utf8')));
      if (hasRows && (await stat(rows)).size !== rowBytes) return undefined;
      // Used last: kept longest.
      await utimes(index, new Date(), new Date());
      return { rows: hasRows ? rows : null, bad };
    } catch {
      return undefined;
    }
  }

  /** Room for `rowBytes`, taken from the entries that were used longest ago; without rows where there is none. */
  async create(key: string, rowBytes: number): Promise<NewEntry> {
    const partial = join(this.#folder, `${key}.${randomBytes(6).toString('hex')}.tmp`);
    const discard = () => rm(partial, { recursive: true, force: true }).catch(() => undefined);
    try {
      const rows = await this.#prepare(partial, rowBytes);
      return { rows, discard, finish: (bad) => this.#finish(key, partial, rows !== null, bad) };
    } catch {
      // A cache that cannot be written is no reason not to train.
      await discard();
      return { rows: null, discard, finish: (bad) => Promise.resolve({ rows: null, bad }) };
    }
  }

  /** Path of the empty file of rows. */
  async #prepare(partial: string, rowBytes: number): Promise<string | null> {
    await mkdir(partial, { recursive: true });
    await this.#removeAbandoned();
    if (!(await this.#makeRoom(rowBytes))) return null;
    const rows = join(partial, files.rows);
    await allocate(rows, rowBytes);
    return rows;
  }

  async #finish(key: string, partial: string, hasRows: boolean, bad: BadImages): Promise<CacheEntry> {
    const entry = join(this.#folder, key);
    const rowsIn = (folder: string) => (hasRows ? join(folder, files.rows) : null);
    try {
      const index = { format: FORMAT, hasRows, bad };
      await writeFile(join(partial, files.index), `${JSON.stringify(index)}\n`);
      // What is there already is damaged or has no rows; another process may have been faster.
      await rm(entry, { recursive: true, force: true });
      await rename(partial, entry);
      return { rows: rowsIn(entry), bad };
    } catch {
      return { rows: rowsIn(partial), bad };
    }
  }

  async #makeRoom(bytes: number): Promise<boolean> {
    const { cacheBytes } = this.#limits;
    if (bytes > cacheBytes) return false;
    const entries = await this.#entries();
    let total = entries.reduce((sum, entry) => sum + entry.bytes, bytes);
    for (const { name, bytes: freed } of entries.sort((a, b) => a.used - b.used)) {
      if (total <= cacheBytes && (await this.#hasSpace(bytes))) break;
      await rm(join(this.#folder, name), { recursive: true, force: true }).catch(() => undefined);
      total -= freed;
    }
    return this.#hasSpace(bytes);
  }

  async #hasSpace(bytes: number): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize >= bytes + MARGIN_BYTES;
  }

  async #entries(): Promise<{ name: string; bytes: number; used: number }[]> {
    const names = (await readdir(this.#folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    return Promise.all(
      names.map(async (name) => {
        const bytes = await stat(join(this.#folder, name, files.rows)).then(
          ({ size }) => size,
          () => 0,
        );
        const used = await stat(join(this.#folder, name, files.index)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        );
        return { name, bytes, used };
      }),
    );
  }

  async #removeAbandoned(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith('.tmp')) continue;
      const path = join(this.#folder, name);
      const changed = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      );
      if (Date.now() - changed > ABANDONED_MS) await rm(path, { recursive: true, force: true });
    }
  }
}

async function allocate(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.truncate(bytes);
  } finally {
    await file.close();
  }
}

/** Names what the rows of a folder are made from: where it lies, every file with size and time, and the size of images. */
export async function cacheKey(
  { path, files: images }: FolderListing,
  input: readonly number[],
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([FORMAT, await realpath(path), input]));
  for (const { path: file, bytes, modified } of images) hash.update(JSON.stringify([file, bytes, modified]));
  return hash.digest('hex');
}

/** Says whether a folder holds the same images, wherever it lies: every file's path and size. */
export function fingerprintOf({ files: images }: FolderListing): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of images) hash.update(JSON.stringify([path, bytes]));
  return hash.digest('hex');
}
