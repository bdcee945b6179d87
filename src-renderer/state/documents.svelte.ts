/** The open document and all that is derived from it: analysis, settings, and why training cannot start. */
import { createAnalyser } from '@shared/compile/analyse';
import type { Analysis } from '@shared/compile/analysis';
import type { Command } from '@shared/document/commands';
import { emptyDocument } from '@shared/document/create';
import type { DocumentDiff } from '@shared/document/diff';
import { DocumentStore, type SavePoint } from '@shared/document/store';
import type { GraphDocument } from '@shared/document/types';
import type { Problem } from '@shared/problems/problem';
import { classFixes } from '@shared/training/class-fixes';
import { type Precision, precisionNames } from '@shared/training/precision';
import { parseTraining, trainingProblems } from '@shared/training/settings';
import type { Result } from '@shared/util/result';
import type { FoldersState } from './folders.svelte';

/** Several changes that become one step of the history, or none. */
export interface Gesture {
  /** Joins what was done so far into one step; more may follow and joins it too. */
  squash(): void;
  /** Undoes what was done, leaving no trace. */
  bail(): void;
}

export class DocumentState {
  readonly #store: DocumentStore;
  readonly #folders: FoldersState;
  readonly #analyse = createAnalyser();
  /** False from a change that matters to the analysis until the next refresh. */
  #isAnalysed = false;
  document = $state.raw<GraphDocument>(emptyDocument());
  analysis = $state.raw<Analysis>(this.#analyse(this.document));
  canUndo = $state(false);
  canRedo = $state(false);
  isDirty = $state(false);
  /** What the device can do; all, until an engine has said it. */
  possiblePrecisions = $state.raw<readonly Precision[]>(precisionNames);
  readonly settings = $derived(parseTraining(this.document.training).settings);
  readonly folder = $derived.by(() => this.#folders.folderOf(this.settings));
  readonly #trainingProblems: readonly Problem[] = $derived.by(() => {
    const { dataset } = this.settings;
    const known = { folder: this.folder, possible: this.possiblePrecisions };
    const found = trainingProblems(this.analysis, this.document.training, known);
    const ofFolder = this.#folders.problemsOf(dataset).map((each) => ({ ...each, param: 'dataset' }));
    return [...found.map((each) => this.#withClassFixes(each)), ...ofFolder];
  });
  /** Everything that keeps the network from being trained. */
  readonly startProblems: readonly Problem[] = $derived(this.#trainingProblems.filter(isError));
  /** Of graph and settings, each once, errors first. */
  readonly problems: readonly Problem[] = $derived.by(() => {
    const beyondGraph = this.#trainingProblems.filter(({ code }) => code !== 'run/graph-has-problems');
    const all = [...this.analysis.problems, ...beyondGraph];
    return [...all.filter(isError), ...all.filter((problem) => !isError(problem))];
  });
  /** Of the training settings alone. */
  readonly settingProblems: readonly Problem[] = $derived(
    this.#trainingProblems.filter(({ node, param }) => node === undefined && param !== undefined),
  );
  readonly errorCount = $derived(this.problems.filter(isError).length);
  readonly warningCount = $derived(this.problems.length - this.errorCount);

  constructor(document: GraphDocument, folders: FoldersState) {
    this.#folders = folders;
    this.#store = new DocumentStore(document);
    this.#store.onChange.on((diff) => (this.#isAnalysed &&= isMoveOnly(diff)));
    this.#refresh();
  }

  /** The network may be given an output for each class with one press. */
  #withClassFixes(found: Problem): Problem {
    if (found.code !== 'data/classes-mismatch') return found;
    const fixes = classFixes(this.document, Number(found.args['classes']));
    return fixes.length === 0 ? found : { ...found, fixes };
  }

  /** A refused command leaves the document as it was; its problem is for the caller to show. */
  execute(command: Command): Result<DocumentDiff, Problem> {
    const result = this.#store.execute(command);
    if (result.ok) this.#refresh();
    return result;
  }

  undo(): void {
    this.#store.undo();
    this.#refresh();
  }

  redo(): void {
    this.#store.redo();
    this.#refresh();
  }

  startGesture(): Gesture {
    const mark = this.#store.mark();
    return {
      squash: () => {
        this.#store.squashToMark(mark);
        this.#refresh();
      },
      bail: () => {
        this.#store.bailToMark(mark);
        this.#refresh();
      },
    };
  }

  /** Another document, without a history. */
  open(document: GraphDocument): void {
    this.#store.reset(document);
    this.#refresh();
  }

  /** The state as it is now, to be marked when its text is on disk: the user may edit on while it is written. */
  savePoint(): SavePoint {
    return this.#store.savePoint();
  }

  markSaved(point: SavePoint): void {
    this.#store.markSaved(point);
    this.#refresh();
  }

  #refresh(): void {
    const store = this.#store;
    this.document = store.document;
    if (!this.#isAnalysed) this.analysis = this.#analyse(store.document);
    this.#isAnalysed = true;
    this.canUndo = store.canUndo;
    this.canRedo = store.canRedo;
    this.isDirty = store.isDirty;
  }
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}

/** Moving nodes about changes nothing that the analysis looks at. */
function isMoveOnly({ nodes, wires, blocks, training }: DocumentDiff): boolean {
  const isEmpty = (record: Readonly<Record<string, unknown>>) => Object.keys(record).length === 0;
  const isUntouched = [
    ...[nodes.added, nodes.removed],
    ...[wires, blocks].flatMap(({ added, updated, removed }) => [added, updated, removed]),
  ].every(isEmpty);
  return (
    isUntouched &&
    training === undefined &&
    Object.values(nodes.updated).every(
      ([from, to]) => from.params === to.params && from.name === to.name && from.type === to.type,
    )
  );
}
