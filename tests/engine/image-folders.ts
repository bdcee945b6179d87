/** Folders of small images for tests: each class has a pattern of its own under noise. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { Random } from '@shared/util/random';

/** Bytes of a colour PNG or JPEG: bright stripes whose direction tells the class. */
export function stripes(label: number, seed: number, size = 20, kind: 'png' | 'jpg' = 'png'): Uint8Array {
  const random = new Random(seed, label);
  const pixels = Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    const place = [row, column, row + column][label % 3] ?? 0;
    const light = place % 6 < 3 ? 200 : 40;
    return [light, light, 90].map((value) => Math.min(255, value + random.below(50)));
  });
  if (kind === 'png') {
    return encodePng({ width: size, height: size, channels: 3, data: Uint8Array.from(pixels.flat()) });
  }
  const data = Uint8Array.from(pixels.flatMap((pixel) => [...pixel, 255]));
  return jpeg.encode({ width: size, height: size, data }, 90).data;
}

export function writeFileIn(root: string, path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
}

/** `count` images of each class in `root/within/CLASS`. */
export function writeClasses(root: string, classes: readonly string[], count: number, within = '.'): void {
  classes.forEach((name, label) => {
    for (let index = 0; index < count; index++) {
      const kind = index % 4 === 3 ? 'jpg' : 'png';
      const path = `${within}/${name}/${String(index).padStart(3, '0')}.${kind}`;
      writeFileIn(root, path, stripes(label, index, 20, kind));
    }
  });
}
