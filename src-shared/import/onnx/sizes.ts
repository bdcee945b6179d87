/** Numbers that follow from shapes: what files compute sizes with, worked out once the shapes are known. */
import type { FileNode } from '../../formats/onnx/read';
import { elementsPerSample } from '../../ir/shape';
import type { Dims } from '../../ir/types';

/** A small tensor of whole numbers, or of a few floats such as scales. */
export interface Sizes {
  readonly dims: Dims;
  readonly values: readonly number[];
}

/** In place of the batch, whose size is not known; every number that depends on it is not known either. */
const BATCH_SIZE = -1;

/** More are no sizes; lists that are put together could grow without end. */
const MAX_SIZES = 4096;

export interface SizeContext {
  sizesOf(value: string): Sizes | undefined;
  /** Sizes of a tensor of the network. */
  dimsOf(value: string): readonly number[] | undefined;
}

type Fold = (node: FileNode, operands: readonly Sizes[]) => Sizes | undefined;

export function listOf(values: readonly number[]): Sizes {
  return { dims: [values.length], values };
}

/** Counted from the end where negative. */
function position(index: number, count: number): number {
  return Math.min(Math.max(index < 0 ? index + count : index, 0), count);
}

const arithmetic =
  (apply: (a: number, b: number) => number): Fold =>
  (_, [first, second]) => {
    const [a, b] = [first?.values ?? [], second?.values ?? []];
    const count = Math.max(a.length, b.length);
    if ((a.length !== count && a.length !== 1) || (b.length !== count && b.length !== 1)) return undefined;
    const values = Array.from({ length: count }, (_each, i) => {
      const [x = 0, y = 0] = [a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]];
      return x === BATCH_SIZE || y === BATCH_SIZE ? NaN : apply(x, y);
    });
    return values.some(Number.isNaN) ? undefined : listOf(values);
  };

const each =
  (change: (value: number) => number): Fold =>
  (_, [given]) =>
    given && { dims: given.dims, values: given.values.map(change) };

const flat: Fold = (_, [given]) => given && listOf(given.values);

const reshape: Fold = (_, [given, target]) => {
  if (given === undefined || target === undefined) return undefined;
  const known = target.values.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const dims = target.values.map((size) => (size === -1 ? given.values.length / known : size));
  return elementsPerSample(dims) === given.values.length ? { dims, values: given.values } : undefined;
};

/** Of a table its columns. */
const transpose: Fold = ({ attributes }, [given]) => {
  const [rows = 0, columns = 0, ...others] = given?.dims ?? [];
  const order = attributes.get('perm')?.ints ?? [1, 0];
  if (given === undefined || others.length > 0 || String(order) !== '1,0') return undefined;
  const values = Array.from(
    { length: rows * columns },
    (_, i) => given.values[(i % rows) * columns + Math.floor(i / rows)] ?? 0,
  );
  return { dims: [columns, rows], values };
};

/** Along the first axis, one by one, backwards too: files turn lists of padding around. */
const slice: Fold = ({ attributes }, [given, starts, ends, axes, steps]) => {
  const [count = 0, ...inner] = given?.dims ?? [];
  const [start] = starts?.values ?? attributes.get('starts')?.ints ?? [];
  const [end] = ends?.values ?? attributes.get('ends')?.ints ?? [];
  const [axis = 0] = axes?.values ?? attributes.get('axes')?.ints ?? [];
  const [step = 1] = steps?.values ?? [];
  if (given === undefined || start === undefined || end === undefined || axis !== 0) return undefined;
  if (step !== 1 && step !== -1) return undefined;
  const row = elementsPerSample(inner);
  const [first, last] = [position(start, count), position(end, count)];
  const forwards = Array.from({ length: Math.max(last - first, 0) }, (_, i) => first + i);
  // Backwards the end lies before the beginning, and far below all of them for everything.
  const from = Math.min(first, count - 1);
  const to = end < -count ? -1 : last;
  const backwards = Array.from({ length: Math.max(from - to, 0) }, (_, i) => from - i);
  const rows = step === 1 ? forwards : backwards;
  const values = rows.flatMap((index) => given.values.slice(index * row, (index + 1) * row));
  return { dims: [rows.length, ...inner], values };
};

const gather: Fold = (_, [given, indices]) => {
  const all = given?.values ?? [];
  const taken = (indices?.values ?? []).map((index) => all[index < 0 ? index + all.length : index]);
  return taken.every((value) => value !== undefined) ? listOf(taken) : undefined;
};

/** Zeros unless the file says another number. */
const filled: Fold = ({ attributes }, [shape]) => {
  const dims = shape?.values ?? [];
  const count = elementsPerSample(dims);
  const value = attributes.get('value')?.tensor;
  const isKnown = value === undefined || value.pieces.every((piece) => piece.every((byte) => byte === 0));
  return isKnown && dims.every((size) => size >= 0) && count <= MAX_SIZES
    ? { dims, values: new Array<number>(count).fill(0) }
    : undefined;
};

const folds: Readonly<Record<string, Fold | undefined>> = {
  Gather: gather,
  Slice: slice,
  Concat: (_, parts) => listOf(parts.flatMap(({ values }) => values)),
  ConstantOfShape: filled,
  Unsqueeze: flat,
  Squeeze: flat,
  Reshape: reshape,
  Transpose: transpose,
  Cast: each((value) => value),
  Identity: each((value) => value),
  Floor: each(Math.floor),
  Ceil: each(Math.ceil),
  Mul: arithmetic((a, b) => a * b),
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Div: arithmetic((a, b) => (Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b)),
};

/** What the node gives where it computes with sizes alone; undefined where it does not. */
export function foldSizes(node: FileNode, context: SizeContext): Sizes | undefined {
  if (node.op === 'Shape') {
    const dims = context.dimsOf(node.inputs[0] ?? '');
    if (dims === undefined) return undefined;
    const [start, end] = [node.attributes.get('start')?.int ?? 0, node.attributes.get('end')?.int];
    return listOf(dims.slice(position(start, dims.length), position(end ?? dims.length, dims.length)));
  }
  const fold = Object.hasOwn(folds, node.op) ? folds[node.op] : undefined;
  if (fold === undefined) return undefined;
  const given = node.inputs.filter((input) => input !== '').map((input) => context.sizesOf(input));
  const operands = given.filter((sizes) => sizes !== undefined);
  if (operands.length !== given.length || operands.length === 0) return undefined;
  const count = operands.reduce((sum, { values }) => sum + values.length, 0);
  return count > MAX_SIZES ? undefined : fold(node, operands);
}
