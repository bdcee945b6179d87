/** Weights as TensorFlow.js keeps them: one after another in files of a fixed size, and the list of what lies in them. */
import type { Dims } from '../../ir/types';
import type { Json } from '../../util/json';
import type { ExportedFile } from '../target';

/** Of a graph model some are constants of other kinds than weights. */
export interface StoredTensor {
  readonly name: string;
  readonly dims: Dims;
  readonly values: Float32Array | Int32Array;
}

export interface ShardedWeights {
  /** `weightsManifest` of model.json. */
  readonly manifest: Json;
  readonly files: readonly ExportedFile[];
}

/** Files of `shardBytes` each, the last one shorter; none where there are no tensors. */
export function shardsOf(tensors: readonly StoredTensor[], shardBytes: number): ShardedWeights {
  const shards = cut(
    tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    shardBytes,
  );
  const files = shards.map((parts, index) => ({
    path: `group1-shard${index + 1}of${shards.length}.bin`,
    parts,
  }));
  if (files.length === 0) return { manifest: [], files };
  const weights = tensors.map(({ name, dims, values }) => {
    const dtype = values instanceof Float32Array ? 'float32' : 'int32';
    return { name, shape: dims, dtype };
  });
  return { manifest: [{ paths: files.map(({ path }) => path), weights }], files };
}

/** Views into the given bytes, in lists of `size` bytes. */
function cut(pieces: readonly Uint8Array[], size: number): readonly (readonly Uint8Array[])[] {
  const lists: Uint8Array[][] = [];
  let room = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.byteLength;) {
      if (room === 0) {
        lists.push([]);
        room = size;
      }
      const part = piece.subarray(at, at + room);
      lists.at(-1)?.push(part);
      at += part.byteLength;
      room -= part.byteLength;
    }
  }
  return lists;
}
