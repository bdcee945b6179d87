/** Opens and saves documents for the window: dialogs, and only paths that the user chose. */
import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { FileContent, OpenedFile } from '@shared/ipc/app.contract';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { AllowedPaths } from './allowed-paths';
import { writeAtomically } from './atomic-write';
import { readDocumentFile } from './bounded-read';
import type { RecentFiles } from './recent-files';

const EXTENSION = '.loom';

/** The native dialogs; null when the user cancelled. */
export interface FileDialogs {
  chooseToOpen(): Promise<string | null>;
  chooseToSave(suggestedName: string): Promise<string | null>;
}

export interface SavedFile {
  readonly path: string;
  readonly name: string;
}

export interface SaveRequest {
  /** Null asks for one. */
  readonly path: string | null;
  readonly suggestedName: string;
  readonly text: string;
  readonly content: FileContent;
}

export class DocumentFiles {
  readonly #allowed = new AllowedPaths();
  readonly #recent: RecentFiles;
  readonly #dialogs: FileDialogs;

  constructor(recent: RecentFiles, dialogs: FileDialogs) {
    this.#recent = recent;
    this.#dialogs = dialogs;
  }

  /** Asks for a file and reads it. */
  async openWithDialog(content: FileContent): Promise<Result<OpenedFile | null, Problem>> {
    const path = await this.#dialogs.chooseToOpen();
    return path === null ? success(null) : this.openChosen(path, content);
  }

  /** Reads a recent file, and no other. */
  async openRecent(path: string): Promise<Result<OpenedFile, Problem>> {
    if (!(await this.#recent.has(path))) return failure(problem('file/not-allowed', { path }));
    return this.openChosen(path);
  }

  /** Reads a file that the user named outside the page: in a dialog, on the command line or in the file manager. */
  async openChosen(path: string, content: FileContent = 'document'): Promise<Result<OpenedFile, Problem>> {
    const read = await readDocumentFile(path);
    if (!read.ok) return read;
    await this.#remember(path, content);
    return success({ path, name: basename(path), text: read.value });
  }

  /** Writes to `path`, or asks for one where it is null; null when the user cancelled. */
  async save({
    path,
    suggestedName,
    text,
    content,
  }: SaveRequest): Promise<Result<SavedFile | null, Problem>> {
    if (path !== null && !this.#allowed.isAllowed(path))
      return failure(problem('file/not-allowed', { path }));
    const target = path ?? (await this.#chooseTarget(suggestedName));
    if (target === null) return success(null);
    const written = await writeAtomically(target, text);
    if (!written.ok) return written;
    await this.#remember(target, content);
    return success({ path: target, name: basename(target) });
  }

  async #chooseTarget(suggestedName: string): Promise<string | null> {
    // The page proposes a name, never a folder.
    const chosen = await this.#dialogs.chooseToSave(withExtension(basename(suggestedName)));
    if (chosen === null) return null;
    const named = withExtension(chosen);
    // The dialog asked about overwriting `chosen` only: a file that bears the longer name must not be lost.
    return named !== chosen && existsSync(named) ? chosen : named;
  }

  /** Only what can be opened as a document stands among the recent ones and may be written again without asking. */
  async #remember(path: string, content: FileContent): Promise<void> {
    if (content !== 'document') return;
    this.#allowed.allow(path);
    await this.#recent.add(path);
  }
}

function withExtension(path: string): string {
  return extname(path) === '' ? `${path}${EXTENSION}` : path;
}
