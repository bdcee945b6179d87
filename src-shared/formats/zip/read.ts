/** Reads zip archives from strangers: sizes and counts are bounded before memory is taken, and paths stay inside. */
import { unzipSync } from 'fflate/browser';
import { reasonOf } from '../../util/reason';
import { failure, type Result, success } from '../../util/result';

export interface ZipLimits {
  readonly archiveBytes: number;
  readonly entries: number;
  /** Of the wanted entries together, unpacked. */
  readonly unpackedBytes: number;
}

class Refused extends Error {}

/** The wanted entries by path, or the reason as text. */
export function readZip(
  bytes: Uint8Array,
  limits: ZipLimits,
  isWanted: (path: string) => boolean,
): Result<ReadonlyMap<string, Uint8Array>, string> {
  if (bytes.byteLength > limits.archiveBytes) return failure('it is too large');
  if (!isZip(bytes)) return failure('it is not a zip archive');
  let [count, unpacked] = [0, 0];
  try {
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (++count > limits.entries) throw new Refused('it has too many entries');
        if (leavesFolder(name)) throw new Refused('it has an entry with a path outside of it');
        if (!isWanted(name)) return false;
        // What an entry says of its size is what the library takes memory for.
        unpacked += originalSize;
        if (unpacked > limits.unpackedBytes) throw new Refused('its contents are too large');
        return true;
      },
    });
    return success(new Map(Object.entries(files)));
  } catch (error) {
    if (error instanceof Refused) return failure(error.message);
    return failure(`it is damaged (${reasonOf(error)})`);
  }
}

/** Whether the bytes begin as an archive with entries does. */
export function isZip(bytes: Uint8Array): boolean {
  return [0x50, 0x4b, 3, 4].every((byte, index) => bytes[index] === byte);
}

/** Absolute paths, drives, and steps upwards. */
function leavesFolder(path: string): boolean {
  return /^[/\\]|^[A-Za-z]:|\0/.test(path) || path.split(/[/\\]/).includes('..');
}
