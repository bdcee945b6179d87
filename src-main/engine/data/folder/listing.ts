/** What lies in an image folder: classes, and every image in a fixed order. Nothing is decoded here. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  imageEndings,
  type ImageFolderFacts,
  MAX_FOLDER_DEPTH,
  MAX_FOLDER_IMAGES,
  testFolders,
} from '@shared/datasets/image-folder';
import { problem, type Problem, warning } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';

/** One image file. */
export interface ImageFile {
  /** Within the folder, with `/` between its parts. */
  readonly path: string;
  readonly label: number;
  /** It lies in the test folder. */
  readonly isTest: boolean;
  readonly bytes: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly modified: number;
}

export interface FolderListing extends ImageFolderFacts {
  /** By class, then by path; those to train on first. */
  readonly files: readonly ImageFile[];
}

/** Files that are asked for their size at once. */
const STATS_AT_ONCE = 64;
/** Names in a message. */
const SHOWN_NAMES = 5;

type Found = Omit<ImageFile, 'label' | 'isTest'>;

interface ClassFolder {
  readonly name: string;
  readonly files: readonly Found[];
}

/** The images of `path/CLASS/...`, or of `path/train/CLASS/...` and a test folder beside it. */
export async function listImageFolder(path: string): Promise<Result<FolderListing, Problem>> {
  try {
    return await list(path);
  } catch (error) {
    if (error instanceof TooManyImages) {
      return failure(problem('data/folder-too-large', { path, limit: MAX_FOLDER_IMAGES }));
    }
    return failure(problem('data/folder-missing', { path, reason: reasonOf(error) }));
  }
}

class TooManyImages extends Error {}

async function list(path: string): Promise<Result<FolderListing, Problem>> {
  const walker = new Walker(path);
  const { train, test } = await splitFolders(path);
  const trainClasses = await walker.classes(train);
  const testClasses = test === undefined ? [] : await walker.classes(test);
  const hasImages = ({ files }: ClassFolder): boolean => files.length > 0;
  const classes = trainClasses.filter(hasImages);
  const names = classes.map(({ name }) => name);
  const [first] = names;
  if (first === undefined) return failure(problem('data/folder-no-classes', { path }));
  if (names.length === 1) return failure(problem('data/folder-one-class', { path, name: first }));
  const tested = testClasses.filter(hasImages);
  const foreign = tested.filter(({ name }) => !names.includes(name));
  if (foreign.length > 0) {
    return failure(problem('data/folder-foreign-classes', { path, names: shown(foreign) }));
  }
  const empty = trainClasses.filter((each) => !hasImages(each));
  const left = { path, count: empty.length, names: shown(empty) };
  const labelled = (from: readonly ClassFolder[], isTest: boolean): ImageFile[] =>
    from.flatMap(({ name, files }) => files.map((file) => ({ ...file, label: names.indexOf(name), isTest })));
  return success({
    path,
    hasTestFolder: test !== undefined,
    classes: classes.map(({ name, files }) => ({
      name,
      images: files.length,
      testImages: tested.find((each) => each.name === name)?.files.length ?? 0,
    })),
    problems: empty.length === 0 ? [] : [warning('data/folder-empty-classes', left)],
    files: [...labelled(classes, false), ...labelled(tested, true)],
  });
}

function shown(classes: readonly ClassFolder[]): string {
  const names = classes.slice(0, SHOWN_NAMES).map(({ name }) => name);
  return [...names, ...(classes.length > SHOWN_NAMES ? ['…'] : [])].join(', ');
}

/** Folders to train on and to test with, within the folder; a class may be called train, but holds no folders. */
async function splitFolders(path: string): Promise<{ readonly train: string; readonly test?: string }> {
  const names = (await foldersIn(path)).map(({ name }) => name);
  if (!names.includes('train') || (await foldersIn(join(path, 'train'))).length === 0) return { train: '' };
  const test = testFolders.find((name) => names.includes(name));
  return { train: 'train', ...(test !== undefined && { test }) };
}

/** By name, in the order of code units: the same on every machine. Hidden ones are not ours. */
async function foldersIn(path: string): Promise<readonly Dirent[]> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(isVisible);
  const kinds = await Promise.all(
    entries.map(async (entry) =>
      entry.isSymbolicLink() ? isFolder(join(path, entry.name)) : entry.isDirectory(),
    ),
  );
  return entries.filter((_, index) => kinds[index]).sort(byName);
}

function isVisible({ name }: Dirent): boolean {
  return !name.startsWith('.');
}

function isImageName({ name }: Dirent): boolean {
  const small = name.toLowerCase();
  return imageEndings.some((ending) => small.endsWith(ending));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/** False for links that lead nowhere. */
async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

class Walker {
  readonly #root: string;
  #count = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Every folder in `within`, with all images in it. */
  async classes(within: string): Promise<readonly ClassFolder[]> {
    const found: ClassFolder[] = [];
    const root = [await realpath(this.#root)];
    for (const { name } of await foldersIn(join(this.#root, within))) {
      const files = await this.#images(within === '' ? name : `${within}/${name}`, root);
      // The same name may be written in several ways; people see one.
      found.push({ name: name.normalize('NFC'), files });
    }
    return found;
  }

  /** `above` are the real paths of the folders that lead here: a link into one of them would never end. */
  async #images(within: string, above: readonly string[]): Promise<readonly Found[]> {
    const folder = join(this.#root, within);
    const real = await realpath(folder);
    if (above.includes(real) || above.length >= MAX_FOLDER_DEPTH) return [];
    const entries = (await readdir(folder, { withFileTypes: true })).filter(isVisible).sort(byName);
    const images = entries.filter((entry) => isImageName(entry) && !entry.isDirectory());
    this.#count += images.length;
    if (this.#count > MAX_FOLDER_IMAGES) throw new TooManyImages();
    const found = await this.#measured(images.map(({ name }) => `${within}/${name}`));
    for (const { name } of await foldersIn(folder)) {
      found.push(...(await this.#images(`${within}/${name}`, [...above, real])));
    }
    return found;
  }

  /** Without what is no file, or has gone meanwhile. */
  async #measured(paths: readonly string[]): Promise<Found[]> {
    const found: Found[] = [];
    for (let begin = 0; begin < paths.length; begin += STATS_AT_ONCE) {
      const measured = await Promise.all(
        paths.slice(begin, begin + STATS_AT_ONCE).map(async (path) => {
          const facts = await stat(join(this.#root, path)).catch(() => undefined);
          return facts?.isFile() ? [{ path, bytes: facts.size, modified: facts.mtimeMs }] : [];
        }),
      );
      found.push(...measured.flat());
    }
    return found;
  }
}
