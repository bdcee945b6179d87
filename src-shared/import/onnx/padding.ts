/** Padding of windows as the file has it: `same` and `valid` where it is that, else pixels per side. */
import { type Padding, paddingAlong, windowCount } from '../../ir/shape';
import type { Shape } from '../../ir/types';
import type { OperatorReader } from './operator';
import { refuse } from './value';

type Pair = readonly [number, number];

export interface Sides {
  readonly rows: Pair;
  readonly columns: Pair;
}

/** What a file says of a window: undefined shape where the image is not known. */
export interface Window {
  readonly shape: Shape | undefined;
  /** Dilation included. */
  readonly window: Pair;
  readonly strides: Pair;
}

/** Pixels per side, with `auto_pad` worked out. */
export function sidesOf(reader: OperatorReader, { shape, window, strides }: Window): Sides {
  const word = reader.text('auto_pad', 'NOTSET');
  if (word === 'NOTSET') {
    const [top = 0, left = 0, bottom = 0, right = 0] = reader.ints('pads', [0, 0, 0, 0]);
    return { rows: [top, bottom], columns: [left, right] };
  }
  if (word === 'VALID') return { rows: [0, 0], columns: [0, 0] };
  if ((word !== 'SAME_UPPER' && word !== 'SAME_LOWER') || shape === undefined)
    return refuse('auto_pad', word);
  const along = (axis: 0 | 1): Pair => {
    const name = axis === 0 ? 'height' : 'width';
    const [less, more] = paddingAlong(shape[axis] ?? 1, window[axis], strides[axis], 'same', name);
    return word === 'SAME_UPPER' ? [less, more] : [more, less];
  };
  return { rows: along(0), columns: along(1) };
}

/** Rounding up, where the file asks for it, as pixels more behind: only a maximum does not mind them. */
export function withCeiling(sides: Sides, { shape, window, strides }: Window): Sides {
  if (shape === undefined) return refuse('ceil_mode', 1);
  const grown = ([before, after]: Pair, axis: 0 | 1): Pair => {
    const size = shape[axis] ?? 1;
    const rest = (size + before + after - window[axis]) % strides[axis];
    if (rest === 0) return [before, after];
    const count = windowCount(size, window[axis], strides[axis], before + after) + 1;
    // A window that would begin behind the image and its padding is left out.
    const begins = (count - 1) * strides[axis];
    return begins >= size + before ? [before, after] : [before, after + strides[axis] - rest];
  };
  return { rows: grown(sides.rows, 0), columns: grown(sides.columns, 1) };
}

/** Whether `same` pads like that. */
export function isSame({ rows, columns }: Sides, { shape, window, strides }: Window): boolean {
  if (shape === undefined) return false;
  return ([rows, columns] as const).every(([before, after], axis) => {
    const [size = 1, length = 1, stride = 1] = [shape[axis], window[axis], strides[axis]];
    const expected = paddingAlong(size, length, stride, 'same', axis === 0 ? 'height' : 'width');
    return before === expected[0] && after === expected[1];
  });
}

export function isNone({ rows, columns }: Sides): boolean {
  return [...rows, ...columns].every((pixels) => pixels === 0);
}

export function typed({ rows: [top, bottom], columns: [left, right] }: Sides) {
  return { top, bottom, left, right };
}

/** For windows to which all padding is the same. */
export function paddingOf(sides: Sides, window: Window): Padding {
  if (isNone(sides)) return 'valid';
  return isSame(sides, window) ? 'same' : typed(sides);
}
