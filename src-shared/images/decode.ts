/** PNG and JPEG files as rows of samples, bounded by their headers before memory is taken for pixels. */
import { convertIndexedToRgb, decode as decodePng, type DecodedPng, hasPngSignature } from 'fast-png';
import jpeg from 'jpeg-js';
import { MAX_MEGAPIXELS } from './limits';
import { pixelChunks, pngHeader } from './png-chunks';
import { reasonOf } from '../util/reason';
import { failure, type Result, success } from '../util/result';

/** As the file has it: samples row by row, channels last. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
  /** The value that means white, or opaque. */
  readonly max: number;
  readonly samples: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** The one colour that is transparent. */
  readonly key?: Uint16Array;
}

/** The image in the bytes of a file, or why there is none to be had, as an English phrase after a colon. */
export function decodeImage(bytes: Uint8Array): Result<Image, string> {
  try {
    if (hasPngSignature(bytes)) return success(fromPng(bytes));
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return success(fromJpeg(bytes));
    return failure('it is neither PNG nor JPEG');
  } catch (error) {
    return failure(reasonOf(error));
  }
}

function fromJpeg(bytes: Uint8Array): Image {
  const limits = { maxResolutionInMP: MAX_MEGAPIXELS, maxMemoryUsageInMB: 1024 };
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, ...limits });
  return { width, height, channels: 3, max: 255, samples: data };
}

function fromPng(bytes: Uint8Array): Image {
  // Look at the size before anything is unpacked.
  const { width, height } = pngHeader(bytes);
  if (width * height > MAX_MEGAPIXELS * 1_000_000)
    throw new Error(`${width}×${height} is more than ${MAX_MEGAPIXELS} megapixels`);
  const png = decodePng(pixelChunks(bytes), { checkCrc: true });
  const { depth, channels, data } = png;
  const size = { width, height };
  if (png.palette !== undefined) {
    const samples = convertIndexedToRgb(png);
    return { ...size, channels: png.palette[0]?.length ?? 3, max: 255, samples };
  }
  if (depth < 8) return { ...size, channels: 1, max: 2 ** depth - 1, samples: unpacked(png) };
  const key = png.transparency;
  return { ...size, channels, max: 2 ** depth - 1, samples: data, ...(key ? { key } : {}) };
}

/** Grey of 1, 2 or 4 bits: several samples in a byte, each row from a byte of its own. */
function unpacked({ data, width, height, depth }: DecodedPng): Uint8Array {
  const perByte = 8 / depth;
  const bytesPerRow = Math.ceil(width / perByte);
  return Uint8Array.from({ length: width * height }, (_, index) => {
    const [row, column] = [Math.floor(index / width), index % width];
    const byte = data[row * bytesPerRow + Math.floor(column / perByte)] ?? 0;
    return (byte >> (8 - depth * ((column % perByte) + 1))) & (2 ** depth - 1);
  });
}
