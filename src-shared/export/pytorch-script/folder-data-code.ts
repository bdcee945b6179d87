/** Reading an image folder: a folder of images for each class, as Layerloom lists, splits and fits them. */
import type { ExportModel } from '../model';
import { imageFolderCode, imageFolderImports, imageFolderText } from '../python/image-folder-code';
import type { DataCode } from './data-code';

export function folderData({ input, classes }: ExportModel): DataCode {
  const { standard, packages, needs } = imageFolderImports;
  const code = [`CLASSES = ${classes}`, imageFolderCode(input.outputShape)].join('\n');
  return { folder: imageFolderText, imports: standard, packages, needs, code: `${code}\n\n\n${loading}` };
}

const loading = `def load_splits(folder):
    """Of each split uint8 images [n, channels, height, width] and int64 labels [n], all in memory."""
    images, labels, tested = read_folder(folder)
    images = torch.from_numpy(images).permute(0, 3, 1, 2)
    labels, tested = torch.from_numpy(labels), torch.from_numpy(tested)
    return tuple((images[rows].contiguous(), labels[rows]) for rows in (~tested, tested))


def add_data_options(parser):
    """There are none."""


def fetch_data(options):
    """The images are where they are."""`;
