/** What flows along a wire of the file, and how it lies there: channels first, where ours are last. */
import type { Shape } from '../../ir/types';
import type { ImportNote } from '../format';

/**
 * How the file holds what the node gives:
 * - `image`: [n, channels, height, width], the usual;
 * - `pixels`: [n, height, width, channels], after a Transpose;
 * - `vector`: [n, features];
 * - `channels`: [n, features], an image flattened channel by channel: only dense layers can make up for that;
 * - `pooled`: [n, features, 1, 1], of a node that gives a vector.
 */
export type Form = 'image' | 'pixels' | 'vector' | 'channels' | 'pooled';

export interface Value {
  /** Of the node that gives it. */
  readonly key: string;
  readonly form: Form;
  /** Of one sample, channels last; of `channels` that of the image. Undefined behind what was refused. */
  readonly shape: Shape | undefined;
}

/** Sizes of the tensor in the file; -1 is the batch. */
export function fileDims({ form, shape }: Value): readonly number[] | undefined {
  if (shape === undefined) return undefined;
  const [first = 1, second = 1, third = 1] = shape;
  if (form === 'image') return [-1, third, first, second];
  if (form === 'pooled') return [-1, first, 1, 1];
  if (form === 'channels') return [-1, first * second * third];
  return [-1, ...shape];
}

/** Thrown inside the tables only; what an operator lacks becomes its note. */
export class Unsupported extends Error {
  constructor(readonly note: ImportNote) {
    super(note.code);
  }
}

/** Thrown where the weights of all nodes together would take more memory than any file that is read. */
export class TooLarge extends Error {}

/** Ends the operator: its node cannot do this. */
export function refuse(setting: string, value: string | number): never {
  throw new Unsupported({ code: 'import/setting-unsupported', args: { setting, value: String(value) } });
}
