/** Reading an image folder in Python, for scripts of either library: listed, split and fitted as Layerloom does. */
import { CHOICE_OF_TEST, imageEndings, MAX_FOLDER_DEPTH, testFolders } from '../../datasets/image-folder';
import { LUMINANCE } from '../../images/fit';
import { MAX_IMAGE_BYTES, MAX_MEGAPIXELS } from '../../images/limits';
import type { Shape } from '../../ir/types';

/** What the folder of `--data` holds, as the end of a sentence. */
export const imageFolderText =
  'a folder of PNG and JPEG files for each class, or train and test with such folders';
export const numpyImport = 'import numpy as np';
/** Modules of Python that the code needs, and lines that import others. */
export const imageFolderImports = {
  standard: ['concurrent.futures', 'unicodedata'],
  packages: [numpyImport, 'from PIL import Image'],
  /** What pip calls these. */
  needs: ['pillow'],
} as const;

/**
 * Defines `read_folder(folder)`: images, labels, and which images are to test with. Takes `SETTINGS`, `CLASSES` and the
 * class `Random` from around it.
 */
export function imageFolderCode(input: Shape): string {
  return [facts(input), reading, listing, fitting].join('\n\n\n');
}

function facts(input: Shape): string {
  const texts = (values: readonly string[]) => values.map((each) => `"${each}"`).join(', ');
  return `# Height, width and channels of what the network takes.
IMAGE_SHAPE = (${input.join(', ')})
TEST_FOLDERS = (${texts(testFolders)})
ENDINGS = (${texts(imageEndings)})
# Larger files and images are left out.
MAX_BYTES = ${MAX_IMAGE_BYTES}
MAX_PIXELS = ${MAX_MEGAPIXELS * 1_000_000}`;
}

/** Images that cannot be read are left out before those to test with are chosen, as the engine does it. */
const reading = `def read_folder(folder):
    """Images as uint8 [n, height, width, channels], their labels, and which are to test with."""
    files, has_tests = listed(folder)
    images = np.empty((len(files), *IMAGE_SHAPE), np.uint8)
    with concurrent.futures.ThreadPoolExecutor() as readers:
        reasons = list(readers.map(read_image, [path for path, _, _ in files], images))
    tell_unreadable(folder, files, reasons)
    readable = np.array([reason is None for reason in reasons], bool)
    labels = np.array([label for _, label, _ in files], np.int64)
    tested = np.array([is_test for _, _, is_test in files], bool)
    for label in [] if has_tests else range(CLASSES):
        places = np.flatnonzero(readable & (labels == label))
        tested[places[held_out(len(places), label)]] = True
    for use, rows in (("train", ~tested), ("test", tested)):
        if not np.any(rows & readable):
            raise SystemExit(f"{folder} has no images to {use} with")
    return images[readable], labels[readable], tested[readable]


def tell_unreadable(folder, files, reasons):
    """How many images are left out, and why the first of them are."""
    bad = [
        f"{path.relative_to(folder).as_posix()!r} ({reason})"
        for (path, _, _), reason in zip(files, reasons)
        if reason is not None
    ]
    if bad:
        names = ", ".join(bad[:3])
        print(f"{len(bad)} of {len(files)} images are left out: {names}", file=sys.stderr)


def held_out(count, label):
    """Places of a class's images that are kept for testing, chosen by the seed."""
    share = min(math.floor(count * SETTINGS["testShare"] + 0.5), max(count - 1, 0))
    return Random(SETTINGS["seed"], label, ${CHOICE_OF_TEST}).permutation(count)[:share]`;

