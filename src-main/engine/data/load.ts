/** Loads a data set from its folder into memory, whole: uint8 images and int32 labels. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetSplit } from '@shared/datasets';
import { problem, type Problem } from '@shared/problems/problem';
import { reasonOf } from '@shared/util/reason';
import { failure, type Result, success } from '@shared/util/result';
import { readIdx } from './idx';

export interface LoadedSplit {
  readonly count: number;
  /** `[count, height, width, channels]`. */
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

/** One split of the data set whose files lie in `directory` (undefined when it is not on this machine). */
export async function loadSplit(
  dataset: Dataset,
  split: 'train' | 'test',
  directory: string | undefined,
): Promise<Result<LoadedSplit, Problem>> {
  if (directory === undefined) return failure(missing(dataset));
  const { count, images, labels } = dataset.files[split];
  const pixels = await readFile(dataset, directory, images.file, imageDims(dataset, count));
  if (!pixels.ok) return pixels;
  const classes = await readFile(dataset, directory, labels.file, [count]);
  if (!classes.ok) return classes;
  const wrong = classes.value.findIndex((label) => label >= dataset.classes.length);
  if (wrong >= 0) {
    // TensorFlow does not check labels on every device.
    const found = String(classes.value[wrong]);
    const expected = `0..${dataset.classes.length - 1}`;
    return failure(problem('data/bad-file', { file: labels.file, reason: 'LABEL', found, expected }));
  }
  return success({ count, images: pixels.value, labels: Int32Array.from(classes.value) });
}

/** IDX files of grey images have no dimension for channels. */
function imageDims({ input }: Dataset, count: DatasetSplit['count']): readonly number[] {
  const [height = 0, width = 0, channels = 1] = input;
  return channels === 1 ? [count, height, width] : [count, height, width, channels];
}

async function readFile(
  dataset: Dataset,
  directory: string,
  name: string,
  dims: readonly number[],
): Promise<Result<Uint8Array, Problem>> {
  const file = await firstPresent([join(directory, name), join(directory, `${name}.gz`)]);
  if (file === undefined) return failure(missing(dataset));
  try {
    const read = await readIdx(file, dims);
    return read.ok ? read : failure(problem('data/bad-file', { file, ...read.error }));
  } catch (error) {
    return failure(problem('file/cannot-read', { path: file, reason: reasonOf(error) }));
  }
}

async function firstPresent(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

function missing({ id }: Dataset): Problem {
  return problem('data/missing', { dataset: id });
}
