/** Reading data sets in LeCun's format; folder-data-code.ts has the other kind. Each kind defines `load_splits`. */
import type { Dataset, DatasetSplit } from '../../datasets';
import { pythonText } from './values';

/** Code that defines `load_splits`, `add_data_options` and `fetch_data`, what it imports, and words for the folder. */
export interface DataCode {
  /** What the folder holds, as the end of a sentence. */
  readonly folder: string;
  readonly imports: readonly string[];
  /** Imports of other packages as lines, and what pip calls these. */
  readonly packages: readonly string[];
  readonly needs: readonly string[];
  readonly code: string;
}

/** As MNIST was published, gzipped or not. */
export function idxData(dataset: Dataset): DataCode {
  return {
    folder: `the files of ${dataset.title.en} as published; --download fetches them`,
    imports: ['gzip', 'hashlib', 'struct', 'urllib.request'],
    packages: [],
    needs: [],
    code: [factsOf(dataset), loading(dataset), reading].join('\n\n\n'),
  };
}

function factsOf({ input, files, downloads }: Dataset): string {
  const [height = 1, width = 1, channels = 1] = input;
  return `# Images, labels: sizes of the files come from their headers.
FILES = {
    "train": ${fileNames(files.train)},
    "test": ${fileNames(files.test)},
}
IMAGE_SHAPE = (${channels}, ${height}, ${width})
# SHA-256 of the files after unpacking, and where they are published.
DIGESTS = {
${[files.train, files.test]
  .flatMap(({ images, labels }) => [images, labels])
  .map(({ file, sha256 }) => `    ${pythonText(file)}: ${pythonText(sha256)},`)
  .join('\n')}
}
SOURCES = [
${downloads.map((address) => `    ${pythonText(address)},`).join('\n')}
]`;
}

function loading({ input }: Dataset): string {
  const isGrey = input[2] === 1;
  const reshaped = isGrey ? 'images.reshape(-1, *IMAGE_SHAPE)' : 'images.permute(0, 3, 1, 2).contiguous()';
  return `def load_splits(folder):
    """Images and labels to train on, then those to test with."""
    return load_split(folder, "train"), load_split(folder, "test")


def load_split(folder, split):
    """uint8 images [n, channels, height, width] and int64 labels [n]."""
    image_file, label_file = FILES[split]
    images = read_idx(folder, image_file, ${isGrey ? 3 : 4})
    return ${reshaped}, read_idx(folder, label_file, 1).long()`;
}

const reading = `def read_idx(folder, name, ndim):
    """The bytes of an IDX file, which may be gzipped, as a uint8 tensor."""
    path = folder / name
    packed = folder / f"{name}.gz"
    if not path.exists() and not packed.exists():
        raise SystemExit(f"{path} is missing; --download fetches it")
    content = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    if content[:4] != bytes([0, 0, 8, ndim]):
        raise SystemExit(f"{path} is no IDX file of {ndim} dimensions")
    begin = 4 + 4 * ndim
    sizes = struct.unpack(f">{ndim}I", content[4:begin])
    if len(content) != begin + math.prod(sizes):
        raise SystemExit(f"{path} does not have the length of its sizes")
    return torch.tensor(bytearray(content[begin:]), dtype=torch.uint8).reshape(sizes)


def add_data_options(parser):
    parser.add_argument("--download", action="store_true", help="fetch what is missing")


def fetch_data(options):
    """Files that are missing, where that is asked for; their digests are compared."""
    if not options.download:
        return
    folder = options.data
    folder.mkdir(parents=True, exist_ok=True)
    for name, digest in DIGESTS.items():
        target = folder / f"{name}.gz"
        if target.exists() or (folder / name).exists():
            continue
        packed = fetched(name, digest)
        write_atomically(target, lambda path: path.write_bytes(packed))


def fetched(name, digest):
    """The gzipped file from the first source that has it whole."""
    for source in SOURCES:
        try:
            with urllib.request.urlopen(f"{source}{name}.gz", timeout=60) as answer:
                packed = answer.read()
            if hashlib.sha256(gzip.decompress(packed)).hexdigest() == digest:
                return packed
        except (OSError, EOFError) as error:
            print(f"{source}{name}.gz: {error}", file=sys.stderr)
    raise SystemExit(f"{name} could not be fetched")`;

function fileNames({ images, labels }: DatasetSplit): string {
  return `(${pythonText(images.file)}, ${pythonText(labels.file)})`;
}
