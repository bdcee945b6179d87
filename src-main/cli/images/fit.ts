/** Images made to fit a network's input: channels, then size. */
import type { Image } from './decode';

/** Weights of red, green and blue in luminance (ITU-R BT.601). */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/** The image with `channels` channels (1 or 3), `height` times `width`, as bytes, row by row, channels last. */
export function fitImage(image: Image, height: number, width: number, channels: 1 | 3): Uint8Array {
  const coloured = withChannels(image, channels);
  return Uint8Array.from(resize(coloured, height, width).values, (value) => Math.round(value));
}

function withChannels(image: Image, channels: 1 | 3): Image {
  if (image.channels === channels) return image;
  const pixels = image.width * image.height;
  const values = new Float32Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    if (channels === 3) values.fill(image.values[i] ?? 0, 3 * i, 3 * i + 3);
    else values[i] = LUMINANCE.reduce((sum, weight, c) => sum + weight * (image.values[3 * i + c] ?? 0), 0);
  }
  return { ...image, channels, values };
}

interface Mix {
  readonly before: number;
  readonly after: number;
  /** Share of `after`. */
  readonly share: number;
}

/** Bilinear with half-pixel centres; outside the image its edge goes on. */
export function resize(image: Image, height: number, width: number): Image {
  if (image.height === height && image.width === width) return image;
  const { channels } = image;
  const [rows, columns] = [mixes(image.height, height), mixes(image.width, width)];
  const values = new Float32Array(height * width * channels);
  rows.forEach((row, y) =>
    columns.forEach((column, x) => {
      for (let c = 0; c < channels; c++) {
        const along = (line: number): number => {
          const at = (index: number): number =>
            image.values[(line * image.width + index) * channels + c] ?? 0;
          return at(column.before) + column.share * (at(column.after) - at(column.before));
        };
        const top = along(row.before);
        values[(y * width + x) * channels + c] = top + row.share * (along(row.after) - top);
      }
    }),
  );
  return { width, height, channels, values };
}

/** For each of `to` places, the two of `from` between which it lies. */
function mixes(from: number, to: number): Mix[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const before = Math.floor(place);
    return { before, after: Math.min(before + 1, from - 1), share: place - before };
  });
}
