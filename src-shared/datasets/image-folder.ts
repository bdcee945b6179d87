/** Image folders as data sets: how settings name them, and what is known of one that was looked at. */
import { z } from 'zod';
import { problemSchema } from '../ipc/contract';

const count = z.number().int().nonnegative();

/** What was found in a folder with a folder of images for each class. */
export const imageFolderFacts = z.object({
  path: z.string(),
  /** In the order of their labels: by name, as code units. */
  classes: z.array(
    z.object({
      name: z.string(),
      /** Images to train on; where there is no test folder, to train on and to test with. */
      images: count,
      /** Images of the test folder. */
      testImages: count,
    }),
  ),
  /** Whether the images to test with lie in a folder of their own. */
  hasTestFolder: z.boolean(),
  /** What was left out, as warnings. */
  problems: z.array(problemSchema),
});
export type ImageFolderFacts = z.infer<typeof imageFolderFacts>;

/** An image folder as a run, or the window, sees it. */
export interface ImageFolder {
  readonly kind: 'folder';
  /** The folder's path, as the settings name it. */
  readonly id: string;
  readonly classNames: readonly string[];
  readonly trainSamples: number;
  readonly testSamples: number;
}

/** Where images to test with lie beside `train`: the first of these that is there. */
export const testFolders: readonly string[] = ['test', 'val', 'validation', 'valid'];
/** Ends of the names of images, in small letters. */
export const imageEndings: readonly string[] = ['.png', '.jpg', '.jpeg'];
/** Folders inside folders of a class, at most. */
export const MAX_FOLDER_DEPTH = 16;
/** A key of the choice of images to test with, so that it has nothing to do with the order of the epochs. */
export const CHOICE_OF_TEST = 0x7e57;

/** Images in one folder at most. */
export const MAX_FOLDER_IMAGES = 2_000_000;
export const MAX_PATH_LENGTH = 4096;

/** Whether a data set is named by a path: absolute, or beginning with `./` or `../`; an id never is. */
export function isFolderPath(dataset: string): boolean {
  return /^(?:\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(dataset) && dataset.length <= MAX_PATH_LENGTH;
}

/** The last part of a path: what a folder is called. */
export function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

/** How many of a class's images are kept for testing; at least one is left to train on. */
export function heldOut(images: number, testShare: number): number {
  return Math.min(Math.round(images * testShare), Math.max(images - 1, 0));
}

/** What the facts mean for a run that keeps `testShare` of each class for testing where there is no test folder. */
export function imageFolderOf(
  { path, classes, hasTestFolder }: ImageFolderFacts,
  testShare: number,
): ImageFolder {
  const total = (of: (each: ImageFolderFacts['classes'][number]) => number): number =>
    classes.reduce((sum, each) => sum + of(each), 0);
  const testSamples = total(({ images, testImages }) =>
    hasTestFolder ? testImages : heldOut(images, testShare),
  );
  const images = total((each) => each.images);
  return {
    kind: 'folder',
    id: path,
    classNames: classes.map(({ name }) => name),
    trainSamples: hasTestFolder ? images : images - testSamples,
    testSamples,
  };
}
