/** Random changes of training images in Python: those of compile/augment.ts. */
import type { AugmentationSettings } from '../../training/augmentation';

/** Defines `prepare(images)`: uint8 to float32 from 0 to 1, changed at random where the settings ask for it. */
export function augmentationCode(settings: AugmentationSettings): string {
  const { randomFlip, randomCrop, randomRotation, randomZoom, randomBrightness } = settings;
  const isMoved = randomFlip !== 'none' || randomCrop > 0 || randomRotation > 0 || randomZoom > 0;
  const isLit = randomBrightness > 0;
  const steps = [
    ...(isMoved ? ['    images = moved(images)'] : []),
    ...(isLit ? ['    images = lit(images)'] : []),
  ];
  const prepare = `def prepare(images):
    """Training images as the network takes them${steps.length === 0 ? '' : ', changed at random'}."""
${['    images = images.float() / 255', ...steps].join('\n')}
    return images`;
  const plain = `def prepare(images):
    """Training images as the network takes them."""
    return images.float() / 255`;
  const parts = [...(isMoved || isLit ? [draw] : []), ...(isMoved ? [moved] : []), ...(isLit ? [lit] : [])];
  return [...parts, steps.length === 0 ? plain : prepare].join('\n\n\n');
}

const draw = `def draw(images, limit):
    """A number from -limit to limit for each image."""
    return limit * (2 * torch.rand(len(images), device=images.device) - 1)`;

const lit = `def lit(images):
    """Lighter or darker."""
    change = draw(images, SETTINGS["randomBrightness"])
    return (images + change[:, None, None, None]).clamp(0, 1)`;

/** One interpolation for all movements; without rotation and zoom it copies pixels. */
const moved = `def moved(images):
    """Turned and zoomed about the centre, mirrored and moved; what comes in is black."""
    count, _, height, width = images.shape
    angle = draw(images, math.radians(SETTINGS["randomRotation"]))
    factor = 1 + draw(images, SETTINGS["randomZoom"])
    cosine, sine = angle.cos() / factor, angle.sin() / factor
    mirror_x, mirror_y = (mirroring(images, way) for way in ("horizontal", "vertical"))
    crop = SETTINGS["randomCrop"]
    right, down = torch.randint(-crop, crop + 1, (2, count), device=images.device)
    # Where each pixel comes from, in units of half the image from its centre.
    to_x = [mirror_x * cosine, -mirror_x * sine * height / width, 2 * right / width]
    to_y = [mirror_y * sine * width / height, mirror_y * cosine, 2 * down / height]
    theta = torch.stack([torch.stack(to_x, 1), torch.stack(to_y, 1)], 1)
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def mirroring(images, way):
    """-1 for images that are mirrored, else 1."""
    if SETTINGS["randomFlip"] not in (way, "both"):
        return torch.ones(len(images), device=images.device)
    return torch.where(draw(images, 1) < 0, -1.0, 1.0)`;
