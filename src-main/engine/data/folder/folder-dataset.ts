/** An image folder as a data set of a run: listed, decoded, split, and put into the session where it fits. */
import type { Program } from '@shared/compile/program';
import { type ImageFolderFacts, imageFolderOf } from '@shared/datasets/image-folder';
import { problem, type Problem, warning } from '@shared/problems/problem';
import { classesProblem, inputProblem } from '@shared/training/settings';
import { failure, type Result, success } from '@shared/util/result';
import type { Network } from '../../network';
import type { OpenDataset, SplitSettings } from '../open-dataset';
import type { LoadedSplit } from '../load';
import { sessionSplit, sessionTestSplit, type Split, type TestSplit } from '../split';
import { fingerprintOf } from './image-cache';
import { ImageStore, type StoreOptions } from './image-store';
import { type FolderListing, listImageFolder } from './listing';
import { type SplitRows, splitRows } from './split-rows';
import { StreamedSplit } from './streamed-split';

export interface FolderSources extends StoreOptions {
  /** More bytes than this are streamed. */
  readonly sessionBytes: number;
  /** Whether this process may read the folder. */
  mayRead(path: string): Promise<boolean>;
}

/** Names in a message. */
const SHOWN_FILES = 3;

/** What lies in the folder, without a look into its images. */
export async function inspectFolder(
  path: string,
  { mayRead }: Pick<FolderSources, 'mayRead'>,
): Promise<Result<FolderListing, Problem>> {
  if (!(await mayRead(path))) return failure(problem('data/folder-not-chosen', { path }));
  return listImageFolder(path);
}

/** Decodes the whole folder, unless that was done before. */
export async function openFolderDataset(
  program: Program,
  path: string,
  settings: SplitSettings,
  sources: FolderSources,
): Promise<Result<OpenDataset, Problem>> {
  const listing = await inspectFolder(path, sources);
  if (!listing.ok) return listing;
  const misfit =
    inputProblem(program.input, path) ?? classesProblem(program.classes, imageFolderOf(listing.value, 0));
  if (misfit !== undefined) return failure(misfit);
  const store = await ImageStore.open(listing.value, program.input, sources);
  if (!store.ok) return store;
  const rows = splitRows(listing.value, store.value.bad, settings);
  const unusable = unusableProblem(listing.value, store.value, rows);
  if (unusable === undefined) {
    return success(new FolderDataset(listing.value, store.value, rows, sources.sessionBytes));
  }
  await store.value.close();
  return failure(unusable);
}

function unusableProblem({ path, files }: FolderListing, store: ImageStore, { train, test }: SplitRows) {
  if (train.length + test.length === 0) {
    return problem('data/no-readable-images', { path, total: files.length, names: firstBad(files, store) });
  }
  return test.length === 0 ? problem('data/folder-no-test-images', { path }) : undefined;
}

/** `cats/1.png (it is neither PNG nor JPEG)`, and others. */
function firstBad(files: FolderListing['files'], { bad }: ImageStore): string {
  const named = bad.slice(0, SHOWN_FILES).map(({ row, reason }) => `${files[row]?.path ?? row} (${reason})`);
  return [...named, ...(bad.length > SHOWN_FILES ? ['…'] : [])].join(', ');
}

class FolderDataset implements OpenDataset {
  readonly #listing: FolderListing;
  readonly #store: ImageStore;
  readonly #rows: SplitRows;
  readonly #isStreamed: boolean;

  constructor(listing: FolderListing, store: ImageStore, rows: SplitRows, sessionBytes: number) {
    this.#listing = listing;
    this.#store = store;
    this.#rows = rows;
    this.#isStreamed = (rows.train.length + rows.test.length) * store.rowBytes > sessionBytes;
  }

  get id(): string {
    return this.#listing.path;
  }

  get classNames(): readonly string[] {
    return this.#listing.classes.map(({ name }) => name);
  }

  get trainSamples(): number {
    return this.#rows.train.length;
  }

  get testSamples(): number {
    return this.#rows.test.length;
  }

  get warnings(): readonly Problem[] {
    const { files, problems } = this.#listing;
    const { bad } = this.#store;
    if (bad.length === 0) return problems;
    const args = { count: bad.length, total: files.length, names: firstBad(files, this.#store) };
    return [...problems, warning('data/unreadable-images', args)];
  }

  get record() {
    return {
      kind: 'folder' as const,
      path: this.id,
      classNames: [...this.classNames],
      fingerprint: fingerprintOf(this.#listing),
      isStreamed: this.#isStreamed,
    };
  }

  async enterTrain(network: Network): Promise<Result<Split, Problem>> {
    if (this.#isStreamed) return success(this.#streamed('train'));
    const loaded = await this.#enter('train', network);
    return loaded.ok ? success(sessionSplit(loaded.value)) : loaded;
  }

  async enterTest(network: Network): Promise<Result<TestSplit, Problem>> {
    if (this.#isStreamed) return success(this.#streamed('test'));
    const loaded = await this.#enter('test', network);
    return loaded.ok ? success(sessionTestSplit(loaded.value)) : loaded;
  }

  #streamed(split: 'train' | 'test'): StreamedSplit {
    return new StreamedSplit(this.#store, this.#rows[split], this.#labels(split));
  }

  #labels(split: 'train' | 'test'): Int32Array {
    return this.#rows[split].map((row) => this.#listing.files[row]?.label ?? 0);
  }

  async #enter(split: 'train' | 'test', network: Network): Promise<Result<LoadedSplit, Problem>> {
    const rows = this.#rows[split];
    const images = await this.#store.readAll(rows);
    if (!images.ok) return images;
    const loaded = { count: rows.length, images: images.value, labels: this.#labels(split) };
    const fed = await network.feedData(split, loaded);
    return fed.ok ? success(loaded) : fed;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** What the window may know of a listing: no list of files. */
export function factsOf({ files: _files, ...facts }: FolderListing): ImageFolderFacts {
  return facts;
}
