/** The image folders that the user chose, in a file that engines of the window look into before they read images. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from '@shared/problems/problem';
import { type Result, success } from '@shared/util/result';
import { writeAtomically } from './atomic-write';

/** Those chosen longest ago are forgotten. */
const MAX_FOLDERS = 200;

const storedPaths = z.array(z.string().min(1));

export class ChosenFolders {
  readonly #store: string;
  readonly #choose: () => Promise<string | null>;

  /** `store` is the JSON file; `choose` the native dialog. */
  constructor(store: string, choose: () => Promise<string | null>) {
    this.#store = store;
    this.#choose = choose;
  }

  /** Asks for a folder; null when the user cancelled. It is in the file before this returns. */
  async choose(): Promise<Result<{ path: string } | null, Problem>> {
    const chosen = await this.#choose();
    if (chosen === null) return success(null);
    const path = resolve(chosen);
    const others = (await this.#read()).filter((other) => other !== path);
    const paths = [path, ...others].slice(0, MAX_FOLDERS);
    const written = await writeAtomically(this.#store, `${JSON.stringify(paths, null, 2)}\n`);
    return written.ok ? success({ path }) : written;
  }

  /** A list that is missing or damaged counts as empty. */
  async #read(): Promise<readonly string[]> {
    try {
      return storedPaths.parse(JSON.parse(await readFile(this.#store, 'utf8')));
    } catch {
      return [];
    }
  }
}
