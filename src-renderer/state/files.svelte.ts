/** Opening, saving and closing: the path of the document, the unsaved-changes question, and what went wrong. */
import { parseDocument } from '@shared/document/parse';
import { serialiseDocument } from '@shared/document/serialise';
import type { GraphDocument } from '@shared/document/types';
import type { OpenedFile } from '@shared/ipc/app.contract';
import type { Bridge } from '@shared/ipc/bridge';
import type { Problem } from '@shared/problems/problem';
import { templateOf, type TemplateOptions } from '@shared/templates';
import { appTexts } from '@shared/texts/app';
import { freshDocument } from '../editing/fresh-document';
import type { DocumentState } from './documents.svelte';
import type { InterfaceState, UnsavedAnswer } from './interface.svelte';
import type { PreferencesState } from './preferences.svelte';

interface Parts {
  readonly bridge: Bridge;
  readonly documents: DocumentState;
  readonly presentDatasets: () => ReadonlySet<string>;
  readonly interface: InterfaceState;
  readonly preferences: PreferencesState;
  /** Called when another document took the place of the old one. */
  readonly onReplaced: () => void;
}

export class FileState {
  readonly #parts: Parts;
  /** Where the next save goes; null means that it asks. */
  path = $state.raw<string | null>(null);
  #name = $state.raw<string | null>(null);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Shown in the top bar and the window's title. */
  get name(): string {
    return this.#name ?? this.#parts.preferences.text(appTexts.untitled);
  }

  /**
   * A fresh document from a template, or an empty one for `empty`, on a data set or on that of the template; asks about
   * changes first.
   */
  async create(template: string, options: TemplateOptions = {}, dataset?: string): Promise<void> {
    if (!(await this.#mayReplace())) return;
    const fresh = freshDocument(template, this.#parts.presentDatasets(), options);
    const training = { ...fresh.training, ...(dataset !== undefined && { dataset }) };
    const document = { ...fresh, training };
    this.#replace(document, null, templateOf(template) === undefined ? null : `${template}.loom`);
  }

  async open(): Promise<void> {
    if (!(await this.#mayReplace())) return;
    const result = await this.#parts.bridge.calls.openFile({ content: 'document' });
    if (!result.ok) this.#fail(result.error);
    else if (result.value !== null) this.load(result.value);
  }

  async openRecent(path: string): Promise<void> {
    if (!(await this.#mayReplace())) return;
    const result = await this.#parts.bridge.calls.openRecent({ path });
    if (result.ok) this.load(result.value);
    else this.#fail(result.error);
  }

  /** A file that the system handed over: asked about like any other. */
  async openHanded(file: OpenedFile): Promise<void> {
    if (await this.#mayReplace()) this.load(file);
  }

  /** Takes the file's document if it can be read; else says why, and leaves the open document alone. */
  load(file: OpenedFile): boolean {
    const parsed = parseDocument(file.text);
    if (!parsed.ok) {
      this.#parts.interface.open({ kind: 'refused', name: file.name, problem: parsed.error });
      return false;
    }
    const { document, repairs } = parsed.value;
    // A repaired document must not overwrite the file that it came from without a question.
    this.#replace(document, repairs.length === 0 ? file.path : null, file.name);
    if (repairs.length > 0) this.#parts.interface.open({ kind: 'repaired', name: file.name, repairs });
    else this.#notify(appTexts.opened, file.name);
    return true;
  }

  /** A document that was made of another program's file; it has no path yet. False when the user kept the open one. */
  async openImported(document: GraphDocument, name: string): Promise<boolean> {
    if (!(await this.#mayReplace())) return false;
    this.#replace(document, null, name);
    return true;
  }

  /** True once the document is on disk. */
  async save(asNew = false): Promise<boolean> {
    const { bridge, documents } = this.#parts;
    const text = serialiseDocument(documents.document);
    const point = documents.savePoint();
    const suggestedName = withExtension(this.name);
    const path = asNew ? null : this.path;
    const result = await bridge.calls.saveFile({ path, suggestedName, text, content: 'document' });
    if (!result.ok) {
      this.#parts.interface.open({ kind: 'failed', title: 'notSavedTitle', problem: result.error });
      return false;
    }
    if (result.value === null) return false;
    this.path = result.value.path;
    this.#name = result.value.name;
    documents.markSaved(point);
    this.#notify(appTexts.saved, result.value.name);
    return true;
  }

  /** Closes the window, after the question where there are changes. */
  async closeWindow(): Promise<void> {
    if (await this.#mayReplace()) await this.#parts.bridge.calls.closeWindow({});
  }

  async #mayReplace(): Promise<boolean> {
    if (!this.#parts.documents.isDirty) return true;
    const answer = await new Promise<UnsavedAnswer>((resolve) => {
      this.#parts.interface.open({ kind: 'unsaved', answer: resolve });
    });
    this.#parts.interface.close();
    if (answer === 'save') return this.save();
    return answer === 'discard';
  }

  #replace(document: GraphDocument, path: string | null, name: string | null): void {
    this.#parts.documents.open(document);
    this.path = path;
    this.#name = name;
    this.#parts.interface.close();
    this.#parts.onReplaced();
  }

  #notify(text: typeof appTexts.saved | typeof appTexts.opened, name: string): void {
    this.#parts.interface.notify(this.#parts.preferences.text(text, { name }));
  }

  #fail(problem: Problem): void {
    this.#parts.interface.open({ kind: 'failed', title: 'failedTitle', problem });
  }
}

function withExtension(name: string): string {
  return name.endsWith('.loom') ? name : `${name}.loom`;
}
