/** The data sets that the product knows: what is in them and which files hold them, from resources/datasets.json. */
import { z } from 'zod';
import facts from '../../resources/datasets.json' with { type: 'json' };
import type { Shape } from '../ir/types';
import { locales, type Text } from '../texts/text';
import type { ImageFolder } from './image-folder';

/** One IDX file, in the folder of its data set as NAME or NAME.gz; `bytes` counts after gunzip, the digest is of that. */
export interface DatasetFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface DatasetSplit {
  readonly count: number;
  readonly images: DatasetFile;
  readonly labels: DatasetFile;
}

export interface Dataset {
  readonly kind: 'idx';
  readonly id: string;
  readonly title: Text;
  /** `[height, width, channels]`, bytes. */
  readonly input: Shape;
  /** Names of the classes in the order of their labels. */
  readonly classes: readonly Text[];
  /** The same in English: what runs, exports and scripts use. */
  readonly classNames: readonly string[];
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly files: { readonly train: DatasetSplit; readonly test: DatasetSplit };
  /** Addresses that hold NAME.gz, each with the slash at its end. */
  readonly downloads: readonly string[];
}

const count = z.number().int().positive();
const text: z.ZodType<Text> = z.record(z.enum(locales), z.string());
const file = z.object({ file: z.string(), bytes: count, sha256: z.string() });
const split = z.object({ count, images: file, labels: file });
const dataset = z.object({
  id: z.string(),
  title: text,
  input: z.array(count).length(3),
  classes: z.array(text).min(2),
  splits: z.object({ train: split, test: split }),
  downloads: z.array(z.string()),
});

export const datasets: readonly Dataset[] = z
  .object({ datasets: z.array(dataset) })
  .parse(facts)
  .datasets.map(({ id, title, input, classes, splits, downloads }) => ({
    kind: 'idx',
    id,
    title,
    input,
    classes,
    classNames: classes.map((name) => name.en),
    trainSamples: splits.train.count,
    testSamples: splits.test.count,
    files: splits,
    downloads,
  }));

/** Every kind of data set, as far as networks go: images, and names of their classes. */
export type AnyDataset = Dataset | ImageFolder;

/** The data set of that id; undefined when there is none. */
export function datasetOf(id: string): Dataset | undefined {
  return datasets.find((known) => known.id === id);
}