const listing = `def listed(folder):
    """Every image with its label and whether it lies in the test folder; and whether there is one."""
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder")
    names = [path.name for path in folders_in(folder)]
    has_splits = "train" in names and len(folders_in(folder / "train")) > 0
    tests = [name for name in TEST_FOLDERS if has_splits and name in names]
    train = classes_in(folder / "train" if has_splits else folder, folder)
    test = classes_in(folder / tests[0], folder) if tests else []
    classes = [name for name, _ in train]
    if len(classes) != CLASSES:
        raise SystemExit(f"{folder} has {len(classes)} classes, the network has {CLASSES}")
    foreign = [name for name, _ in test if name not in classes]
    if foreign:
        raise SystemExit(f"{folder / tests[0]} has classes that are not trained: {foreign}")
    rows = []
    for is_test, found in ((False, train), (True, test)):
        for name, images in found:
            label = classes.index(name)
            rows += [(image, label, is_test) for image in images]
    return rows, len(tests) > 0


def classes_in(folder, root):
    """Folders that have images: the name, which may be written in several ways, and the images."""
    above = [root.resolve()]
    found = [
        (unicodedata.normalize("NFC", path.name), images_in(path, above))
        for path in folders_in(folder)
    ]
    return [(name, images) for name, images in found if images]


def images_in(folder, above):
    """Of the folder, then of those in it; a link to a folder above would never end."""
    real = folder.resolve()
    if real in above or len(above) >= ${MAX_FOLDER_DEPTH}:
        return []
    named = [path for path in visible(folder) if path.name.lower().endswith(ENDINGS)]
    images = [path for path in named if path.is_file()]
    for inner in folders_in(folder):
        images += images_in(inner, [*above, real])
    return images


def folders_in(folder):
    return [path for path in visible(folder) if path.is_dir()]


def visible(folder):
    """What is not hidden, in the order of UTF-16, which is the same on every machine."""
    paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(paths, key=lambda path: path.name.encode("utf-16-be", "surrogatepass"))`;

const [red, green, blue] = LUMINANCE;

/** In float64 with float32 between the steps, as src-shared/images/fit.ts: the same bytes. */
const fitting = `def read_image(path, into):
    """Fills a row of images; gives the reason where it cannot."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return f"more than {MAX_BYTES} bytes"
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MAX_PIXELS:
                return f"more than {MAX_PIXELS} pixels"
            into[...] = fitted(*samples_of(image))
    # Whatever is wrong with a file, and Pillow has many words for it.
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def samples_of(image):
    """[height, width, channels] as the file has them, and the value that means white.

    Pillow gives 16 bits of grey images, of colour images the upper 8.
    """
    if image.mode.startswith("I"):
        return np.asarray(image)[..., None], 65535
    has_alpha = "A" in image.mode or "transparency" in image.info
    is_grey = image.mode in ("1", "L", "LA")
    mode = ("L" if is_grey else "RGB") + ("A" if has_alpha else "")
    values = np.asarray(image.convert(mode))
    return values.reshape(image.height, image.width, -1), 255


def fitted(samples, white):
    """In the size of the network: bilinear with half-pixel centres; beyond the image its edge goes on."""
    height, width, _ = IMAGE_SHAPE
    above, below, down = neighbours(samples.shape[0], height)
    left, right, along = neighbours(samples.shape[1], width)
    corners = [
        [colours(samples[np.ix_(rows, columns)], white) for columns in (left, right)]
        for rows in (above, below)
    ]
    top, bottom = (begin + along[:, None] * (end - begin) for begin, end in corners)
    return np.floor(top + down[:, None, None] * (bottom - top) + 0.5)


def neighbours(size, wanted):
    """Of each wanted row or column the two between which it lies, and the share of the second."""
    place = np.clip((np.arange(wanted) + 0.5) * size / wanted - 0.5, 0, size - 1)
    before = np.floor(place).astype(int)
    return before, np.minimum(before + 1, size - 1), place - before


def colours(samples, white):
    """From 0 to 255 over white; luminance where the network takes grey images."""
    values = samples.astype("float64")
    own = 3 if samples.shape[-1] > 2 else 1
    alpha = values[..., own:] / white if samples.shape[-1] in (2, 4) else 1.0
    values = 255 * (1 - alpha + alpha * values[..., :own] / white)
    values = values.astype("float32").astype("float64")
    if own > IMAGE_SHAPE[-1]:
        red, green, blue = np.moveaxis(values, -1, 0)
        grey = ${red} * red + ${green} * green + ${blue} * blue
        values = grey[..., None].astype("float32").astype("float64")
    return values`;
