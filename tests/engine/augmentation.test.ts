/** Random changes of training images on the real kernels: recovered from the pixels by another way, and counted. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Augmentation } from '@shared/compile/augment';
import { compileDocument } from '@shared/compile/compile';
import { GraphBuilder } from '@shared/ir/builder';
import { withBatch } from '@shared/ir/shape';
import { templateOf } from '@shared/templates';
import type { AugmentationSettings } from '@shared/training/augmentation';
import { parseTraining } from '@shared/training/settings';
import { int32Scalar, type Runtime, uint8 } from '../../src-main/engine/runtime/runtime';
import { cpuRuntime, expectOk, type GraphSession, load, numbers, ProgramSession } from './graph-session';

type Shape = readonly [height: number, width: number, channels: number];

let runtime: Runtime;
beforeAll(async () => (runtime = await cpuRuntime()));

const off = parseTraining({}).settings;

/** Augments uint8 images; the session is kept for further draws. */
class Augmenter {
  private constructor(
    readonly shape: Shape,
    readonly run: (images: Uint8Array, step: number, seed: number) => Promise<Float32Array>,
  ) {}

  static async open(shape: Shape, settings: Partial<AugmentationSettings>): Promise<Augmenter> {
    const b = new GraphBuilder();
    const images = b.op('Placeholder', [], { dtype: 'uint8', dims: withBatch(shape) });
    const step = b.op('Placeholder', [], { dtype: 'int32', dims: [] });
    const seed = b.op('Placeholder', [], { dtype: 'int32', dims: [] });
    const augmentation = new Augmentation(b, { ...off, ...settings }, { step, seed });
    const shares = b.op('Mul', [augmentation.move(images), b.float(1 / 255)], {});
    const result = b.op('Mul', [augmentation.light(shares), b.float(255)], {});
    const session: GraphSession = await load(runtime, b);
    const size = shape[0] * shape[1] * shape[2];
    return new Augmenter(shape, async (bytes, stepValue, seedValue) => {
      const feeds = [
        [images, uint8(bytes, [bytes.length / size, ...shape])],
        [step, int32Scalar(stepValue)],
        [seed, int32Scalar(seedValue)],
      ] as const;
      const [values] = await session.run(feeds, [result]);
      if (!(values instanceof Float32Array)) throw new Error('expected float32');
      return values;
    });
  }
}

function randomImages(count: number, [height, width, channels]: Shape, seed = 1): Uint8Array {
  const next = numbers(seed);
  // Never 0, so that what is padded can be told from what was there.
  return Uint8Array.from({ length: count * height * width * channels }, () => 1 + Math.floor(255 * next()));
}

interface Cut {
  readonly flipsX: boolean;
  readonly flipsY: boolean;
  readonly dx: number;
  readonly dy: number;
}

/** A cut written out pixel by pixel, as the settings describe it: mirrored, padded with black, cut at (dx, dy). */
function cutOf(image: Uint8Array, [height, width, channels]: Shape, cut: Cut): Uint8Array {
  const result = new Uint8Array(image.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromY = (cut.flipsY ? height - 1 - y : y) + cut.dy;
      const fromX = (cut.flipsX ? width - 1 - x : x) + cut.dx;
      if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
      for (let c = 0; c < channels; c++) {
        result[(y * width + x) * channels + c] = image[(fromY * width + fromX) * channels + c] ?? 0;
      }
    }
  }
  return result;
}

function allCuts(pad: number, flips: { readonly x: boolean; readonly y: boolean }): Cut[] {
  const offsets = Array.from({ length: 2 * pad + 1 }, (_, i) => i - pad);
  const choices = (isOn: boolean) => (isOn ? [false, true] : [false]);
  return choices(flips.x).flatMap((flipsX) =>
    choices(flips.y).flatMap((flipsY) =>
      offsets.flatMap((dx) => offsets.map((dy) => ({ flipsX, flipsY, dx, dy }))),
    ),
  );
}

