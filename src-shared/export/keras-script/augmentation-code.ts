/** The random changes of training images in the script, as src-shared/compile/augment.ts has them in the graph. */
import type { TrainingSettings } from '../../training/schema';

/** Defines `prepare(images, random)`: uint8 training images as float32 from 0 to 1, changed at random. */
export function augmentationCode(settings: TrainingSettings): string {
  const { randomFlip, randomCrop, randomRotation, randomZoom, randomBrightness } = settings;
  const isTurned = randomRotation > 0 || randomZoom > 0;
  const isMoved = randomFlip !== 'none' || randomCrop > 0;
  if (!isTurned && !isMoved && randomBrightness === 0) return plain;
  const steps = [
    "    images = images.astype('float32') / 255",
    ...(isTurned
      ? ['    images = turn(images, random)']
      : isMoved
        ? ['    images = move(images, random)']
        : []),
    ...(randomBrightness > 0 ? [brightness] : []),
    '    return images',
  ];
  const prepare = [
    'def prepare(images, random):',
    '    """Training images as the network takes them, each changed at random."""',
    ...steps,
  ].join('\n');
  const moving = isTurned || isMoved ? [placements(settings)] : [];
  return [...moving, ...(isTurned ? [turn] : isMoved ? [move] : []), prepare].join('\n\n\n');
}

const plain = `def prepare(images, random):
    """Training images as the network takes them; nothing is changed at random."""
    return images.astype('float32') / 255`;

const brightness = `    limit = SETTINGS['randomBrightness']
    change = random.uniform(-limit, limit, (len(images), 1, 1, 1)).astype('float32')
    images = np.clip(images + change, 0, 1)`;

/** Of every image: whether its rows and columns are mirrored, and how many pixels it is moved. */
function placements({ randomFlip }: TrainingSettings): string {
  const flips = (direction: string): string =>
    randomFlip === 'both' || randomFlip === direction
      ? 'random.random(count) < 0.5'
      : 'np.zeros(count, bool)';
  return `def placements(count, random):
    """For each image: whether rows and columns are mirrored, and by how many pixels they are moved."""
    limit = SETTINGS['randomCrop']
    rows, columns = ${flips('vertical')}, ${flips('horizontal')}
    return rows, columns, *random.integers(-limit, limit + 1, (2, count))`;
}

/** Cut out of an image with a black border, as after padding. */
const move = `def move(images, random):
    """Mirrored, and cut out at a random place of the image with a black border."""
    border = SETTINGS['randomCrop']
    _, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (border, border), (border, border), (0, 0)))
    moved = np.empty_like(images)
    for index, (flip_rows, flip_columns, down, right) in enumerate(zip(*placements(len(images), random))):
        top, left = border + down, border + right
        cut = padded[index, top : top + height, left : left + width]
        moved[index] = cut[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]
    return moved`;

/** Rotation and zoom about the centre, then mirroring, then the move: one interpolation for all. */
const turn = `def turn(images, random):
    """Rotated and zoomed about the centre, mirrored and moved, in one interpolation; what comes in is black."""
    count, height, width, _ = images.shape
    flip_rows, flip_columns, down, right = placements(count, random)
    limit = np.radians(SETTINGS['randomRotation'])
    angle = random.uniform(-limit, limit, count)
    factor = 1 + random.uniform(-SETTINGS['randomZoom'], SETTINGS['randomZoom'], count)
    cosine, sine = np.cos(angle) / factor, np.sin(angle) / factor
    x, y = np.where(flip_columns, -1, 1), np.where(flip_rows, -1, 1)
    along_x, along_y = (x * cosine, -x * sine), (y * sine, y * cosine)
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    shift_x = right + centre_x - along_x[0] * centre_x - along_x[1] * centre_y
    shift_y = down + centre_y - along_y[0] * centre_x - along_y[1] * centre_y
    zeros = np.zeros(count)
    transforms = np.stack([*along_x, shift_x, *along_y, shift_y, zeros, zeros], axis=1)
    turned = keras.ops.image.affine_transform(
        images,
        transforms.astype('float32'),
        interpolation='bilinear',
        fill_mode='constant',
        data_format='channels_last',
    )
    return keras.ops.convert_to_numpy(turned)`;
