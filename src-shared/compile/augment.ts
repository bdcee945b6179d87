/** Random changes of the images of a training batch, as part of the graph: flip, crop, rotation, zoom, brightness. */
import type { GraphBuilder } from '../ir/builder';
import { BATCH, type Dims, type TensorRef } from '../ir/types';
import { ints, intScalar } from '../ops/primitive';
import { imageDims } from '../ops/rules';
import type { AugmentationSettings } from '../training/augmentation';
import { randomKey, type RandomSource } from './random-key';

/** How each image of the batch is taken along one axis, float32 `[n, 1]`. */
interface Placement {
  /** 1 where the axis is mirrored, else 0. */
  readonly isFlipped: TensorRef;
  /** How many pixels the cut is moved. */
  readonly offset: TensorRef;
}

type Direction = 'horizontal' | 'vertical';

export class Augmentation {
  readonly #b: GraphBuilder;
  readonly #settings: AugmentationSettings;
  readonly #random: RandomSource;

  constructor(b: GraphBuilder, settings: AugmentationSettings, random: RandomSource) {
    this.#b = b;
    this.#settings = settings;
    this.#random = random;
  }

  /**
   * uint8 `[n, height, width, channels]` to float32, still from 0 to 255, with pixels moved. Flips and crops copy
   * pixels; rotation and zoom mix four of them, once for all movements together.
   */
  move(images: TensorRef): TensorRef {
    const { randomFlip, randomCrop, randomRotation, randomZoom } = this.#settings;
    const b = this.#b;
    const isTurned = randomRotation > 0 || randomZoom > 0;
    if (!isTurned && randomFlip === 'none' && randomCrop === 0) {
      return b.op('Cast', [images], { to: 'float32' });
    }
    return b.within('augmentation', () => {
      const rows = this.#placement(images, 'vertical');
      const columns = this.#placement(images, 'horizontal');
      return isTurned ? this.#turned(images, rows, columns) : this.#cut(images, rows, columns);
    });
  }

  /** Images from 0 to 1, lighter or darker and still from 0 to 1. */
  light(images: TensorRef): TensorRef {
    const { randomBrightness } = this.#settings;
    if (randomBrightness === 0) return images;
    const b = this.#b;
    return b.within('augmentation', () => {
      const change = this.#symmetric(images, 'brightness', randomBrightness, [BATCH, 1, 1, 1]);
      return b.op('ClipByValue', [b.op('AddV2', [images, change], {})], { low: 0, high: 1 });
    });
  }

