/** PNG and JPEG files as bytes of grey or colour, laid over white. */
import { open } from 'node:fs/promises';
import { convertIndexedToRgb, decode as decodePng, type DecodedPng, hasPngSignature } from 'fast-png';
import jpeg from 'jpeg-js';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { systemReason } from '../document-file';

/** Values 0 to 255, row by row, channels last. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Float32Array;
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_MEGAPIXELS = 64;
const MAX_PIXELS = MAX_MEGAPIXELS * 1_000_000;

/** `data/bad-image` or `file/cannot-read` where there is no image to be had. */
export async function readImage(path: string): Promise<Result<Image, Problem>> {
  try {
    const bytes = await readBytes(path);
    if (hasPngSignature(bytes)) return success(fromPng(bytes));
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return success(fromJpeg(bytes));
    throw new Error('it is neither PNG nor JPEG');
  } catch (error) {
    const code = systemReason(error);
    if (code !== undefined) return failure(problem('file/cannot-read', { path, reason: code }));
    const reason = error instanceof Error ? error.message : String(error);
    return failure(problem('data/bad-image', { file: path, reason }));
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, more than ${MAX_FILE_BYTES}`);
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

function fromJpeg(bytes: Uint8Array): Image {
  const limits = { maxResolutionInMP: MAX_MEGAPIXELS, maxMemoryUsageInMB: 1024 };
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, ...limits });
  return overWhite({ width, height, channels: 4, max: 255, sample: (i) => data[i] ?? 0 });
}

function fromPng(bytes: Uint8Array): Image {
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  // The size stands at a fixed place: look at it before anything is unpacked.
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  if (width * height > MAX_PIXELS)
    throw new Error(`${width}×${height} is more than ${MAX_MEGAPIXELS} megapixels`);
  const png = decodePng(bytes, { checkCrc: true });
  const { depth, channels } = png;
  const max = 2 ** depth - 1;
  if (png.palette !== undefined) {
    const data = convertIndexedToRgb(png);
    return overWhite({
      width,
      height,
      channels: png.palette[0]?.length ?? 3,
      max: 255,
      sample: (i) => data[i] ?? 0,
    });
  }
  if (depth < 8) return overWhite({ width, height, channels: 1, max, sample: packedSample(png) });
  const { data } = png;
  const key = png.transparency;
  return overWhite({ width, height, channels, max, sample: (i) => data[i] ?? 0, ...(key ? { key } : {}) });
}

/** Grey of 1, 2 or 4 bits: several samples in a byte, each row from a byte of its own. */
function packedSample({ data, width, depth }: DecodedPng): (index: number) => number {
  const perByte = 8 / depth;
  const bytesPerRow = Math.ceil(width / perByte);
  return (index) => {
    const [row, column] = [Math.floor(index / width), index % width];
    const byte = data[row * bytesPerRow + Math.floor(column / perByte)] ?? 0;
    return (byte >> (8 - depth * ((column % perByte) + 1))) & (2 ** depth - 1);
  };
}

interface RawImage {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
  /** The value that means white, or opaque. */
  readonly max: number;
  readonly sample: (index: number) => number;
  /** The one colour that is transparent. */
  readonly key?: Uint16Array;
}

function overWhite({ width, height, channels, max, sample, key }: RawImage): Image {
  const colours = channels >= 3 ? 3 : 1;
  const values = new Float32Array(width * height * colours);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const hasAlpha = channels === 2 || channels === 4;
    const isKeyed = key !== undefined && !hasAlpha && isColour(sample, at, colours, key);
    const alpha = isKeyed ? 0 : hasAlpha ? sample(at + colours) / max : 1;
    for (let c = 0; c < colours; c++) {
      values[pixel * colours + c] = 255 * (1 - alpha + (alpha * sample(at + c)) / max);
    }
  }
  return { width, height, channels: colours, values };
}

function isColour(sample: (index: number) => number, at: number, colours: number, key: Uint16Array): boolean {
  for (let c = 0; c < colours; c++) if (sample(at + c) !== key[c]) return false;
  return true;
}
