/** The mistake that all merging nodes share: inputs whose shapes do not fit together. */
import { formatShape } from '../ir/shape';
import type { Shape } from '../ir/types';
import type { InferIssue } from './define';

/**
 * Input `index` does not fit the first one. `first` and `second` name ports; the analyser puts the names of the nodes
 * that feed them in their place.
 */
export function mismatch(
  code: 'shape/mismatch' | 'shape/mismatch-but-channels',
  inputs: readonly Shape[],
  index: number,
): InferIssue {
  const port = `in${index}`;
  const args = {
    first: 'in0',
    firstShape: formatShape(inputs[0] ?? []),
    second: port,
    secondShape: formatShape(inputs[index] ?? []),
  };
  return { code, args, port };
}
