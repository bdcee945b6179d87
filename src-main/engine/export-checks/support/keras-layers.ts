/** What was read of Keras's layers against what was to be written. */
import type { KerasNetwork } from '@shared/export/keras/network';
import type { ExportInput } from '@shared/export/model';
import type { NamedTensor } from '@shared/formats/safetensors';
import { sameDims } from '@shared/ir/shape';
import type { CheckReport } from '@shared/ipc/export-messages';
import { largestDifference } from '../checker';

/** A layer of the file with its variables in order. */
export interface ReadLayer {
  readonly name: string;
  readonly tensors: readonly NamedTensor[];
}

/** Infinite where a layer or a tensor is missing, too many, or of other sizes. */
export function compareLayers(
  reader: string,
  { weights }: ExportInput,
  { layers }: KerasNetwork,
  read: readonly ReadLayer[],
): CheckReport {
  let largest = read.length === layers.length ? 0 : Infinity;
  let count = 0;
  for (const [index, { name, weights: list }] of layers.entries()) {
    const found = read[index];
    if (found?.name !== name || found.tensors.length !== list.length) largest = Infinity;
    for (const [position, { weight }] of list.entries()) {
      const [expected, tensor] = [weights.get(weight), found?.tensors[position]];
      const isSame = expected && tensor && sameDims(expected.dims, tensor.dims);
      largest = Math.max(largest, isSame ? largestDifference(tensor.values, expected.values) : Infinity);
      count += 1;
    }
  }
  if (count !== weights.size) largest = Infinity;
  return { reader, compared: 'tensors', count, largestDifference: largest, tolerance: 0 };
}
