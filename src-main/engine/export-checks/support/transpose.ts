/** Axes back in their places, by the index of each element: slower than writers do it, and another way. */

/** `values` has the axes of `view` in the order `permutation`; the result has them as in `view`. */
export function turnedBack(
  values: Float32Array,
  view: readonly number[],
  permutation: readonly number[],
): Float32Array {
  const sizes = permutation.map((axis) => view[axis] ?? 1);
  return values.map((_, ours) => {
    const index = view.map((_size, axis) => coordinate(ours, view, axis));
    // Horner's rule over the turned axes.
    const place = permutation.reduce((sum, axis, at) => sum * (sizes[at] ?? 1) + (index[axis] ?? 0), 0);
    return values[place] ?? Number.NaN;
  });
}

function coordinate(index: number, sizes: readonly number[], axis: number): number {
  const inner = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
  return Math.floor(index / inner) % (sizes[axis] ?? 1);
}
