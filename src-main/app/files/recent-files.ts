/** The documents opened or saved last, newest first, kept in the user's data folder. */
import { access, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './atomic-write';

const MAX_RECENT = 12;

const storedPaths = z.array(z.string().min(1)).transform((paths) => paths.slice(0, MAX_RECENT));

export interface RecentFile {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
}

export class RecentFiles {
  readonly #store: string;
  #paths: readonly string[] | null = null;

  /** `store` is the JSON file; one that is missing or damaged counts as empty. */
  constructor(store: string) {
    this.#store = store;
  }

  /** Those that still exist; the others are forgotten. */
  async list(): Promise<RecentFile[]> {
    const paths = await this.#load();
    const present = await Promise.all(paths.map((path) => exists(path)));
    const kept = paths.filter((_, index) => present[index]);
    if (kept.length < paths.length) await this.#save(kept);
    return kept.map((path) => ({ path, name: basename(path), folder: dirname(path) }));
  }

  async has(path: string): Promise<boolean> {
    return (await this.#load()).includes(resolve(path));
  }

  /** Puts `path` first. */
  async add(path: string): Promise<void> {
    const absolute = resolve(path);
    const others = (await this.#load()).filter((other) => other !== absolute);
    await this.#save([absolute, ...others].slice(0, MAX_RECENT));
  }

  async #load(): Promise<readonly string[]> {
    this.#paths ??= await readStore(this.#store);
    return this.#paths;
  }

  /** A list that cannot be written is kept for this session: losing it is no reason to fail an opened file. */
  async #save(paths: readonly string[]): Promise<void> {
    this.#paths = paths;
    await writeAtomically(this.#store, `${JSON.stringify(paths, null, 2)}\n`);
  }
}

async function readStore(store: string): Promise<readonly string[]> {
  try {
    const parsed = storedPaths.safeParse(JSON.parse(await readFile(store, 'utf8')));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
