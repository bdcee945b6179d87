/** A kernel that is typed in: checked against the layer's sizes, and as a tensor. */
import { formatShape } from '../ir/shape';
import type { Dims } from '../ir/types';
import type { Literal } from '../ops/primitive';
import { type KernelValues, nestedDims } from '../params/list-fields';
import type { InferIssue } from './define';

/** The issue that values do not fit a kernel of `dims` ([kh, kw, in, out]), if they do not. */
export function kernelValuesIssues(values: KernelValues, dims: Dims): readonly InferIssue[] {
  const given = nestedDims(values) ?? [];
  const expected = given.length === 2 ? dims.slice(0, 2) : dims;
  if (given.join() === expected.join()) return [];
  const args = { given: formatShape(given), expected: formatShape(expected) };
  return [{ code: 'shape/kernel-values', args, param: 'kernelValues' }];
}

/** The values as a tensor that broadcasts to a kernel: rows alone are the same for every pair of channels. */
export function kernelLiteral(values: KernelValues): Literal {
  const [height = 0, width = 0, channels = 1, filters = 1] = nestedDims(values) ?? [];
  const flat = values.flatMap((row) =>
    row.flatMap((each) => (typeof each === 'number' ? [each] : each.flat())),
  );
  return { dtype: 'float32', dims: [height, width, channels, filters], values: flat };
}
