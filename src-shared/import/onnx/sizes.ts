/** Numbers that follow from shapes: what files compute sizes with, worked out once the shapes are known. */
import type { FileNode } from '../../formats/onnx/read';

type Numbers = readonly number[];

/** In place of the batch, whose size is not known; every number that depends on it is not known either. */
export const BATCH_SIZE = -1;

/** More are no sizes; lists that are put together could grow without end. */
const MAX_SIZES = 4096;

export interface SizeContext {
  numbersOf(value: string): Numbers | undefined;
  /** Sizes of a tensor of the network. */
  dimsOf(value: string): Numbers | undefined;
}

type Fold = (node: FileNode, operands: readonly Numbers[], context: SizeContext) => Numbers | undefined;

/** Counted from the end where negative. */
function position(index: number, count: number): number {
  return Math.min(Math.max(index < 0 ? index + count : index, 0), count);
}

const arithmetic =
  (apply: (a: number, b: number) => number): Fold =>
  (_, [a = [], b = []]) => {
    const count = Math.max(a.length, b.length);
    if ((a.length !== count && a.length !== 1) || (b.length !== count && b.length !== 1)) return undefined;
    const values = Array.from({ length: count }, (_each, i) => {
      const [x = 0, y = 0] = [a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]];
      return x === BATCH_SIZE || y === BATCH_SIZE ? NaN : apply(x, y);
    });
    return values.some(Number.isNaN) ? undefined : values;
  };

const same: Fold = (_, [values]) => values;

const folds: Readonly<Record<string, Fold | undefined>> = {
  Gather: (_, [values = [], indices = []]) => {
    const taken = indices.map((index) => values[index < 0 ? index + values.length : index]);
    return taken.every((value) => value !== undefined) ? taken : undefined;
  },
  Slice: ({ attributes }, [values = [], starts, ends, , steps = [1]]) => {
    const [start] = starts ?? attributes.get('starts')?.ints ?? [];
    const [end] = ends ?? attributes.get('ends')?.ints ?? [];
    if (start === undefined || end === undefined || steps[0] !== 1) return undefined;
    return values.slice(position(start, values.length), position(end, values.length));
  },
  Concat: (_, parts) => parts.flat(),
  Unsqueeze: same,
  Squeeze: same,
  Reshape: same,
  Cast: same,
  Identity: same,
  Floor: (_, [values = []]) => values.map(Math.floor),
  Ceil: (_, [values = []]) => values.map(Math.ceil),
  Mul: arithmetic((a, b) => a * b),
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Div: arithmetic((a, b) => (Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b)),
};

/** What the node gives where it computes with sizes alone; undefined where it does not. */
export function foldSizes(node: FileNode, context: SizeContext): Numbers | undefined {
  if (node.op === 'Shape') {
    const dims = context.dimsOf(node.inputs[0] ?? '');
    if (dims === undefined) return undefined;
    const [start, end] = [node.attributes.get('start')?.int ?? 0, node.attributes.get('end')?.int];
    return dims.slice(position(start, dims.length), position(end ?? dims.length, dims.length));
  }
  const fold = Object.hasOwn(folds, node.op) ? folds[node.op] : undefined;
  if (fold === undefined) return undefined;
  const given = node.inputs.filter((input) => input !== '').map((input) => context.numbersOf(input));
  const operands = given.filter((values) => values !== undefined);
  if (operands.length !== given.length || operands.length === 0) return undefined;
  const count = operands.reduce((sum, values) => sum + values.length, 0);
  return count > MAX_SIZES ? undefined : fold(node, operands, context);
}
