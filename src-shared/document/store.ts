/** The open document with its history: every edit goes through here, and every edit can be undone. */
import type { Problem } from '../problems/problem';
import { Emitter } from '../util/emitter';
import type { Result } from '../util/result';
import { applyCommand } from './apply';
import type { Command } from './commands';
import { applyDiff, diffDocuments, invertDiff, isEmptyDiff, type DocumentDiff } from './diff';
import type { GraphDocument } from './types';

/** A place in the history at which a document can be saved. */
export interface SavePoint {
  /** The last step before it; undefined where there is none. */
  readonly step: DocumentDiff | undefined;
}

/**
 * History consists of diffs and knows nothing of commands. A gesture takes a mark when it begins, executes as it goes
 * on, and ends with squash (one step) or bail (as if it had not been).
 */
export class DocumentStore {
  /** Every change of the document, undo, redo and reset included, after it is done. */
  readonly onChange = new Emitter<DocumentDiff>();
  #document: GraphDocument;
  readonly #undo: DocumentDiff[] = [];
  readonly #redo: DocumentDiff[] = [];
  #saved: SavePoint = { step: undefined };

  constructor(document: GraphDocument) {
    this.#document = document;
  }

  get document(): GraphDocument {
    return this.#document;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Whether the document differs from what was saved or opened; undoing the edits makes it false again. */
  get isDirty(): boolean {
    return this.#undo.at(-1) !== this.#saved.step;
  }

  /** Carries the command out as one step; one that changes nothing leaves no step. */
  execute(command: Command): Result<DocumentDiff, Problem> {
    const result = applyCommand(this.#document, command);
    if (result.ok && !isEmptyDiff(result.value)) {
      this.#undo.push(result.value);
      this.#redo.length = 0;
      this.#change(result.value);
    }
    return result;
  }

  /** Takes the last step back; nothing where there is none. */
  undo(): void {
    const step = this.#undo.pop();
    if (step === undefined) return;
    this.#redo.push(step);
    this.#change(invertDiff(step));
  }

  /** Does the step that was taken back last again; nothing where there is none. */
  redo(): void {
    const step = this.#redo.pop();
    if (step === undefined) return;
    this.#undo.push(step);
    this.#change(step);
  }

  /** The present place in the history, for `squashToMark` or `bailToMark`. */
  mark(): number {
    return this.#undo.length;
  }

  /** Makes one step of all since the mark, or none where they cancel out. */
  squashToMark(mark: number): void {
    const steps = this.#undo.slice(mark);
    if (steps.length < 2) return;
    const before = steps.reduceRight(
      (document, step) => applyDiff(document, invertDiff(step)),
      this.#document,
    );
    const whole = diffDocuments(before, this.#document);
    this.#undo.length = mark;
    if (!isEmptyDiff(whole)) this.#undo.push(whole);
  }

  /** Takes back all steps since the mark; they cannot be redone. */
  bailToMark(mark: number): void {
    while (this.#undo.length > mark) {
      const step = this.#undo.pop();
      if (step !== undefined) this.#change(invertDiff(step));
    }
  }

  /** To be taken together with the text to save: the user may edit while the file is being written. */
  savePoint(): SavePoint {
    return { step: this.#undo.at(-1) };
  }

  /** Says that the document as it was at that point, or is now, stands in the file. */
  markSaved(point: SavePoint = this.savePoint()): void {
    this.#saved = point;
  }

  /** Takes up another document, saved as it is and without a history. */
  reset(document: GraphDocument): void {
    const diff = diffDocuments(this.#document, document);
    this.#document = document;
    this.#undo.length = 0;
    this.#redo.length = 0;
    this.#saved = this.savePoint();
    this.onChange.emit(diff);
  }

  #change(diff: DocumentDiff): void {
    this.#document = applyDiff(this.#document, diff);
    this.onChange.emit(diff);
  }
}
