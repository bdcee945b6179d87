/** Reading an image folder: a folder of images for each class, as Layerloom lists, splits and fits them. */
import type { ExportModel } from '../model';
import type { DataCode } from './data-code';

export function folderData({ input, classes }: ExportModel): DataCode {
  const [height = 1, width = 1, channels = 1] = input.outputShape;
  const facts = `IMAGE_SHAPE = (${channels}, ${height}, ${width})
CLASSES = ${classes}
TEST_FOLDERS = ("test", "val", "validation", "valid")
ENDINGS = (".png", ".jpg", ".jpeg")`;
  return {
    folder: 'a folder of PNG and JPEG files for each class, or train and test with such folders',
    imports: ['concurrent.futures'],
    packages: ['from PIL import Image, UnidentifiedImageError'],
    needs: ['pillow'],
    code: [facts, reading].join('\n\n\n'),
  };
}

const reading = `def load_split(folder, split):
    """uint8 images [n, channels, height, width] and int64 labels [n]; all are kept in memory."""
    files = [(path, label) for path, label, part in listed(folder) if part == split]
    with concurrent.futures.ThreadPoolExecutor() as readers:
        images = list(readers.map(read_image, [path for path, _ in files]))
    found = [(image, label) for image, (_, label) in zip(images, files) if image is not None]
    if not found:
        raise SystemExit(f"{folder} has no images to {split} with")
    labels = torch.tensor([label for _, label in found])
    return torch.stack([image for image, _ in found]), labels


def listed(folder):
    """Every image with its label and the split that it belongs to, in a fixed order."""
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder")
    has_splits = (folder / "train").is_dir() and folders_in(folder / "train")
    train = folder / "train" if has_splits else folder
    tests = [folder / name for name in TEST_FOLDERS if (folder / name).is_dir()]
    own = [(path.name, images_in(path)) for path in folders_in(train)]
    classes = [name for name, images in own if images]
    if len(classes) != CLASSES:
        raise SystemExit(f"{folder} has {len(classes)} classes, the network has {CLASSES}")
    rows = []
    for label, images in enumerate(images for _, images in own if images):
        tested = set() if has_splits and tests else held_out(len(images), label)
        for place, path in enumerate(images):
            rows.append((path, label, "test" if place in tested else "train"))
    for path in folders_in(tests[0]) if has_splits and tests else []:
        if path.name in classes:
            label = classes.index(path.name)
            rows += [(image, label, "test") for image in images_in(path)]
    return rows


def held_out(count, label):
    """Places of a class's images that are kept for testing, chosen by the seed."""
    share = min(math.floor(count * SETTINGS["testShare"] + 0.5), max(count - 1, 0))
    return set(Random(SETTINGS["seed"], label, 0x7E57).permutation(count)[:share])


def folders_in(folder):
    """By name; hidden ones are left out."""
    folders = [path for path in folder.iterdir() if path.is_dir()]
    return sorted(path for path in folders if not path.name.startswith("."))


def images_in(folder):
    """Of the folder, then of those in it."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    images = [
        path
        for path in files
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    ]
    return images + [image for inner in folders_in(folder) for image in images_in(inner)]


def read_image(path):
    """Over white, in the channels and the size of the network; None where it cannot be read."""
    channels, height, width = IMAGE_SHAPE
    try:
        with Image.open(path) as opened:
            image = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError) as error:
        print(f"{path} is left out: {error}", file=sys.stderr)
        return None
    white = Image.new("RGBA", image.size, "white")
    image = Image.alpha_composite(white, image).convert("L" if channels == 1 else "RGB")
    values = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    values = values.reshape(1, image.height, image.width, channels).permute(0, 3, 1, 2)
    fitted = F.interpolate(
        values.float(), size=(height, width), mode="bilinear", align_corners=False
    )
    return fitted[0].round().to(torch.uint8)


def add_data_options(parser):
    """There are none."""


def fetch_data(options):
    """The images are where they are."""`;