/** The cut that each result is, found by trying them all; every pixel must agree. */
function recoverCuts(before: Uint8Array, after: Float32Array, shape: Shape, cuts: readonly Cut[]): Cut[] {
  const size = shape[0] * shape[1] * shape[2];
  return Array.from({ length: before.length / size }, (_, i) => {
    const image = before.subarray(i * size, (i + 1) * size);
    const result = Array.from(after.subarray(i * size, (i + 1) * size), Math.round);
    const found = cuts.filter((cut) => cutOf(image, shape, cut).every((value, j) => value === result[j]));
    if (found.length !== 1 || !found[0]) throw new Error(`image ${i} is ${found.length} of the cuts`);
    return found[0];
  });
}

/** Pearson's statistic of counts that should be equal; far above its degrees of freedom means that they are not. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('flip and crop', () => {
  const shape: Shape = [9, 7, 2];
  const cuts = allCuts(2, { x: true, y: true });

  it('are one of the cuts of the image itself, all equally often', async () => {
    const augmenter = await Augmenter.open(shape, { randomFlip: 'both', randomCrop: 2 });
    const images = randomImages(500, shape);
    const counts = new Map(cuts.map((cut) => [JSON.stringify(cut), 0]));
    for (let step = 0; step < 8; step++) {
      const found = recoverCuts(images, await augmenter.run(images, step, 5), shape, cuts);
      for (const cut of found) counts.set(JSON.stringify(cut), (counts.get(JSON.stringify(cut)) ?? 0) + 1);
    }
    // 99 degrees of freedom: 148 is passed once in a thousand.
    expect(chiSquare([...counts.values()])).toBeLessThan(148);
  });

  it('draw for step, seed and site: the same again for the same, others for others', async () => {
    const images = randomImages(64, shape);
    const both = await Augmenter.open(shape, { randomFlip: 'both', randomCrop: 2 });
    const flips = await Augmenter.open(shape, { randomFlip: 'both' });
    const first = await both.run(images, 3, 5);
    expect(await both.run(images, 3, 5)).toEqual(first);
    expect(await both.run(images, 4, 5)).not.toEqual(first);
    expect(await both.run(images, 3, 6)).not.toEqual(first);
    const withCrop = recoverCuts(images, first, shape, cuts);
    const alone = recoverCuts(images, await flips.run(images, 3, 5), shape, cuts);
    const flipsOf = ({ flipsX, flipsY }: Cut) => [flipsX, flipsY];
    expect(alone.map(flipsOf)).toEqual(withCrop.map(flipsOf));
    expect(alone.every(({ dx, dy }) => dx === 0 && dy === 0)).toBe(true);
  });

  it('keep to the directions that were asked for', async () => {
    const images = randomImages(64, shape);
    for (const randomFlip of ['horizontal', 'vertical'] as const) {
      const augmenter = await Augmenter.open(shape, { randomFlip });
      const found = recoverCuts(images, await augmenter.run(images, 0, 1), shape, cuts);
      const mirrored = found.filter(({ flipsX, flipsY }) => flipsX || flipsY);
      expect(mirrored.length).toBeGreaterThan(16);
      expect(mirrored.length).toBeLessThan(48);
      expect(mirrored.every(({ flipsX }) => flipsX === (randomFlip === 'horizontal'))).toBe(true);
    }
  });

  it('copy exact pixels at any size, padding and batch', async () => {
    const cases = fc.record({
      height: fc.integer({ min: 8, max: 70 }),
      width: fc.integer({ min: 8, max: 70 }),
      channels: fc.constantFrom(1, 3),
      pad: fc.integer({ min: 0, max: 3 }),
      count: fc.integer({ min: 1, max: 5 }),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ height, width, channels, pad, count, seed }) => {
        const any: Shape = [height, width, channels];
        const augmenter = await Augmenter.open(any, { randomFlip: 'horizontal', randomCrop: pad });
        const images = randomImages(count, any, seed);
        const after = await augmenter.run(images, seed % 1000, seed);
        expect(recoverCuts(images, after, any, allCuts(pad, { x: true, y: false }))).toHaveLength(count);
      }),
      { numRuns: 40 },
    );
  });

  it('copy exact pixels of large images', async () => {
    const large: Shape = [512, 1024, 1];
    const augmenter = await Augmenter.open(large, { randomFlip: 'both', randomCrop: 1 });
    const images = randomImages(2, large);
    const after = await augmenter.run(images, 0, 1);
    expect(recoverCuts(images, after, large, allCuts(1, { x: true, y: true }))).toHaveLength(2);
  });

  it('leave images of one pixel, and crops wider than the image, without an error', async () => {
    const dot = await Augmenter.open([1, 1, 1], { randomFlip: 'both', randomCrop: 0 });
    expect(await dot.run(Uint8Array.of(7, 200), 0, 1)).toEqual(Float32Array.of(7, 200));
    const wide = await Augmenter.open([4, 4, 1], { randomCrop: 40 });
    const after = await wide.run(randomImages(50, [4, 4, 1]), 0, 1);
    expect(after.filter((value) => value === 0).length).toBeGreaterThan(400);
  });
});

/** The affine map `(x, y) -> (inX, inY)` of each image, read from pictures whose channels are their coordinates. */
interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  /** Where the centre is taken from. */
  readonly centre: readonly [number, number];
}

