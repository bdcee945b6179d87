/** Reads zip archives from strangers: sizes and counts are bounded before memory is taken, and paths stay inside. */
import { unzipSync } from 'fflate/browser';
import { failure, type Result, success } from '../../util/result';

export interface ZipLimits {
  readonly archiveBytes: number;
  readonly entries: number;
  /** Of the wanted entries together, unpacked. */
  readonly unpackedBytes: number;
}

export type ZipRefusal =
  'TOO_LARGE' | 'NOT_ZIP' | 'DAMAGED' | 'TOO_MANY_ENTRIES' | 'PATH_OUTSIDE' | 'CONTENTS_TOO_LARGE';

class Refused extends Error {
  constructor(readonly reason: ZipRefusal) {
    super(reason);
  }
}

/** The wanted entries by path, or the reason. */
export function readZip(
  bytes: Uint8Array,
  limits: ZipLimits,
  isWanted: (path: string) => boolean,
): Result<ReadonlyMap<string, Uint8Array>, ZipRefusal> {
  if (bytes.byteLength > limits.archiveBytes) return failure('TOO_LARGE');
  if (!isZip(bytes)) return failure('NOT_ZIP');
  let [count, unpacked] = [0, 0];
  try {
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (++count > limits.entries) throw new Refused('TOO_MANY_ENTRIES');
        if (leavesFolder(name)) throw new Refused('PATH_OUTSIDE');
        if (!isWanted(name)) return false;
        // What an entry says of its size is what the library takes memory for.
        unpacked += originalSize;
        if (unpacked > limits.unpackedBytes) throw new Refused('CONTENTS_TOO_LARGE');
        return true;
      },
    });
    return success(new Map(Object.entries(files)));
  } catch (error) {
    if (error instanceof Refused) return failure(error.reason);
    return failure('DAMAGED');
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
