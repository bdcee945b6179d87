/** Image folders that the window knows of: what is in them, asked from an engine, and the dialog that chooses one. */
import {
  type ImageFolder,
  type ImageFolderFacts,
  imageFolderOf,
  isFolderPath,
} from '@shared/datasets/image-folder';
import type { Problem } from '@shared/problems/problem';
import type { TrainingSettings } from '@shared/training/schema';

/** What a look into a folder gave. */
export type Looked =
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly facts: ImageFolderFacts }
  | { readonly kind: 'refused'; readonly problem: Problem };

export class FoldersState {
  #known = $state.raw<ReadonlyMap<string, Looked>>(new Map());

  /** Undefined for built-in data sets, and before the first look. */
  of(dataset: string): Looked | undefined {
    return this.#known.get(dataset);
  }

  /** As a run would see it. */
  folderOf({ dataset, testShare }: TrainingSettings): ImageFolder | undefined {
    const looked = this.of(dataset);
    return looked?.kind === 'found' ? imageFolderOf(looked.facts, testShare) : undefined;
  }

  /** What is wrong with the folder of a data set, and what was left out of it. */
  problemsOf(dataset: string): readonly Problem[] {
    const looked = this.of(dataset);
    if (looked === undefined || looked.kind === 'looking') return [];
    return looked.kind === 'found' ? looked.facts.problems : [looked.problem];
  }

  /** Whether a data set is a folder that was not looked at yet. */
  isUnknown(dataset: string): boolean {
    return isFolderPath(dataset) && !this.#known.has(dataset);
  }

  forget(path: string): void {
    const known = new Map(this.#known);
    known.delete(path);
    this.#known = known;
  }

  set(path: string, looked: Looked): void {
    this.#known = new Map(this.#known).set(path, looked);
  }
}
