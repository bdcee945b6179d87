/** Images made to fit a network's input: laid over white, in its channels, in its size. */
import type { Image } from './decode';

/** Weights of red, green and blue in luminance (ITU-R BT.601). */
export const LUMINANCE = [0.299, 0.587, 0.114] as const;

/** Whether images can be made to fit an input: a height, a width, and grey or colour. */
export function takesImages(input: readonly number[]): boolean {
  return input.length === 3 && (input[2] === 1 || input[2] === 3);
}

/**
 * The image with `channels` channels (1 or 3), `height` times `width`, as bytes, row by row, channels last: bilinear
 * with half-pixel centres; outside the image its edge goes on. Written to `into` from `offset`.
 */
export function fitInto(
  into: Uint8Array,
  offset: number,
  image: Image,
  [height = 0, width = 0, channels = 0]: readonly number[],
): void {
  const pixel = pixelReader(image, channels);
  const [rows, columns] = [mixes(image.height, height), mixes(image.width, width)];
  const corners = Array.from({ length: 4 }, () => new Float32Array(channels));
  const [topLeft = none, topRight = none, bottomLeft = none, bottomRight = none] = corners;
  let at = offset;
  for (const row of rows) {
    for (const column of columns) {
      pixel(row.before * image.width + column.before, topLeft);
      pixel(row.before * image.width + column.after, topRight);
      pixel(row.after * image.width + column.before, bottomLeft);
      pixel(row.after * image.width + column.after, bottomRight);
      for (let c = 0; c < channels; c++) {
        const top = between(topLeft[c], topRight[c], column.share);
        const bottom = between(bottomLeft[c], bottomRight[c], column.share);
        into[at++] = Math.round(between(top, bottom, row.share));
      }
    }
  }
}

const none = new Float32Array();

/** The same as an array of its own. */
export function fitImage(image: Image, input: readonly number[]): Uint8Array {
  const fitted = new Uint8Array(input.reduce((product, size) => product * size, 1));
  fitInto(fitted, 0, image, input);
  return fitted;
}

function between(before = 0, after = 0, share: number): number {
  return before + share * (after - before);
}

/** Puts the values 0 to 255 of one pixel, numbered row by row, into `into`: only pixels that are looked at cost time. */
type PixelReader = (index: number, into: Float32Array) => void;

function pixelReader(image: Image, channels: number): PixelReader {
  const own = image.channels >= 3 ? 3 : 1;
  const read = coloursOver(image, own);
  if (own === channels) return read;
  const colours = new Float32Array(own);
  return (index, into) => {
    read(index, colours);
    if (own === 1) into.fill(colours[0] ?? 0);
    else into[0] = LUMINANCE.reduce((sum, weight, c) => sum + weight * (colours[c] ?? 0), 0);
  };
}

function coloursOver({ samples, channels, max, key }: Image, colours: number): PixelReader {
  const hasAlpha = channels === 2 || channels === 4;
  return (index, into) => {
    const at = index * channels;
    const isKeyed = key !== undefined && !hasAlpha && isColour(samples, at, key);
    const alpha = isKeyed ? 0 : hasAlpha ? (samples[at + colours] ?? 0) / max : 1;
    for (let c = 0; c < colours; c++) {
      into[c] = 255 * (1 - alpha + (alpha * (samples[at + c] ?? 0)) / max);
    }
  };
}

function isColour(samples: Image['samples'], at: number, key: Uint16Array): boolean {
  return key.every((value, c) => samples[at + c] === value);
}

interface Mix {
  readonly before: number;
  readonly after: number;
  /** Share of `after`. */
  readonly share: number;
}

/** For each of `to` places, the two of `from` between which it lies. */
function mixes(from: number, to: number): readonly Mix[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const before = Math.floor(place);
    return { before, after: Math.min(before + 1, from - 1), share: place - before };
  });
}
