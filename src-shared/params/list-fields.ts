/** Fields of lists whose length is free: a shape to reshape to, a kernel that is typed in, and plain numbers. */
import type { Json } from '../util/json';
import { success } from '../util/result';
import type { Field } from './field';
import { checked, type FieldOptions, refused } from './fields';
import { printable } from './printable';

/** One or three sizes from 1 to `max`; at most one may be -1, for what is left. */
export function shape({
  max,
  ...options
}: FieldOptions<readonly number[]> & { readonly max: number }): Field<readonly number[]> {
  const isSize = (size: Json): size is number =>
    Number.isInteger(size) && (size === -1 || (Number(size) >= 1 && Number(size) <= max));
  return checked({
    ...options,
    control: { kind: 'shape', max },
    parse(value) {
      const sizes: readonly Json[] = Array.isArray(value) ? value : [];
      const hasRank = sizes.length === 1 || sizes.length === 3;
      return hasRank && sizes.every(isSize) && sizes.filter((size) => size === -1).length < 2
        ? success(sizes)
        : refused('param/not-shape', { value: printable(value), max });
    },
  });
}

/** At most `maxCount` numbers from `min` to `max`, both included; possibly none. */
export function numbers({
  min,
  max,
  maxCount,
  ...options
}: FieldOptions<readonly number[]> & {
  readonly min: number;
  readonly max: number;
  readonly maxCount: number;
}): Field<readonly number[]> {
  const isNumbers = (value: unknown): value is readonly number[] =>
    Array.isArray(value) &&
    value.length <= maxCount &&
    value.every((each) => typeof each === 'number' && each >= min && each <= max);
  return checked<readonly number[]>({
    ...options,
    control: { kind: 'numbers', min, max },
    parse: (value) =>
      isNumbers(value) ? success(value) : refused('param/not-numbers', { value: printable(value), min, max }),
  });
}

/** `[height][width]`, or `[height][width][in][out]`. */
export type KernelValues =
  readonly (readonly number[])[] | readonly (readonly (readonly (readonly number[])[])[])[];

/** At most `max` numbers in rows of equal length, nested two or four deep. */
export function kernel({
  max,
  ...options
}: FieldOptions<KernelValues> & { readonly max: number }): Field<KernelValues> {
  const isKernel = (value: unknown): value is KernelValues => {
    const dims = nestedDims(value);
    return (dims?.length === 2 || dims?.length === 4) && dims.reduce((a, b) => a * b, 1) <= max;
  };
  return checked<KernelValues>({
    ...options,
    control: { kind: 'kernel', max },
    parse: (value) =>
      isKernel(value) ? success(value) : refused('param/not-kernel', { value: printable(value), max }),
  });
}

/** Sizes of nested lists of finite numbers, outermost first; undefined where lengths differ or a list is empty. */
export function nestedDims(value: unknown): readonly number[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : undefined;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const [first, ...others] = value.map(nestedDims);
  const isEven = others.every((dims) => dims?.join() === first?.join());
  return first && isEven ? [value.length, ...first] : undefined;
}
