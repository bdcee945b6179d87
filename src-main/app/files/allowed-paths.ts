/** The paths that the window may write: those that the user opened or saved in this session. */
import { resolve } from 'node:path';

export class AllowedPaths {
  readonly #paths = new Set<string>();

  /** Called only with paths from a dialog, the command line, the system or the list of recent files. */
  allow(path: string): void {
    this.#paths.add(resolve(path));
  }

  isAllowed(path: string): boolean {
    return this.#paths.has(resolve(path));
  }
}
