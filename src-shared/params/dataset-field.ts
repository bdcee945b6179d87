/** The field that names a data set: one of the built-in ones, or the path of an image folder. */
import { isFolderPath } from '../datasets/image-folder';
import { success } from '../util/result';
import type { Choice, Field } from './field';
import { checked, type FieldOptions, refused } from './fields';
import { printable } from './printable';

/** The id of a choice, or a path; whether the folder is there is for whoever reads it to say. */
export function dataset({
  choices,
  ...options
}: FieldOptions<string> & { readonly choices: readonly Choice<string>[] }): Field<string> {
  const known = choices.map(({ value }) => value).join(', ');
  return checked({
    ...options,
    control: { kind: 'dataset', choices },
    parse: (value) =>
      typeof value === 'string' && (choices.some((each) => each.value === value) || isFolderPath(value))
        ? success(value)
        : refused('param/not-choice', { value: printable(value), choices: known }),
  });
}
