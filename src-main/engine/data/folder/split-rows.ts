/** Which images of a folder are trained on and which are tested with. */
import { CHOICE_OF_TEST, heldOut } from '@shared/datasets/image-folder';
import { permutation, Random } from '@shared/util/random';
import type { SplitSettings } from '../open-dataset';
import type { BadImages } from './image-cache';
import type { FolderListing } from './listing';

export interface SplitRows {
  /** Places of images in the listing, in its order. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** As the folders say; where there is no test folder, `testShare` of every class, chosen by the seed. */
export function splitRows(
  { files, classes, hasTestFolder }: FolderListing,
  bad: BadImages,
  settings: SplitSettings,
): SplitRows {
  const unreadable = new Set(bad.map(({ row }) => row));
  const isTest = files.map((file) => file.isTest);
  if (!hasTestFolder && settings === 'test') isTest.fill(true);
  else if (!hasTestFolder && settings !== 'test') {
    const { testShare, seed } = settings;
    const byClass = classes.map((): number[] => []);
    files.forEach(({ label }, row) => unreadable.has(row) || byClass[label]?.push(row));
    byClass.forEach((rows, label) => {
      const order = permutation(rows.length, new Random(seed, label, CHOICE_OF_TEST));
      for (const place of order.subarray(0, heldOut(rows.length, testShare))) {
        const row = rows[place];
        if (row !== undefined) isTest[row] = true;
      }
    });
  }
  const rowsOf = (wanted: boolean): Int32Array =>
    Int32Array.from(files.flatMap((_, row) => (isTest[row] === wanted && !unreadable.has(row) ? [row] : [])));
  return { train: rowsOf(false), test: rowsOf(true) };
}
