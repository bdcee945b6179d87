/** Image files of the command line. */
import { open } from 'node:fs/promises';
import { decodeImage, type Image } from '@shared/images/decode';
import { MAX_IMAGE_BYTES } from '@shared/images/limits';
import { type Problem, problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { systemReason } from './document-file';

/** `data/bad-image` or `file/cannot-read` where there is no image to be had. */
export async function readImage(path: string): Promise<Result<Image, Problem>> {
  try {
    const bytes = await readBytes(path);
    const image = bytes.ok ? decodeImage(bytes.value) : bytes;
    return image.ok ? image : failure(problem('data/bad-image', { file: path, reason: image.error }));
  } catch (error) {
    const reason = systemReason(error) ?? String(error);
    return failure(problem('file/cannot-read', { path, reason }));
  }
}

async function readBytes(path: string): Promise<Result<Uint8Array, string>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > MAX_IMAGE_BYTES) return failure(`it has ${size} bytes, more than ${MAX_IMAGE_BYTES}`);
    return success(new Uint8Array(await file.readFile()));
  } finally {
    await file.close();
  }
}