describe('rotation and zoom', () => {
  const side = 33;
  const scale = 7;
  const shape: Shape = [side, side, 2];
  const middle = (side - 1) / 2;
  const coordinates = Uint8Array.from({ length: side * side * 2 }, (_, i) => {
    const pixel = Math.floor(i / 2);
    return scale * (i % 2 === 0 ? pixel % side : Math.floor(pixel / side));
  });

  async function maps(settings: Partial<AugmentationSettings>, count: number): Promise<AffineMap[]> {
    const augmenter = await Augmenter.open(shape, settings);
    const images = Uint8Array.from(
      { length: count * coordinates.length },
      (_, i) => coordinates[i % coordinates.length] ?? 0,
    );
    const after = await augmenter.run(images, 2, 9);
    const at = (image: number, y: number, x: number, c: number) =>
      (after[image * coordinates.length + (y * side + x) * 2 + c] ?? 0) / scale;
    return Array.from({ length: count }, (_, i) => ({
      xx: (at(i, middle, middle + 4, 0) - at(i, middle, middle - 4, 0)) / 8,
      xy: (at(i, middle + 4, middle, 0) - at(i, middle - 4, middle, 0)) / 8,
      yx: (at(i, middle, middle + 4, 1) - at(i, middle, middle - 4, 1)) / 8,
      yy: (at(i, middle + 4, middle, 1) - at(i, middle - 4, middle, 1)) / 8,
      centre: [at(i, middle, middle, 0), at(i, middle, middle, 1)],
    }));
  }

  it('turn about the centre by angles up to the limit, evenly, without changing the size', async () => {
    const found = await maps({ randomRotation: 30 }, 400);
    const angles = found.map(({ xx, yx }) => (Math.atan2(yx, xx) * 180) / Math.PI);
    for (const { xx, xy, yx, yy, centre } of found) {
      expect(xx * yy - xy * yx).toBeCloseTo(1, 4);
      expect(xx * xy + yx * yy).toBeCloseTo(0, 4);
      expect(centre[0]).toBeCloseTo(middle, 4);
      expect(centre[1]).toBeCloseTo(middle, 4);
    }
    expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(30.001);
    const bins = Array.from(
      { length: 6 },
      (_, bin) => angles.filter((a) => Math.floor((a + 30) / 10) === bin).length,
    );
    // 5 degrees of freedom: 20.5 is passed once in a thousand.
    expect(chiSquare(bins)).toBeLessThan(20.5);
  });

  it('zoom by factors around 1, flip and move along in the same step', async () => {
    const found = await maps({ randomZoom: 0.2, randomFlip: 'horizontal', randomCrop: 3 }, 400);
    const factors = found.map(({ yy }) => 1 / yy);
    expect(Math.min(...factors)).toBeGreaterThan(0.799);
    expect(Math.min(...factors)).toBeLessThan(0.82);
    expect(Math.max(...factors)).toBeGreaterThan(1.18);
    expect(Math.max(...factors)).toBeLessThan(1.201);
    const flipped = found.filter(({ xx }) => xx < 0).length;
    expect(flipped).toBeGreaterThan(150);
    expect(flipped).toBeLessThan(250);
    for (const { xx, yy, xy, yx, centre } of found) {
      expect(Math.abs(xx)).toBeCloseTo(yy, 4);
      expect([xy, yx]).toEqual([expect.closeTo(0, 4), expect.closeTo(0, 4)]);
      for (const place of centre) {
        expect(place).toBeCloseTo(Math.round(place), 3);
        expect(Math.abs(Math.round(place) - middle)).toBeLessThanOrEqual(3);
      }
    }
    expect(new Set(found.map(({ centre }) => Math.round(centre[0]))).size).toBe(7);
  });
});

