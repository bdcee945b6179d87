/** Reading the document's data set in the script: one function for each kind of data. */
import { type Dataset, datasetOf } from '../../datasets';
import type { Shape } from '../../ir/types';
import {
  imageFolderCode,
  imageFolderImports,
  imageFolderText,
  numpyImport,
} from '../python/image-folder-code';
import { randomCode } from '../python/random-code';
import { pythonValue, singleQuoted } from '../python/syntax';
import type { ExportModel } from '../model';

export interface DataCode {
  /** What the folder of `--data` holds, as one English sentence without its end. */
  readonly folder: string;
  readonly imports: readonly string[];
  /** Imports of other packages as lines, and what the head of the script calls these. */
  readonly packages: readonly string[];
  readonly needs: readonly string[];
  /** Defines `load_splits(folder)`: of each split uint8 images [n, height, width, channels] and int64 labels [n]. */
  readonly code: string;
}

export function dataCode({ input, settings }: ExportModel): DataCode {
  const known = datasetOf(settings.dataset);
  return known === undefined ? folderCode(input.outputShape) : idxCode(known);
}

function folderCode(input: Shape): DataCode {
  const { standard, packages } = imageFolderImports;
  return {
    ...{ folder: imageFolderText, imports: standard, needs: ['Pillow'] },
    // The head of the script has NumPy already.
    packages: packages.filter((line) => line !== numpyImport),
    code: [singleQuoted(imageFolderCode(input)), singleQuoted(randomCode), folderSplits].join('\n\n\n'),
  };
}

const folderSplits = `def load_splits(folder):
    """Images as uint8 [n, height, width, channels] and labels: to train on, then to test with."""
    images, labels, tested = read_folder(folder)
    return (images[~tested], labels[~tested]), (images[tested], labels[tested])`;

/** LeCun's format of MNIST: http://yann.lecun.com/exdb/mnist has its description. */
function idxCode({ title, input, files }: Dataset): DataCode {
  const names = (split: 'train' | 'test') =>
    pythonValue([files[split].images.file, files[split].labels.file]);
  return {
    folder: `the files of ${title.en} as published, gzipped or not`,
    imports: ['gzip'],
    ...{ packages: [], needs: [] },
    code: `FILES = {
    'train': ${names('train')},
    'test': ${names('test')},
}
IMAGE_SHAPE = ${pythonValue([...input])}


def read_idx(folder, name, ndim):
    """The bytes of an IDX file, which may be gzipped, as an array of that many dimensions."""
    path = folder / name
    opened = open(path, 'rb') if path.exists() else gzip.open(folder / (name + '.gz'), 'rb')
    with opened as file:
        content = file.read()
    if content[:4] != bytes([0, 0, 8, ndim]):
        raise SystemExit(f'{path} is no IDX file of {ndim} dimensions')
    sizes = np.frombuffer(content, '>i4', ndim, 4)
    return np.frombuffer(content, np.uint8, int(np.prod(sizes)), 4 + 4 * ndim).reshape(sizes)


def load_splits(folder):
    """Images and labels to train on, then those to test with."""
    return load_split(folder, 'train'), load_split(folder, 'test')


def load_split(folder, split):
    """Images as uint8 [n, height, width, channels] and their labels."""
    images, labels = FILES[split]
    return (
        read_idx(folder, images, 3).reshape(-1, *IMAGE_SHAPE),
        read_idx(folder, labels, 1).astype('int64'),
    )`,
  };
}
