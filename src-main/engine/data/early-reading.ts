/** Built-in data sets read before a network is ready for them: inflating them takes a thread of its own, not this one. */
import { parseDocument } from '@shared/document/parse';
import { type Dataset, datasetOf } from '@shared/datasets';
import type { Problem } from '@shared/problems/problem';
import { parseTraining } from '@shared/training/settings';
import type { Result } from '@shared/util/result';
import { type LoadedSplit, loadSplit } from './load';

type Split = 'train' | 'test';
type Reading = Promise<Result<LoadedSplit, Problem>>;

export class EarlyReading {
  readonly #directories: Readonly<Record<string, string>>;
  readonly #begun = new Map<string, Reading>();

  /** Folder by id of the data sets that are on this machine. */
  constructor(directories: Readonly<Record<string, string>>) {
    this.#directories = directories;
  }

  /** Begins with what the document names; what is wrong with it is found when it is needed. */
  begin(text: string): void {
    const parsed = parseDocument(text);
    const dataset = parsed.ok && datasetOf(parseTraining(parsed.value.document.training).settings.dataset);
    if (!dataset) return;
    for (const split of ['train', 'test'] as const) {
      const reading = this.#read(dataset, split);
      // Whoever loads the split gets to hear of it.
      reading.catch(() => undefined);
      this.#begun.set(keyOf(dataset, split), reading);
    }
  }

  /** A split, begun or not; what was begun is handed out once, for it is large. */
  load(dataset: Dataset, split: Split): Reading {
    const key = keyOf(dataset, split);
    const begun = this.#begun.get(key);
    this.#begun.delete(key);
    return begun ?? this.#read(dataset, split);
  }

  /** Lets go of what was begun and not loaded. */
  forget(): void {
    this.#begun.clear();
  }

  #read(dataset: Dataset, split: Split): Reading {
    return loadSplit(dataset, split, this.#directories[dataset.id]);
  }
}

function keyOf({ id }: Dataset, split: Split): string {
  return `${id}/${split}`;
}