  #batch(images: TensorRef): TensorRef {
    const b = this.#b;
    return b.op('Slice', [b.op('Shape', [images], {})], { begin: [0], size: [1] });
  }

  #sizes(images: TensorRef, dims: Dims): TensorRef {
    const b = this.#b;
    return b.op('ConcatV2', [this.#batch(images), b.constant(ints(dims.slice(1)))], { axis: 0 });
  }

  #zeros(images: TensorRef): TensorRef {
    const dims = [BATCH, 1];
    return this.#b.op('BroadcastTo', [this.#b.float(0), this.#sizes(images, dims)], { dims });
  }

  /** Uniform on [0, 1), one for each image. */
  #draw(images: TensorRef, site: string, dims: Dims = [BATCH, 1]): TensorRef {
    const key = randomKey(this.#b, this.#random, `augmentation/${site}`);
    return this.#b.op('StatelessRandomUniform', [this.#sizes(images, dims), key], { dims });
  }

  /** Uniform on [-limit, limit), one for each image. */
  #symmetric(images: TensorRef, site: string, limit: number, dims?: Dims): TensorRef {
    const b = this.#b;
    if (limit === 0) return this.#zeros(images);
    const centred = b.op('Sub', [this.#draw(images, site, dims), b.float(0.5)], {});
    return b.op('Mul', [centred, b.float(2 * limit)], {});
  }

  #placement(images: TensorRef, direction: Direction): Placement {
    const { randomFlip } = this.#settings;
    const isMirroring = randomFlip === 'both' || randomFlip === direction;
    return {
      isFlipped: isMirroring ? this.#flips(images, direction) : this.#zeros(images),
      offset: this.#offsets(images, direction),
    };
  }

  #flips(images: TensorRef, direction: Direction): TensorRef {
    const b = this.#b;
    const drawn = this.#draw(images, `flip/${direction}`);
    return b.op('Cast', [b.op('GreaterEqual', [drawn, b.float(0.5)], {})], { to: 'float32' });
  }

  /** Whole numbers from -randomCrop to randomCrop, all equally likely. */
  #offsets(images: TensorRef, direction: Direction): TensorRef {
    const b = this.#b;
    const { randomCrop } = this.#settings;
    if (randomCrop === 0) return this.#zeros(images);
    const scaled = b.op('Mul', [this.#draw(images, `crop/${direction}`), b.float(2 * randomCrop + 1)], {});
    return b.op('Sub', [b.op('Floor', [scaled], {}), b.float(randomCrop)], {});
  }

  #cut(images: TensorRef, rows: Placement, columns: Placement): TensorRef {
    const b = this.#b;
    const [, height, width] = imageDims(images);
    const [top, bottom] = this.#ends(rows, height);
    const [left, right] = this.#ends(columns, width);
    const boxes = b.op('ConcatV2', [top, left, bottom, right], { axis: 1 });
    const count = b.op('Reshape', [this.#batch(images)], { dims: [] });
    const each = b.op('Range', [b.constant(intScalar(0)), count, b.constant(intScalar(1))], {});
    return b.op('CropAndResize', [images, boxes, each], { size: [height, width] });
  }

  /**
   * Where the cut begins and ends along an axis of `size` pixels, in CropAndResize's units. The kernel blackens what
   * lies outside by a rounding error, so the cut is drawn together by an eighth of a pixel at the image's borders,
   * which leaves its nearest pixels what they are. An axis of one pixel can be neither mirrored nor moved.
   */
  #ends({ isFlipped, offset }: Placement, size: number): readonly [TensorRef, TensorRef] {
    const b = this.#b;
    const shrink = 1 - 1 / (4 * size);
    const unit = size === 1 ? 0 : shrink / (size - 1);
    const first = (1 - shrink) / 2;
    const span = unit * (size - 1);
    const moved = b.op('Mul', [offset, b.float(unit)], {});
    const end = (place: number, mirroring: number): TensorRef => {
      const mirrored = b.op('Mul', [isFlipped, b.float(mirroring)], {});
      return b.op('AddV2', [b.op('AddV2', [moved, mirrored], {}), b.float(place)], {});
    };
    return [end(first, span), end(first + span, -span)];
  }

  /** Rotation and zoom about the centre, then mirroring, then the move. */
  #turned(images: TensorRef, rows: Placement, columns: Placement): TensorRef {
    const b = this.#b;
    const [, height, width] = imageDims(images);
    const { randomRotation, randomZoom } = this.#settings;
    const angle = this.#symmetric(images, 'rotation', (randomRotation / 180) * Math.PI);
    const factor = b.op('AddV2', [this.#symmetric(images, 'zoom', randomZoom), b.float(1)], {});
    const cosine = b.op('RealDiv', [b.op('Cos', [angle], {}), factor], {});
    const sine = b.op('RealDiv', [b.op('Sin', [angle], {}), factor], {});
    const [x, y] = [this.#sign(columns), this.#sign(rows)];
    const times = (a: TensorRef, c: TensorRef) => b.op('Mul', [a, c], {});
    const alongX = [times(x, cosine), b.op('Neg', [times(x, sine)], {})] as const;
    const alongY = [times(y, sine), times(y, cosine)] as const;
    const centre = [(width - 1) / 2, (height - 1) / 2] as const;
    const shiftX = this.#shift(alongX, centre, centre[0], columns);
    const shiftY = this.#shift(alongY, centre, centre[1], rows);
    const zeros = this.#zeros(images);
    const transforms = b.op('ConcatV2', [...alongX, shiftX, ...alongY, shiftY, zeros, zeros], { axis: 1 });
    const numbers = b.op('Cast', [images], { to: 'float32' });
    return b.op('ImageProjectiveTransformV3', [numbers, transforms], { size: [height, width] });
  }

  /** -1 where mirrored, else 1. */
  #sign({ isFlipped }: Placement): TensorRef {
    const b = this.#b;
    return b.op('Sub', [b.float(1), b.op('Mul', [isFlipped, b.float(2)], {})], {});
  }

  /** What is added so that the centre stays where it is, but for the move. */
  #shift(
    [alongX, alongY]: readonly [TensorRef, TensorRef],
    [centreX, centreY]: readonly [number, number],
    own: number,
    { offset }: Placement,
  ): TensorRef {
    const b = this.#b;
    const turned = b.op(
      'AddV2',
      [b.op('Mul', [alongX, b.float(centreX)], {}), b.op('Mul', [alongY, b.float(centreY)], {})],
      {},
    );
    return b.op('Sub', [b.op('AddV2', [offset, b.float(own)], {}), turned], {});
  }
}