describe('brightness', () => {
  it('adds up to the given share of the range, and stays in it', async () => {
    const augmenter = await Augmenter.open([2, 1, 1], { randomBrightness: 0.25 });
    const after = await augmenter.run(
      Uint8Array.from({ length: 800 }, (_, i) => (i % 2 === 0 ? 128 : 250)),
      0,
      4,
    );
    const changes = Array.from({ length: 400 }, (_, i) => (after[2 * i] ?? 0) - 128);
    expect(Math.max(...changes.map(Math.abs))).toBeLessThanOrEqual(0.25 * 255 + 1e-3);
    const bins = Array.from(
      { length: 5 },
      (_, bin) => changes.filter((change) => Math.floor((change / 127.5 + 0.5) * 5) === bin).length,
    );
    // 4 degrees of freedom: 18.5 is passed once in a thousand.
    expect(chiSquare(bins)).toBeLessThan(18.5);
    changes.forEach((change, i) => expect(after[2 * i + 1]).toBeCloseTo(Math.min(255, 250 + change), 3));
  });
});

describe('a training step', () => {
  const settings = { randomFlip: 'horizontal', randomCrop: 2, randomRotation: 10, randomBrightness: 0.1 };

  function lenet(training: object) {
    const document = templateOf('lenet')?.create({});
    if (!document) throw new Error('there is no LeNet');
    return expectOk(compileDocument({ ...document, training: { ...document.training, ...training } }));
  }

  it('has nothing of it in the graph when all is off, and nothing outside of training when on', () => {
    const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
    expect(text(lenet({}).savedModel)).not.toContain('augmentation');
    const names = text(lenet(settings).savedModel).match(/[a-z]+\/augmentation\//g) ?? [];
    expect(new Set(names)).toEqual(new Set(['train/augmentation/']));
  });

  it('learns from other images than it is tested on, the same ones for the same seed', async () => {
    const shape: Shape = [28, 28, 1];
    const images = randomImages(32, shape);
    const labels = Int32Array.from({ length: 32 }, (_, i) => i % 10);
    const indices = [...labels.keys()];
    const losses = async (training: object, steps: readonly number[]) => {
      const session = await ProgramSession.open(runtime, lenet(training), images, labels);
      const result: number[] = [];
      for (const step of steps) result.push((await session.step(indices, step, 0))[0]);
      return result;
    };
    const plain = await losses({}, [0, 1]);
    expect(plain[1]).toBe(plain[0]);
    const changed = await losses(settings, [0, 1, 2]);
    expect(new Set([...changed, plain[0]]).size).toBe(4);
    expect(await losses(settings, [0, 1, 2])).toEqual(changed);
    // Without updates (learning rate 0) step 2 is the same whether or not the steps before it were taken.
    expect(await losses(settings, [2])).toEqual(changed.slice(2));
  });
});
